"""The network that finds pieces: each cell of the small copy tells the corners of what it lies on.

Corners told by every cell of a thing and put to the vote: see Zhou et al., EAST (CVPR 2017), and Tian et al.,
FCOS (ICCV 2019). One look of all cells at all others makes sheets that reach across the picture whole.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from recognizer.stages.piece_look import SIDE
from recognizer.training.layers import Block, conv, double

OUTPUTS = 10  # there (logit), four corners' x and y from the cell, logarithm of how far they are off
_WIDTHS = (16, 28, 56, 88, 112)  # channels at strides 2, 4, 8, 16, 32


class PieceNet(nn.Module):  # type: ignore[misc]
    """(B, 4, SIDE, SIDE) to (B, OUTPUTS, SIDE / 8, SIDE / 8); see ``stages.piece_look``."""

    def __init__(self) -> None:
        super().__init__()
        a, b, c, d, e = _WIDTHS
        self.at4 = nn.Sequential(conv(4, a, 2, 5), conv(a, b, 2), Block(b))
        self.at8 = nn.Sequential(conv(b, c, 2), Block(c), Block(c))
        self.at16 = nn.Sequential(conv(c, d, 2), Block(d), Block(d))
        self.at32 = nn.Sequential(conv(d, e, 2), Block(e))
        cells = SIDE // 32
        self.where = nn.Parameter(torch.randn(1, cells * cells, e) * 0.02)
        self.norm, self.look = nn.LayerNorm(e), nn.MultiheadAttention(e, 4, batch_first=True)
        self.after = Block(e)
        self.from32, self.from16, self.from8 = conv(e, d, size=1), conv(d, c, size=1), conv(c, c, size=1)
        self.mix16, self.mix8 = Block(d), Block(c)
        self.out = nn.Conv2d(c, OUTPUTS, 1)

    def forward(self, x: Tensor) -> Tensor:
        at8 = self.at8(self.at4(x))
        at16 = self.at16(at8)
        at32 = self.at32(at16)
        tokens = self.norm(at32.flatten(2).transpose(1, 2) + self.where)
        looked = self.look(tokens, tokens, tokens, need_weights=False)[0].transpose(1, 2)
        at32 = self.after(at32 + looked.reshape(at32.shape))
        at16 = self.mix16(at16 + double(self.from32(at32)))
        out: Tensor = self.out(self.mix8(self.from8(at8) + double(self.from16(at16))))
        return out
