"""The pieces that the convolutional networks are put together from."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F


class Block(nn.Module):  # type: ignore[misc]
    """Two 3x3 convolutions with a way past them."""

    def __init__(self, channels: int, dilation: int = 1) -> None:
        super().__init__()
        self.one = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.two = nn.Conv2d(channels, channels, 3, padding=dilation, dilation=dilation, bias=False)
        self.norm1, self.norm2 = nn.BatchNorm2d(channels), nn.BatchNorm2d(channels)
        nn.init.zeros_(self.norm2.weight)

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.norm1(self.one(x)))
        return F.relu(x + self.norm2(self.two(y)))


def conv(a: int, b: int, stride: int | tuple[int, int] = 1, size: int = 3) -> nn.Sequential:
    """A convolution from ``a`` to ``b`` channels, normalised, rectified."""
    return nn.Sequential(nn.Conv2d(a, b, size, stride, size // 2, bias=False), nn.BatchNorm2d(b), nn.ReLU())


def double(x: Tensor) -> Tensor:
    """Maps (B, C, H, W) at twice their size."""
    return F.interpolate(x, scale_factor=2.0, mode="nearest")
