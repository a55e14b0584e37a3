"""Pressed strikes with their dates, as the network that looks at whole strikes is taught them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from recognizer.geometry import Homography
from recognizer.stages.alphabet import classify
from recognizer.stages.date_look import CENTURIES, HEADS, NO_HOUR
from recognizer.stages.date_view import (
    CLOSE,
    CORE,
    PARTS,
    from_crop,
    look_at,
    look_closer,
    rims_of,
    view_of,
    views_around,
    views_of_date,
)
from recognizer.stages.network import Network
from recognizer.stages.strikes import layers_of, lift_strike
from recognizer.stages.view import View
from recognizer.training.dates import WORD, WrittenDate
from recognizer.training.designs import Design, random_cachet, random_design, recut
from recognizer.training.draft import chance
from recognizer.training.impressions import layers_seen, legibility, share_printed
from recognizer.training.press import StrikeSample, press_strike
from recognizer.types import Strike

_SIZES = (96, 128, 160, 192, 224)  # px
_LARGER = (288, 352)  # besides, for what is looked at closely
_ANYWHERE = 0.15  # share of close pictures cut without regard to the date, as when it is searched for
_SHOWN = 0.7  # of the date's letters that a close picture must hold to show it
_SEEN = 0.45  # likeness to what the die bears from which a letter is told to be there: below, nobody can tell
_ILLEGIBLE = 0.2  # share kept, in training, of strikes whose date can't be read for the most part
_ELSEWHERE = 0.4  # the same of close pictures that don't show the date
_TOLD = 0.3  # share of close pictures cut where the date stands indeed, the others where it was seen
_WEARS = ("ordinary", "ordinary", "ordinary", "severe")
_TURN = 14.0  # degrees: how far strikes lean; those turned further are too few to be learnt
_SPECIAL = 0.3  # share of pictorial cancels beyond those of the common stream: covers bear many
_RIM = 0.7  # of these, whose date runs along the rim: the hardest to find
_DATELESS = 0.14  # share of designs without a date: the networks must not find one everywhere
_CACHETS = 0.4  # of these, the others are dies


# The parts of a date that each of HEADS is told from.
_TOLD_BY = {"day": ("day tens", "day unit")}
Letters = NDArray[np.float32]  # (N, 5): x, y, half height in pixels, class, part
_NONE: Letters = np.zeros((0, 5), np.float32)
_NO_LETTERS = np.zeros(len(PARTS), np.intp)


@dataclass(frozen=True, eq=False, slots=True)
class DatedStrike:
    """One strike as the network is taught it."""

    picture: NDArray[np.uint8]  # ``look_at`` or ``look_closer`` times 255
    day: int  # 0-30; -1 where the strike bears no date
    month: int
    year: int
    hour: int  # NO_HOUR where none is shown
    shown: bool  # that the date stands on the picture: a close one may have been cut elsewhere
    visible: float  # the least share of its ink that one of day, month and year printed
    letters: Letters  # of the date
    clear: tuple[bool, ...] = (True,) * len(HEADS)  # of each of HEADS, whether all its letters are seen


@dataclass
class DatedStrikes:
    """Strikes without end. ``faces``: font files that wheels are cut in besides the dies' own.

    ``seer`` is the network that looks at whole strikes; with it they are shown closely, where it sees a date.
    """

    faces: Sequence[str] = ()
    turns: int = 6  # strikes of one design, on average
    wears: Sequence[str] = _WEARS
    seer: Network | None = None
    choosy: bool = False  # whether most of what can't be read is passed over: it teaches little
    _designs: list[Design] = field(default_factory=list)

    def __call__(self, rng: Generator) -> DatedStrike:
        while True:
            strike = self._strike(rng)
            if not self.choosy or chance(rng, _worth(strike)):
                return strike

    def _strike(self, rng: Generator) -> DatedStrike:
        if len(self._designs) < 30 or rng.random() < 1 / self.turns:
            self._designs = [*self._designs[-29:], self._design(rng)]
        design = self._designs[int(rng.integers(len(self._designs)))]
        size = int(rng.choice(_SIZES if self.seer is None else (*_SIZES, *_LARGER)))
        turn = float(np.clip(rng.normal(0, _TURN), -3 * _TURN, 3 * _TURN))
        sample = press_strike(rng, design, size, str(rng.choice(self.wears)), angle_deg=turn)
        return taught(rng, sample, self.seer)

    def _design(self, rng: Generator) -> Design:
        if chance(rng, _DATELESS):
            return random_cachet(rng) if chance(rng, _CACHETS) else _dateless(rng)
        special, rim = chance(rng, _SPECIAL), chance(rng, _RIM)
        while True:
            design = random_design(rng, "pictorial" if special else None)
            if special and rim and not any("r" in e for e in design.spec["element"] if e["kind"] == "date"):
                continue
            if design.formats:
                return recut(rng, design, self.faces) if self.faces and chance(rng, 0.5) else design


def _worth(strike: DatedStrike) -> float:
    """The share of such strikes that a training keeps."""
    if strike.day < 0:
        return 1.0
    if not strike.shown:
        return _ELSEWHERE
    told = dict(zip(HEADS, strike.clear, strict=True))
    return 1.0 if told["day"] + told["month"] + told["unit"] >= 2 else _ILLEGIBLE


def _dateless(rng: Generator) -> Design:
    """A die without a date, a hand stamp mostly."""
    while (design := random_design(rng)).formats:
        pass
    return design


def taught(rng: Generator, sample: StrikeSample, seer: Network | None = None) -> DatedStrike:
    """What a network is shown of a pressed strike, its box a little off, and what it should say."""
    strike = lift_strike(sample.pixels, sample.found_box(rng, 0.02), None)
    layers = layers_of(strike)
    picture = look_at(strike, layers)
    date = sample.date if sample.date and sample.date.iso else None
    letters, visible, borne = _letters(sample, strike, date) if date else (_NONE, 0.0, _NO_LETTERS)
    shown = date is not None
    if seer is not None:
        view = _view(rng, strike, picture, letters, seer)
        (picture,) = look_closer(strike, [view], layers)
        everywhere, letters = len(letters), _seen_through(view, letters)
        shown = shown and len(letters) > _SHOWN * everywhere
    pixels = (picture * 255).astype(np.uint8)
    if date is None or date.iso is None:
        return DatedStrike(pixels, -1, -1, -1, NO_HOUR, False, 0.0, letters)
    year, month, day = (int(part) for part in date.iso.split("-"))
    hour = NO_HOUR if date.hour is None else date.hour
    clear = _clear(letters, borne)
    return DatedStrike(pixels, day - 1, month - 1, year, hour, shown, visible, letters, clear)


def _clear(letters: Letters, borne: NDArray[np.intp]) -> tuple[bool, ...]:
    """Of each of HEADS, whether all the letters that it is told from are among those seen."""
    seen = np.bincount(letters[:, 4].astype(np.intp), minlength=len(PARTS)) >= borne
    return tuple(all(bool(seen[PARTS.index(part)]) for part in _TOLD_BY.get(head, (head,))) for head in HEADS)


def can_be_read(sample: StrikeSample, strike: Strike) -> bool:
    """Whether each letter of a pressed strike's day, month and year can be told on what was lifted of it."""
    if sample.date is None or sample.date.iso is None:
        return False
    letters, _, borne = _letters(sample, strike, sample.date)
    return all(clear for head, clear in zip(HEADS, _clear(letters, borne), strict=True) if head != "hour")


