"""Dates as dies write them: the printed text of any format, and formats without end for random dies.

A format is words of ``DD MM YY YYYY HH`` (two figures), ``D M H`` (no leading nought), ``ROMAN`` (month as
I-XII), ``MON`` (month name of ``language``), ``h`` (hour 1-12), ``AM`` (AM or PM), ``mm`` (minutes, 30 or
nothing), ``ss`` (the same, small and raised). ``/`` starts a new line, ``/@`` one along the rim; everything
else is printed as it is. Quote letters that are not words: ``DD'th'``.

    write("DD MM YY HH", Moment(2008, 10, 12, 15))          -> "12 10 08 15"
    write("MON DD/h-AM/YYYY", Moment(1945, 7, 20, 23))      -> "JUL 20/11-PM/1945"
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace

import numpy as np

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
MONTHS = {
    "en": "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC",
    "en-long": "JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER",
    "de": "JAN FEB MÄRZ APR MAI JUNI JULI AUG SEPT OKT NOV DEZ",
    "de-long": "JANUAR FEBRUAR MÄRZ APRIL MAI JUNI JULI AUGUST SEPTEMBER OKTOBER NOVEMBER DEZEMBER",
    "pl": "STY LUT MAR KWI MAJ CZE LIP SIE WRZ PAŹ LIS GRU",
    "pl-long": "STYCZNIA LUTEGO MARCA KWIETNIA MAJA CZERWCA LIPCA SIERPNIA WRZEŚNIA PAŹDZIERNIKA "
    "LISTOPADA GRUDNIA",
    "ru": "ЯНВ ФЕВ МАР АПР МАЙ ИЮН ИЮЛ АВГ СЕН ОКТ НОЯ ДЕК",
    "ru-long": "ЯНВАРЯ ФЕВРАЛЯ МАРТА АПРЕЛЯ МАЯ ИЮНЯ ИЮЛЯ АВГУСТА СЕНТЯБРЯ ОКТЯБРЯ НОЯБРЯ ДЕКАБРЯ",
    "fr": "JANV FÉVR MARS AVR MAI JUIN JUIL AOÛT SEPT OCT NOV DÉC",
    "fr-long": "JANVIER FÉVRIER MARS AVRIL MAI JUIN JUILLET AOÛT SEPTEMBRE OCTOBRE NOVEMBRE DÉCEMBRE",
    "nl": "JAN FEB MRT APR MEI JUN JUL AUG SEP OKT NOV DEC",
    "nl-long": "JANUARI FEBRUARI MAART APRIL MEI JUNI JULI AUGUSTUS SEPTEMBER OKTOBER NOVEMBER DECEMBER",
    "hu": "JAN FEBR MÁRC ÁPR MÁJ JÚN JÚL AUG SZEPT OKT NOV DEC",
    "hu-long": "JANUÁR FEBRUÁR MÁRCIUS ÁPRILIS MÁJUS JÚNIUS JÚLIUS AUGUSZTUS SZEPTEMBER OKTÓBER "
    "NOVEMBER DECEMBER",
    "es": "ENE FEB MAR ABR MAY JUN JUL AGO SEP OCT NOV DIC",
    "es-long": "ENERO FEBRERO MARZO ABRIL MAYO JUNIO JULIO AGOSTO SEPTIEMBRE OCTUBRE NOVIEMBRE DICIEMBRE",
    "it": "GEN FEB MAR APR MAG GIU LUG AGO SET OTT NOV DIC",
}
# (format, language, first and last year it was usual, weight). Lines are parted with "/".
FORMATS: tuple[tuple[str, str, int, int, float], ...] = (
    ("MON D/h-AM/YYYY", "en", 1895, 1975, 6),
    ("MON DD/h AM/YYYY", "en", 1895, 1985, 4),
    ("MON D/hmmAM/YYYY", "en", 1930, 1975, 5),
    ("MON D/h mm AM/YYYY", "en", 1930, 1975, 3),
    ("MON/D/YYYY", "en", 1900, 1960, 3),
    ("MON D/YYYY", "en", 1890, 1990, 3),
    ("MON/DD/h AM/YYYY", "en", 1880, 1960, 2),
    ("YYYY/MON D", "en", 1940, 1960, 1),
    ("AM/D MON/YYYY", "en", 1950, 1995, 1),
    ("D MON YYYY", "en", 1950, 2020, 2),
    ("DD MM YY", "", 1930, 2020, 5),
    ("DD MM YY HH", "", 1930, 2015, 5),
    ("DD MM YYYY", "", 1990, 2024, 4),
    ("DD.MM.YYYY", "", 1965, 2024, 4),
    ("D.M.YYYY", "", 1950, 2024, 2),
    ("D.M.YY", "", 1905, 1980, 2),
    ("D.M.YY.-HH", "", 1920, 1990, 3),
    ("DD.MM.YY-HH", "", 1930, 2005, 3),
    ("DD-MM-YY", "", 1960, 2005, 2),
    ("DD ROMAN YY", "", 1880, 1970, 2),
    ("D ROMAN.YY.-H", "", 1900, 1970, 2),
    ("DD.ROMAN.YY HH", "", 1900, 1970, 2),
    ("D.ROMAN.YY.-H", "", 1910, 1975, 2),
    ("YY ROMAN.DD.-HH", "", 1920, 1975, 3),
    ("D.ROMAN.YYYY", "", 1900, 1975, 1),
    ("YY ROMAN.DD HH", "", 1920, 1975, 4),
    ("YYYY ROMAN DD", "", 1920, 1970, 1),
    ("YYYY MM DD", "", 1990, 2024, 2),
    ("YYYY-MM-DD", "", 1990, 2024, 1),
    ("YY.M.D", "", 1900, 1960, 2),
    ("YYYY.M.D.", "", 1985, 2024, 1),
    ("YY.M.D/HH-HH", "", 1950, 2000, 1),
    ("MON.DD.YY.h AM", "es", 1890, 1930, 5),
    ("DD MON YY", "es", 1900, 1980, 4),
    ("D MON YY", "de", 1875, 1960, 3),
    ("DD MON YYYY", "pl", 1950, 2000, 3),
    ("D MON YYYY", "ru", 1925, 2015, 3),
    ("DD MON YY", "ru", 1890, 1940, 2),
    ("D MON YY", "fr", 1880, 1960, 5),
    ("H H/D-M/YYYY", "fr", 1935, 2010, 2),
    ("DD MON YYYY", "nl", 1920, 2000, 3),
    ("YYYY MON DD", "hu", 1900, 1960, 3),
    ("D.M.YY/HH", "it", 1920, 1995, 1),
)
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")  # small raised figures are read as figures
WORD = re.compile(r"'[^']*'|YYYY|YY|DD|MM|HH|ROMAN|MON|AM|mm|ss|D|M|H|h")


@dataclass(frozen=True, slots=True)
class Moment:
    """A date and, where the wheels show one, an hour (0-23) and a half hour."""

    year: int
    month: int
    day: int
    hour: int | None = None
    minute: int = 0

    @classmethod
    def of(cls, value: Moment | datetime.date | str) -> Moment:
        """From a date or ISO text (``2008-10-12`` or ``2008-10-12T15``)."""
        if isinstance(value, Moment):
            return value
        if isinstance(value, str):
            day, _, hour = value.partition("T")
            y, m, d = (int(part) for part in day.split("-"))
            return cls(y, m, d, int(hour[:2]) if hour else None)
        hour_of = value.hour if isinstance(value, datetime.datetime) else None
        return cls(value.year, value.month, value.day, hour_of)

    @property
    def iso(self) -> str:
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date as set in the wheels: the lines printed, and what they mean."""

    lines: tuple[str, ...]
    iso: str | None
    hour: int | None  # only when the text shows it
    format: str = ""
    rim: str | None = None  # the last line where it runs along the die's rim (a year at the foot of a dial)

    @property
    def text(self) -> str:
        """All that is printed, in reading order."""
        whole = " ".join((*self.lines, self.rim) if self.rim else self.lines)
        return whole.translate(RAISED)


