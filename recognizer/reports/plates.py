"""The plates of an annotated picture: a tag with the region's id, what it is called, what is known of it."""

from __future__ import annotations

from PIL import Image, ImageDraw

from recognizer.records import RegionRecord
from recognizer.reports.colours import BAR, BAR_TEXT, INK, KIND_COLOURS, PAPER, Colour, Rgb8
from recognizer.reports.fonts import Font, font
from recognizer.reports.words import date_words, percent, region_title

_TITLE_LETTERS = 17  # width of a title in letter heights; longer ones go on in a second line
_PAPER_OPACITY = 238  # of 255: what lies beneath stays to be guessed, the letters stay clear
_SMOOTHING = 4  # Pillow draws corners without smoothing: drawn so many times larger and reduced

_Line = tuple[str, Font]


def region_plate(region: RegionRecord, size: int) -> Image.Image:
    """The plate of a region, RGBA; ``size`` is the height of its letters in pixels.

    A strike's plate has its mark's name (or "unknown ...") and below it probability, date and letter; any
    other region's has one line.
    """
    bold, plain = font(size, bold=True), font(round(size * 0.9))
    if region.mark is None:
        return _card(region, [(f"{region_title(region)}  {percent(region.probability)}", plain)], size)
    titles = _wrapped(region_title(region), bold, size * _TITLE_LETTERS)
    facts = "  ·  ".join(_facts(region))
    return _card(region, [(t, bold) for t in titles] + ([(facts, plain)] if facts else []), size)


def region_tag(region: RegionRecord, size: int) -> Image.Image:
    """The region's id alone, for where a plate finds no room."""
    return _card(region, [], size)


def cover_tag(number: int, size: int) -> Image.Image:
    """What tells one of several covers on a picture from the others."""
    text, face = f"cover {number}", font(size)
    width, height = round(face.getlength(text)) + size, round(size * 1.5)
    tag = _rounded(width, height, size // 3, BAR, BAR, tag=0)
    ImageDraw.Draw(tag).text((width / 2, height / 2), text, fill=BAR_TEXT, font=face, anchor="mm")
    return tag


def _facts(region: RegionRecord) -> list[str]:
    """Probability, date and letter of a strike, as far as there are any; a date not read is ``?``."""
    known = region.mark is not None and region.mark.known
    facts = [percent(region.mark.probability if region.mark and known else region.probability)]
    date = date_words(region.date)
    if date is not None and region.date is not None:
        facts.append(f"{date}, {percent(region.date.probability)}")
    elif region.kind == "postmark":
        facts.append("date ?")
    if region.letter:
        facts.append(f"letter {region.letter}")
    return facts


def _card(region: RegionRecord, lines: list[_Line], size: int) -> Image.Image:
    colour, bold, pad = KIND_COLOURS[region.kind], font(size, bold=True), max(size // 3, 3)
    leading = round(size * 1.3)
    tag = round(bold.getlength(region.id)) + 2 * pad
    text = max(round(face.getlength(words)) for words, face in lines) + 2 * pad if lines else 0
    width, height = tag + text, max(len(lines), 1) * leading + pad
    card = _rounded(width, height, pad, PAPER if lines else colour.line, colour.line, tag)
    _write(card, region.id, lines, colour, (tag, pad, leading))
    return card


def _write(
    card: Image.Image, id_: str, lines: list[_Line], colour: Colour, layout: tuple[int, int, int]
) -> None:
    tag, pad, leading = layout
    pen = ImageDraw.Draw(card)
    bold = font(round((leading + 0.5) / 1.3), bold=True)
    pen.text((tag / 2, card.height / 2), id_, fill=colour.text, font=bold, anchor="mm")
    for row, (words, face) in enumerate(lines):
        middle = pad / 2 + (row + 0.5) * leading
        pen.text((tag + pad, middle), words, fill=INK, font=face, anchor="lm")


def _rounded(width: int, height: int, corner: int, ground: Rgb8, line: Rgb8, tag: int) -> Image.Image:
    """A card with rounded corners, a thin edge and, ``tag`` pixels wide, a coloured left end."""
    s = _SMOOTHING
    card = Image.new("RGBA", (width * s, height * s), (0, 0, 0, 0))
    pen = ImageDraw.Draw(card)
    right, bottom = width * s - 1, height * s - 1
    fill = (*ground, _PAPER_OPACITY if ground == PAPER else 255)
    pen.rounded_rectangle((0, 0, right, bottom), corner * s, fill=fill, outline=line, width=2 * s)
    if tag:
        only = (True, tag >= width, tag >= width, True)  # the corners to round, clockwise from the top left
        pen.rounded_rectangle((0, 0, tag * s - 1, bottom), corner * s, fill=line, corners=only)
    return card.resize((width, height), Image.Resampling.LANCZOS)


def _wrapped(text: str, face: Font, most: float, lines: int = 2) -> list[str]:
    """``text`` in at most ``lines`` lines of ``most`` pixels, cut with an ellipsis where it is longer."""
    rows: list[str] = []
    for word in text.split():
        if rows and face.getlength(f"{rows[-1]} {word}") <= most:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], " ".join(rows[lines - 1 :])]
    return [_cut(row, face, most) for row in rows]


def _cut(text: str, face: Font, most: float) -> str:
    if face.getlength(text) <= most:
        return text
    while text and face.getlength(f"{text}…") > most:
        text = text[:-1]
    return f"{text.rstrip()}…"