def _view(
    rng: Generator, strike: Strike, picture: NDArray[np.float32], letters: Letters, seer: Network
) -> View:
    """Where to look closely: where the date is seen, or stands, now and then anywhere, and a little off."""
    of_date = letters[(letters[:, 4] >= 1) & (letters[:, 4] <= 6)]
    if chance(rng, _ANYWHERE):
        several = views_around(strike.core)
    elif len(of_date) and chance(rng, _TOLD):
        places, parts, even = (
            of_date[:, :2].astype(float),
            of_date[:, 4].astype(np.intp),
            np.ones(len(of_date)),
        )
        rims = rims_of(places, even, strike.core)
        several = [view_of(places, parts, even), *(view_of(places, parts, even, rim) for rim in rims)]
    else:
        several = views_of_date(np.asarray(seer(picture[None])[-1][0], np.float64), strike.core)
    view = several[int(rng.integers(len(several)))]
    middle = np.array(CLOSE[::-1]) / 2
    x, y = middle * rng.normal(0, 0.06, 2)
    nudge = Homography.similarity(float(rng.normal(1, 0.07)), float(rng.normal(0, 3)), x, y)
    there, back = Homography.shift(*-middle), Homography.shift(*middle)
    return view.then(there).then(nudge).then(back)


def _seen_through(view: View, letters: Letters) -> Letters:
    """The letters that lie on the close picture, in its pixels; none where they stand on their heads."""
    if not len(letters) or not _upright(view, letters):
        return _NONE
    moved = letters.copy()
    moved[:, :2] = view.apply(letters[:, :2].astype(float))
    moved[:, 2] *= view.scale
    inside = (moved[:, :2] >= 0).all(1) & (moved[:, :2] < CLOSE[::-1]).all(1)
    return moved[inside]