def write(form: str, moment: Moment, language: str = "en") -> str:
    """The printed text of a format, lines parted with ``/``."""
    hour = 0 if moment.hour is None else moment.hour
    words = {
        "YYYY": f"{moment.year:04d}",
        "YY": f"{moment.year % 100:02d}",
        "MM": f"{moment.month:02d}",
        "M": str(moment.month),
        "DD": f"{moment.day:02d}",
        "D": str(moment.day),
        "HH": f"{hour:02d}",
        "H": str(hour),
        "h": str(hour % 12 or 12),
        "AM": "AM" if hour < 12 else "PM",
        "mm": "30" if moment.minute else "",
        "ss": "³⁰" if moment.minute else "",
        "ROMAN": ROMAN[moment.month - 1],
        "MON": MONTHS.get(language or "en", MONTHS["en"]).split()[moment.month - 1],
    }
    text = WORD.sub(lambda found: words[found[0]] if found[0] in words else found[0].strip("'"), form)
    return re.sub(" +", " ", text).strip()


def written(form: str, value: Moment | datetime.date | str, language: str = "en") -> WrittenDate:
    """Set a date in a format, with its truth."""
    moment = Moment.of(value)
    shows_hour = any(found in ("HH", "H", "h") for found in WORD.findall(form))
    parts = [line.strip() for line in write(form, moment, language).split("/")]
    rim = next((line[1:] for line in parts if line.startswith("@")), None)
    lines = tuple(line for line in parts if not line.startswith("@"))
    return WrittenDate(lines, moment.iso, moment.hour if shows_hour else None, form, rim)


def random_format(
    rng: np.random.Generator, one_line: bool | None = None, language: str | None = None
) -> tuple[str, str, int, int]:
    """A format, its language, and the years between which dies wrote so."""
    fits = [
        f for f in FORMATS if (one_line is None or ("/" not in f[0]) == one_line) and language in (None, f[1])
    ]
    weights = np.array([f[4] for f in fits])
    form, lang, first, last, _ = fits[int(rng.choice(len(fits), p=weights / weights.sum()))]
    return form, lang, first, last


def random_moment(rng: np.random.Generator, first_year: int = 1890, last_year: int = 2024) -> Moment:
    """Any day and hour between the first of one year and the end of another."""
    start = datetime.date(first_year, 1, 1).toordinal()
    end = datetime.date(last_year, 12, 31).toordinal()
    day = datetime.date.fromordinal(int(rng.integers(start, end + 1)))
    return Moment(day.year, day.month, day.day, int(rng.integers(0, 24)), 30 if rng.random() < 0.4 else 0)


def other_day(rng: np.random.Generator, moment: Moment) -> Moment:
    """The same year or near it, another day: what the same die shows on another piece."""
    shift = int(rng.integers(-500, 500)) or 17
    day = datetime.date(moment.year, moment.month, moment.day) + datetime.timedelta(days=shift)
    return replace(random_moment(rng), year=day.year, month=day.month, day=day.day)
