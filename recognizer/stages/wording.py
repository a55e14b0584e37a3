"""Whether two strikes say the same at the same places.

Dies of one style look alike but for their words. Where a strike is laid on a reference, each letter read on
the reference has its place on the strike; what is read there speaks for one die or against it. Neither need
be read whole, and no spelling is needed: three letters at the right places tell one town from another.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box, Homography, Points
from recognizer.stages.alphabet import BLANK, SPACE_CLASS, resemblance
from recognizer.stages.date_look import FOUND, DateLook
from recognizer.stages.date_view import STRIDE, from_crop
from recognizer.stages.lettering import Lettering, read_lettering
from recognizer.stages.network import Network
from recognizer.stages.strikes import lift_strike
from recognizer.types import Ink, LearntStrike, Strike


@dataclass(frozen=True, slots=True)
class WordingParams:
    """What counts as read, and as the same place."""

    sure: float = 0.6  # presence and probability of a reference's letter, to be asked for
    seen: float = 0.3  # presence of the strike's letters that answer
    answered: float = 0.4  # presence that together they must reach: else nothing was read there
    near: float = 0.25  # of the strip's height: places of one letter read twice are closer
    level: float = 0.85  # cosine between headings: strips run both ways round a rim
    other: float = 0.2  # of the strike's surest other letter: with less for the reference's it is another
    trust: float = 3.0  # exponent: a letter half sure counts an eighth
    dated: float = 0.4  # probability that a date stands there, from which a place does not count
    dated_near: float = 0.055  # of the strike's box: places this near a date seen closely do not count


@dataclass(frozen=True, eq=False, slots=True)
class Letters:
    """The letters read on a strike, each once, or every reading of each.

    ``places`` and ``headings`` (N, 2), ``tall`` (N,) heights of their strips, ``shapes`` (N, CLASSES).
    """

    places: Points
    headings: Points
    tall: NDArray[np.float64]
    shapes: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.places)


def letters_seen(seen: Lettering, least: float = WordingParams().seen) -> Letters:
    """Every reading of every place with something on it, in pixels of the crop, weighed by its presence."""
    places, headings, tall, shapes = [np.zeros((0, 2))], [np.zeros((0, 2))], [], []
    for line in seen.lines:
        if not len(line.places):
            continue
        chosen = [i for i, slot in enumerate(line.slots) if slot.present >= least]
        places.append(line.places[chosen])
        headings.append(line.headings[chosen])
        tall += [line.tall] * len(chosen)
        shapes += [line.slots[i].shapes * np.float32(line.slots[i].present) for i in chosen]
    table = np.array(shapes, np.float32).reshape(len(shapes), len(resemblance()))
    table[:, [BLANK, SPACE_CLASS]] = 0
    return Letters(np.vstack(places), np.vstack(headings), np.array(tall, np.float64), table)


def letters_told(seen: Lettering, params: WordingParams | None = None) -> Letters:
    """The letters of a reference that were surely read, each once."""
    p = params or WordingParams()
    every = letters_seen(seen, p.sure)
    surely = (every.shapes @ resemblance().T).max(1, initial=0.0)
    kept: list[int] = []
    for i in np.argsort(-surely, kind="stable").tolist():
        if surely[i] < p.sure:
            break
        off = np.hypot(*(every.places[kept] - every.places[i]).T)
        along = every.headings[kept] @ every.headings[i]
        if not ((off < p.near * every.tall[i]) & (along > p.level)).any():
            kept.append(i)
    return Letters(every.places[kept], every.headings[kept], every.tall[kept], every.shapes[kept])


class Wording:
    """What a reference says: the letters of its picture, read when they are first asked for.

    ``picture`` is a learnt strike or a drawn die (H, W) uint8 ink.
    """

    def __init__(self, picture: LearntStrike | Ink, reader: Network) -> None:
        self._picture, self._reader = picture, reader

    @cached_property
    def letters(self) -> Letters:
        """In the die's own box, 0 to 1 each way."""
        strike = _as_strike(self._picture)
        found = letters_told(read_lettering(strike, self._reader))
        core = strike.core
        size = np.array([core.w, core.h])
        return Letters(
            (found.places - [core.x, core.y]) / size, found.headings / size, found.tall, found.shapes
        )

    @property
    def nbytes(self) -> int:
        """Memory of the letters, 0 until they are read."""
        found = self.__dict__.get("letters")
        return found.shapes.nbytes + found.places.nbytes + found.headings.nbytes if found else 0