def _upright(view: View, letters: Letters) -> bool:
    """Whether a date runs from left to right in a view: by pairs of its letters that follow each other."""
    if view.rim is None:
        return True
    steps = np.diff(view.apply(letters[:, :2].astype(float)), axis=0)
    near = np.hypot(*np.diff(letters[:, :2], axis=0).T) < 4 * letters[1:, 2]
    return bool(np.median(steps[near, 0]) > 0) if near.any() else False


def _letters(
    sample: StrikeSample, strike: Strike, date: WrittenDate
) -> tuple[Letters, float, NDArray[np.intp]]:
    """The letters of the date that are seen, on the picture; the least printed share of day, month and year;
    how many letters each part of the date has.
    """
    spelled = parts_of(date)
    ideal, lifted, layers = sample.ideal(), sample.ideal(strike), layers_seen(strike)
    to_crop, to_picture = strike.frame.inverse(), from_crop(strike)
    rows: list[tuple[float, ...]] = []
    printed: dict[str, list[float]] = {"day unit": [], "month": [], "unit": []}
    borne = _NO_LETTERS.copy()
    besides = {"day tens": "day unit", "century": "unit", "tens": "unit"}
    for legend in sample.legends():
        parts = spelled.get(legend.text.replace(" ", "")) if legend.role == "date" else None
        if parts is None or len(parts) != len(legend.letters):
            continue
        for char, part, corners in zip(legend.letters, parts, legend.boxes, strict=True):
            share = share_printed(sample.ink, ideal, corners)
            if besides.get(part, part) in printed:
                printed[besides.get(part, part)].append(share)
            found = classify(char)
            borne[PARTS.index(part)] += found is not None
            place = to_crop.apply(corners)
            if found is None or max(legibility(layer, lifted, place) for layer in layers) < _SEEN:
                continue
            x, y = to_picture.apply([place.mean(0)])[0].tolist()
            tall = float(np.ptp(corners, axis=0).max())
            half = tall * CORE / max(strike.core.w, strike.core.h) / 2
            rows.append((x, y, half, found, PARTS.index(part)))
    least = min((min(v, default=0.0) for v in printed.values()), default=0.0)
    return np.array(rows, np.float32).reshape(-1, 5), least, borne


def parts_of(date: WrittenDate) -> dict[str, list[str]]:
    """For each line of a date, spaces left out, which part of the date each of its letters is of."""
    out: dict[str, list[str]] = {}
    lines = [*date.lines, *([date.rim] if date.rim else [])]
    for form, line in zip((f.strip().lstrip("@") for f in date.format.split("/")), lines, strict=False):
        text = line.replace(" ", "")
        parts = _parts(form, text)
        if len(parts) == len(text):
            out[text] = parts
    return out


def _parts(form: str, text: str) -> list[str]:
    """The parts of one line, found by matching its format against its text."""
    pattern, words = "", list[str]()
    at = 0
    for found in WORD.finditer(form):
        pattern += re.escape(form[at : found.start()].replace(" ", ""))
        at = found.end()
        word = found[0]
        if word[0] == "'":
            pattern += re.escape(word.strip("'").replace(" ", ""))
            continue
        words.append(word)
        pattern += {
            "YYYY": r"(\d{4})",
            "YY": r"(\d\d)",
            "DD": r"(\d\d)",
            "MM": r"(\d\d)",
            "HH": r"(\d\d)",
            "D": r"(\d\d?)",
            "M": r"(\d\d?)",
            "H": r"(\d\d?)",
            "h": r"(\d\d?)",
            "AM": "([AP]M)",
            "mm": "((?:30)?)",
            "ss": "((?:³⁰)?)",
            "ROMAN": "([IVX]+)",
            "MON": r"([^\W\d]+)",
        }[word]
    pattern += re.escape(form[at:].replace(" ", ""))
    match = re.fullmatch(pattern, text)
    if match is None:
        return []
    parts = ["other"] * len(text)
    for k, word in enumerate(words, 1):
        begin, end = match.span(k)
        parts[begin:end] = _letter_by_letter(word, end - begin)
    return parts


def _letter_by_letter(word: str, count: int) -> list[str]:
    """The parts of one word of a format as printed with that many letters."""
    if word[0] == "Y":
        return [*["century"] * (count - 2), "tens", "unit"]
    if word[0] == "D":
        return ["day tens", "day unit"][-count:]
    return ["month" if word in ("MM", "M", "ROMAN", "MON") else "hour"] * count


def century_of(year: int) -> int:
    """The class of a year's century."""
    return CENTURIES.index(100 * (year // 100))
