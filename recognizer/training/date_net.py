"""The network that looks at a whole strike for its date.

Convolutions see figures and letters and where on the strike they stand; a handful of learnt questions, one
for each part of the date, then look where their answer is (cross-attention, Carion et al., "End-to-End Object
Detection with Transformers", 2020) as multi-digit house numbers are read at once (Goodfellow et al., 2014).
While it is trained it also has to say for each place which part of the date and which letter stands there:
that teaches it many times faster than the date alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from recognizer.stages.alphabet import CLASSES
from recognizer.stages.date_look import HEADS
from recognizer.stages.date_view import CLOSE, CLOSE_STRIDES, PARTS, SIDE, STRIDE
from recognizer.training.layers import Block, conv, double


@dataclass(frozen=True, slots=True)
class Layout:
    """What a date network looks at, and how large it is."""

    height: int  # px of its picture
    width: int
    strides: tuple[int, int]  # of its maps, across and down: 4 or 8
    widths: tuple[int, int, int, int]  # channels at strides 2, 4, 8, 16
    fine: int  # channels of the maps
    dim: int  # of tokens and questions

    @property
    def cells(self) -> tuple[int, int]:
        """Rows and columns of its maps."""
        return self.height // self.strides[1], self.width // self.strides[0]


WHOLE = Layout(SIDE, SIDE, (STRIDE, STRIDE), (16, 40, 72, 112), 56, 64)  # the whole strike
CLOSER = Layout(*CLOSE, CLOSE_STRIDES, (16, 48, 80, 128), 80, 96)  # where its date stands, larger
# Which questions each head is told the answers of.
ASKED = {"day": (0, 1), "month": (2, 3), "century": (4,), "tens": (5,), "unit": (6,), "hour": (7,)}
# Which parts of the date each question is guided to; the last one asks whether there is a date at all.
GUIDES = (
    ("day tens",), ("day unit",), ("month",), ("month",), ("century",), ("tens",), ("unit",), ("hour",),
    PARTS[1:],
)  # fmt: skip
EYES = 4  # heads of the attention
_ELSEWHERE = 1e-3  # weight of places of no such part: the map may be wrong


class Seen(NamedTuple):
    present: Tensor  # (B,) logit
    heads: dict[str, Tensor]  # (B, n) logits of each of HEADS
    parts: Tensor  # (B, len(PARTS), rows, columns) logits
    letters: Tensor  # (B, CLASSES, rows, columns) logits

    def float(self) -> Seen:
        """The same in single precision, for the losses."""
        heads = {name: head.float() for name, head in self.heads.items()}
        return Seen(self.present.float(), heads, self.parts.float(), self.letters.float())


class _Ask(nn.Module):  # type: ignore[misc]
    """The questions speak to each other, look at the strike, and think."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.own = nn.MultiheadAttention(dim, heads, batch_first=True)
        self.look = nn.MultiheadAttention(dim, heads, batch_first=True)
        self.think = nn.Sequential(nn.Linear(dim, 2 * dim), nn.ReLU(), nn.Linear(2 * dim, dim))
        self.norms = nn.ModuleList(nn.LayerNorm(dim) for _ in range(3))

    def forward(self, asked: Tensor, keys: Tensor, values: Tensor, guide: Tensor) -> Tensor:
        x = self.norms[0](asked)
        asked = asked + self.own(x, x, x, need_weights=False)[0]
        x = self.norms[1](asked)
        asked = asked + self.look(x, keys, values, attn_mask=guide, need_weights=False)[0]
        out: Tensor = asked + self.think(self.norms[2](asked))
        return out


class DateNet(nn.Module):  # type: ignore[misc]
    """Takes (B, 2, height, width) 0..1, see ``date_look.look_at`` and ``date_look.look_closer``."""

    def __init__(self, layout: Layout = WHOLE) -> None:
        super().__init__()
        self.layout, dim, fine = layout, layout.dim, layout.fine
        a, b, c, d = layout.widths
        self.stem = conv(2, a, 2, 5)
        self.at4 = nn.Sequential(conv(a, b, 2), Block(b))
        self.at8 = nn.Sequential(conv(b, c, 2), Block(c), Block(c))
        self.at16 = nn.Sequential(conv(c, d, 2), Block(d), Block(d))
        self.from16, self.from8 = conv(d, c, size=1), conv(c, c, size=1)
        self.mix8 = conv(c, c)
        self.down8 = conv(c, fine, size=1)
        across, down = layout.strides
        self.larger = 8.0 / down, 8.0 / across
        self.from4 = conv(b, fine, (down // 4, across // 4), size=1 if across == down == 4 else 3)
        self.mix4 = conv(fine, fine)
        self.parts, self.letters = nn.Conv2d(fine, len(PARTS), 1), nn.Conv2d(fine, CLASSES, 1)
        self.token = nn.Conv2d(fine, dim, 1)
        self.where = nn.Parameter(torch.randn(1, dim, *layout.cells) * 0.02)
        self.asked = nn.Parameter(torch.randn(1, len(GUIDES), dim) * 0.1)
        self.rounds = nn.ModuleList(_Ask(dim, EYES) for _ in range(2))
        self.last = nn.LayerNorm(dim)
        self.heads = nn.ModuleDict({name: nn.Linear(dim * len(ASKED[name]), n) for name, n in HEADS.items()})
        self.present = nn.Linear(dim, 1)
        guides = [[float(part in guided) for part in PARTS] for guided in GUIDES]
        self.register_buffer("guides", torch.tensor(guides), persistent=False)

    def forward(self, x: Tensor) -> Seen:
        at4 = self.at4(self.stem(x))
        at8 = self.at8(at4)
        up = self.mix8(self.from8(at8) + double(self.from16(self.at16(at8))))
        seen = self.mix4(self.from4(at4) + F.interpolate(self.down8(up), scale_factor=self.larger))
        values = self.token(seen)
        keys = (values + self.where).flatten(2).transpose(1, 2)
        values = values.flatten(2).transpose(1, 2)
        parts = self.parts(seen)
        guide = (self.guides @ parts.detach().softmax(1).flatten(2) + _ELSEWHERE).log()
        guide = guide.repeat_interleave(EYES, 0)
        asked = self.asked.expand(x.shape[0], -1, -1)
        for ask in self.rounds:
            asked = ask(asked, keys, values, guide)
        told = self.last(asked)
        heads = {name: head(told[:, ASKED[name]].flatten(1)) for name, head in self.heads.items()}
        return Seen(self.present(told[:, -1])[:, 0], heads, parts, self.letters(seen))


class Shipped(nn.Module):  # type: ignore[misc]
    """As it ships: probabilities of the date's values, and where on the strike its parts stand."""

    def __init__(self, net: DateNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        seen = self.net(x)
        values = (seen.heads[name].softmax(1) for name in HEADS)
        return torch.sigmoid(seen.present)[:, None], *values, seen.parts.softmax(1)
