"""Colours of the pictures: one a kind of region, told apart by colour-blind eyes too."""

from __future__ import annotations

from dataclasses import dataclass

Rgb8 = tuple[int, int, int]

INK: Rgb8 = (28, 28, 30)
PAPER: Rgb8 = (255, 253, 247)
BAR: Rgb8 = (24, 30, 42)
BAR_TEXT: Rgb8 = (245, 245, 240)
BAR_DIM: Rgb8 = (176, 184, 198)
WARNING: Rgb8 = (255, 196, 77)


@dataclass(frozen=True, slots=True)
class Colour:
    """A line's colour, and the colour of letters on it."""

    line: Rgb8
    text: Rgb8


_WHITE: Rgb8 = (255, 255, 255)

# Okabe and Ito, "Color Universal Design" (2008): distinct with every common colour blindness.
KIND_COLOURS = {
    "postmark": Colour((213, 94, 0), _WHITE),
    "handstamp": Colour((176, 70, 132), _WHITE),  # their reddish purple, darker for white letters
    "stamp": Colour((0, 130, 95), _WHITE),
    "cachet": Colour((0, 114, 178), _WHITE),
    "label": Colour((230, 159, 0), INK),
    "handwriting": Colour((86, 180, 233), INK),
}

STATUS_COLOURS = {
    "certain": Colour((0, 158, 115), _WHITE),
    "probable": Colour((240, 200, 66), INK),
    "undetermined": Colour((120, 128, 142), _WHITE),
}
