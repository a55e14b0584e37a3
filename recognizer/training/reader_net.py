"""The reader's network: strips in, for each step along the strip a probability for each shape.

A small fully convolutional recogniser trained with CTC (Graves et al. 2006). It has no recurrent part on
purpose: it sees a letter and its neighbours, not whole words, so what it says of a legend is what the ink
says, and its answers can be weighed against any spelling afterwards.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from recognizer.stages.alphabet import CLASSES


def _conv(
    inputs: int, outputs: int, kernel: tuple[int, int], stride: tuple[int, int], pad: tuple[int, int]
) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, pad, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(True)
    )


class _Along(nn.Module):  # type: ignore[misc]
    """One residual step along the strip: what neighbouring places say."""

    def __init__(self, channels: int, reach: int) -> None:
        super().__init__()
        self.steps = nn.Sequential(
            nn.Conv2d(channels, channels, (1, reach), 1, (0, reach // 2), groups=channels, bias=False),
            nn.BatchNorm2d(channels),
            nn.Conv2d(channels, channels, 1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(True),
        )

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = x + self.steps(x)
        return y


class _Deeper(nn.Module):  # type: ignore[misc]
    """A further look at the same scale, added to what is known; starts as no change at all."""

    def __init__(self, channels: int, kernel: tuple[int, int]) -> None:
        super().__init__()
        pad = (kernel[0] // 2, kernel[1] // 2)
        self.look = _conv(channels, channels, kernel, (1, 1), pad)
        self.share = nn.Parameter(torch.zeros(1, channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = x + self.share * self.look(x)
        return y


class ReaderNet(nn.Module):  # type: ignore[misc]
    """(N, 2, STRIP_HEIGHT, W) ink layer and darkness to (N, W / 2, CLASSES) log probabilities."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = nn.Sequential(
            _conv(2, 16, (3, 3), (1, 1), (1, 1)),
            _conv(16, 40, (3, 3), (2, 2), (1, 1)),
            _conv(40, 72, (3, 3), (2, 1), (1, 1)),
            _conv(72, 112, (3, 3), (2, 1), (1, 1)),
            _Deeper(112, (3, 3)),
        )
        self.along = nn.Sequential(
            _conv(112, 168, (4, 3), (1, 1), (0, 1)),
            _Deeper(168, (1, 3)),
            nn.Dropout2d(0.05),
            _Along(168, 7),
            _Along(168, 7),
            _Deeper(168, (1, 3)),
            _Along(168, 9),
        )
        self.head = nn.Conv2d(168, CLASSES, 1)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.head(self.along(self.rows(x))).squeeze(2).permute(0, 2, 1)
        return y.log_softmax(2)


class Shipped(nn.Module):  # type: ignore[misc]
    """The network as it ships: probabilities instead of their logarithms."""

    def __init__(self, net: ReaderNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.net(x).exp()
        return y
