"""The finder's network: what is where on a cover, and which pixels bear strike ink.

A small fully convolutional net with three heads: a heat map of centres for each kind (Zhou et al.,
"Objects as Points", 2019), the distances from a centre to the four sides for struck and for printed things
apart (a postmark often sits on the very centre of a stamp), and an ink layer at half the input's size.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from recognizer.training.layers import Block, conv, double
from recognizer.training.sketch import KINDS

STRIDE = 4  # of heat maps and distances; the ink layer has half of it
STRUCK = 2  # the first kinds of KINDS are struck, the others printed or stuck on
RARITY = (1.0, 2.4, 1.0, 1.6, 2.0)  # weight of each kind's centres: rare ones would be learnt last
OPEN = -1.0  # in a heat map: may be answered or not, see ``sketch.UNSURE``
WIDTHS = (16, 32, 64, 96, 144)  # channels at strides 2, 4, 8, 16, 32: 1.4 M weights in all


class Outputs(NamedTuple):
    heat: Tensor  # (B, kinds, H/4, W/4) logits
    sides: Tensor  # (B, 8, H/4, W/4) log of (left, top, right, bottom) / 16 px: struck, then printed
    ink: Tensor  # (B, 1, H/2, W/2) logits

    def float(self) -> Outputs:
        """The same in single precision, for the losses."""
        return Outputs(*(out.float() for out in self))


class Finder(nn.Module):  # type: ignore[misc]
    """Takes (B, 3, H, W) RGB 0..1, H and W multiples of 32."""

    def __init__(self, widths: tuple[int, ...] = WIDTHS, neck: int = 32) -> None:
        super().__init__()
        a, b, c, d, e = widths
        self.stem = conv(3, a, 2, 5)
        self.at4 = conv(a, b, 2)
        self.at8 = nn.Sequential(conv(b, c, 2), Block(c))
        self.at16 = nn.Sequential(conv(c, d, 2), Block(d), Block(d))
        self.at32 = nn.Sequential(conv(d, e, 2), Block(e), Block(e, 2))
        self.from32, self.from16 = conv(e, neck, size=1), conv(d, neck, size=1)
        self.from8, self.from4 = conv(c, neck, size=1), conv(b, neck, size=1)
        self.mix16, self.mix8, self.mix4 = conv(neck, neck), conv(neck, neck), conv(neck, neck)
        self.body, self.heat, self.sides = conv(neck, 48), nn.Conv2d(48, len(KINDS), 1), nn.Conv2d(48, 8, 1)
        self.ink_up, self.ink_stem = conv(neck, 16, size=1), conv(a, 16, size=1)
        self.ink_body, self.ink = conv(16, 12), nn.Conv2d(12, 1, 1)
        nn.init.constant_(self.heat.bias, -4.0)

    def forward(self, x: Tensor) -> Outputs:
        at2 = self.stem(x)
        at4 = self.at4(at2)
        at8 = self.at8(at4)
        at16 = self.at16(at8)
        up = self.mix16(self.from16(at16) + double(self.from32(self.at32(at16))))
        up = self.mix8(self.from8(at8) + double(up))
        up = self.mix4(self.from4(at4) + double(up))
        ink = self.ink(self.ink_body(double(self.ink_up(up)) + self.ink_stem(at2)))
        body = self.body(up)
        return Outputs(self.heat(body), self.sides(body), ink)


class Answering(nn.Module):  # type: ignore[misc]
    """The finder as it is run: scores instead of logits."""

    def __init__(self, net: Finder) -> None:
        super().__init__()
        self.net = net

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        out = self.net(image)
        return torch.sigmoid(out.heat), out.sides, torch.sigmoid(out.ink)


class Target(NamedTuple):
    heat: NDArray[np.float32]  # (kinds, H/4, W/4), 1 at centres, OPEN where no answer is wrong
    sides: NDArray[np.float32]  # (8, H/4, W/4)
    weight: NDArray[np.float32]  # (2, H/4, W/4) of the sides
    ink: NDArray[np.float32]  # (1, H/2, W/2)


def encode(rows: NDArray[np.float32], ink: NDArray[np.uint8]) -> Target:
    """Regions (N, 5) of kind, x, y, w, h and ink (H, W) as the maps the network is to give."""
    h, w = ink.shape[0] // STRIDE, ink.shape[1] // STRIDE
    heat = np.zeros((len(KINDS), h, w), np.float32)
    sides, weight = np.zeros((8, h, w), np.float32), np.zeros((2, h, w), np.float32)
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    unsure = np.zeros((h, w), bool)
    for _, x, y, bw, bh in rows[rows[:, 0] < 0].tolist():
        unsure |= (np.abs(xs * STRIDE - x - bw / 2) < bw / 3) & (np.abs(ys * STRIDE - y - bh / 2) < bh / 3)
    rows = rows[rows[:, 0] >= 0]
    # The smallest last: where two overlap, the distances of the smaller win.
    for kind, x, y, bw, bh in sorted(rows.tolist(), key=lambda r: -r[3] * r[4]):
        cx, cy = (x + bw / 2) / STRIDE - 0.5, (y + bh / 2) / STRIDE - 0.5
        spread = (max(bw / STRIDE * 0.07, 0.7), max(bh / STRIDE * 0.07, 0.7))
        bump = np.exp(-((xs - cx) ** 2) / (2 * spread[0] ** 2) - (ys - cy) ** 2 / (2 * spread[1] ** 2))
        bump[min(max(round(cy), 0), h - 1), min(max(round(cx), 0), w - 1)] = 1
        np.maximum(heat[int(kind)], bump, out=heat[int(kind)])
        group = 0 if kind < STRUCK else 1
        own = bump > 0.3
        px, py = (xs[own] + 0.5) * STRIDE, (ys[own] + 0.5) * STRIDE
        edges = np.stack([px - x, py - y, x + bw - px, y + bh - py])
        sides[4 * group : 4 * group + 4, own] = np.log(np.maximum(edges, 2.0) / 16)
        weight[group, own] = bump[own] / bump[own].sum()
    heat[:, unsure] = np.where(heat[:, unsure] > 0.3, heat[:, unsure], OPEN)
    small = ink.reshape(h * 2, 2, w * 2, 2).mean((1, 3), dtype=np.float32) / 255
    return Target(heat, sides, weight, small[None])


def losses(out: Outputs, heat: Tensor, sides: Tensor, weight: Tensor, ink: Tensor) -> dict[str, Tensor]:
    """Focal loss on centres, 1 - IoU and log distance on sides, balanced cross entropy on ink."""
    p = torch.sigmoid(out.heat).clamp(1e-5, 1 - 1e-5)
    at_centre = heat >= 0.999
    weight_at = torch.where(at_centre, torch.tensor(RARITY, device=heat.device)[None, :, None, None], 1.0)
    lost = torch.where(
        at_centre, -((1 - p) ** 2) * torch.log(p), -((1 - heat) ** 4) * p**2 * torch.log(1 - p)
    )
    lost = lost * weight_at * (heat >= 0)
    heat_loss = lost.sum() / at_centre.sum().clamp(min=1)
    count = weight.sum().clamp(min=1)
    side_loss = torch.zeros((), device=heat.device)
    for group in (0, 1):
        got, want, share = (
            out.sides[:, 4 * group : 4 * group + 4],
            sides[:, 4 * group : 4 * group + 4],
            weight[:, group],
        )
        far = (got - want).abs().mean(1)
        side_loss = side_loss + ((far + 1 - _iou(got, want)) * share).sum() / count
    balance = 1 + 3 * ink
    ink_loss = (F.binary_cross_entropy_with_logits(out.ink, ink, reduction="none") * balance).mean() * 4
    return {"heat": heat_loss, "sides": side_loss, "ink": ink_loss}


def _iou(got: Tensor, want: Tensor) -> Tensor:
    """IoU of boxes given by log distances from one point, (B, 4, H, W) each."""
    a, b = torch.exp(got.clamp(-3, 5)), torch.exp(want)
    m = torch.minimum(a, b)
    shared = (m[:, 0] + m[:, 2]) * (m[:, 1] + m[:, 3])
    area = (a[:, 0] + a[:, 2]) * (a[:, 1] + a[:, 3]) + (b[:, 0] + b[:, 2]) * (b[:, 1] + b[:, 3])
    return shared / (area - shared)