def _as_strike(picture: LearntStrike | Ink) -> Strike:
    if isinstance(picture, LearntStrike):
        return lift_strike(picture.pixels, picture.core, None)
    paper = np.repeat((255 - picture)[:, :, None], 3, 2)
    return Strike(paper, picture, extent(picture), Homography.identity(), None, "black")


def extent(die: Ink) -> Box:
    """The box round a drawn die's ink."""
    rows, columns = np.nonzero(die > 127)
    if not len(rows):
        return Box(0, 0, die.shape[1], die.shape[0])
    return Box(columns.min(), rows.min(), np.ptp(columns) + 1.0, np.ptp(rows) + 1.0)


class Agreement(NamedTuple):
    """How many letters are the same on both, how many are others: each counts as far as it is sure."""

    same: float = 0.0
    other: float = 0.0


def agreement(
    told: Letters, asked: Letters, pose: Homography, dated: NDArray[np.bool_] | None = None
) -> Agreement:
    """Whether the letters of a reference and of a strike are the same, place by place.

    ``pose`` maps the places of ``told`` to the strike's crop; a date covers those that are ``dated`` (N,).
    """
    p = WordingParams()
    if not len(told) or not len(asked):
        return Agreement()
    here = pose.apply(told.places)
    ahead = pose.apply(told.places + told.headings) - here
    ahead /= np.maximum(np.hypot(*ahead.T), 1e-9)[:, None]
    off = np.hypot(*(here[:, None] - asked.places[None]).transpose(2, 0, 1))
    same = (off < p.near * asked.tall) & (ahead @ asked.headings.T > p.level)
    if dated is not None:
        same &= ~dated[:, None]
    found = np.where(same[:, :, None], asked.shapes[None], 0).max(1)
    answers = found.sum(1) >= p.answered
    if not answers.any():
        return Agreement()
    like = resemblance()
    may_be = told.shapes[answers] @ like.T
    cut, sure = may_be.argmax(1), np.minimum(may_be.max(1), 1)
    fit = np.minimum(np.einsum("nc,nc->n", like[cut], found[answers]), 1)
    other = np.where(like[cut] < p.sure / 2, found[answers], 0).max(1)
    same_letter = np.where(fit > other, (sure * fit) ** p.trust, 0)
    other_letter = np.where(fit < p.other * other, (sure * other) ** p.trust, 0)
    return Agreement(float(same_letter.sum()), float(other_letter.sum()))


def covered_by_date(places: Points, strike: Strike, look: DateLook | None) -> NDArray[np.bool_]:
    """Which places (N, 2) of a strike's crop the look sees a date on."""
    if look is None or not len(places):
        return np.zeros(len(places), np.bool_)
    p = WordingParams()
    column, row = np.clip(from_crop(strike).apply(places) / STRIDE, 0, look.parts.shape[-1] - 1).astype(int).T
    dated = 1 - look.parts[0][row, column] > p.dated
    if look.place is not None and look.clarity >= FOUND:
        core = strike.core
        on_die = (places - [core.x, core.y]) / [core.w, core.h]
        off = np.hypot(
            *(on_die[:, None] - look.place.points[look.place.weights > p.dated]).transpose(2, 0, 1)
        )
        dated |= off.min(1, initial=np.inf) < p.dated_near
    return np.asarray(dated)
