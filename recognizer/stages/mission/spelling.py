"""Words as covers spell them, brought to one spelling: Cyrillic or Latin, accents, ordinals, look-alikes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_LETTERS = dict(zip("абвгдезийклмнопрстуфцыэқңғүұһөәі", "abvgdeziyklmnoprstufcyekngüuhoai", strict=True))
_LETTERS |= {"ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": ""}
_LETTERS |= {"ю": "yu", "я": "ya", "ү": "u"}
_ORDINALS = {
    word: str(number)
    for words in (
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
        "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
        "pervaya vtoraya tretya chetvertaya pyataya shestaya sedmaya vosmaya devyataya desyataya "
        "odinnadtsataya dvenadtsataya trinadtsataya chetyrnadtsataya pyatnadtsataya shestnadtsataya "
        "semnadtsataya vosemnadtsataya devyatnadtsataya dvadtsataya",
    )
    for number, word in enumerate(words.split(), 1)
}
_SUFFIXES = {"st", "nd", "rd", "th", "ya", "aya", "y", "oy", "iy"}  # of 15th, 15-я, 15-й
_ALIKE = {"mkc": "mks", "mck": "mks", "mc": "ms"}  # Cyrillic capitals typed, or misprinted, in Latin letters
_PIECES = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, slots=True)
class Word:
    text: str  # lower case, Latin letters without accents, or figures without leading zeros
    capital: bool


def latin(text: str) -> str:
    """Lower case, Cyrillic transliterated, accents off."""
    letters = "".join(_LETTERS.get(c, c) for c in text.lower().replace("’", "").replace("'", ""))
    return "".join(c for c in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(c))


def words_of(text: str) -> list[Word]:
    """The words and numbers of a text in one spelling: ``"Союз ТМА-01М"`` gives soyuz, tma, 1, m."""
    found: list[Word] = []
    end = -1
    text = unicodedata.normalize("NFC", text).replace("’", "").replace("'", "")
    for piece in _PIECES.finditer(text):
        raw, start = piece.group(), piece.start()
        word = latin(raw)
        if raw.isdigit():
            word = raw.lstrip("0") or "0"
        elif word in _SUFFIXES and found and found[-1].text.isdigit() and _close(text, end, start):
            end = piece.end()
            continue
        word = _ORDINALS.get(word, _ALIKE.get(word, word))
        found.append(Word(word, raw[0].isupper()))
        end = piece.end()
    return found


def _close(text: str, end: int, start: int) -> bool:
    return text[end:start] in ("", "-")


@lru_cache(maxsize=4096)
def plain(text: str) -> tuple[str, ...]:
    """The texts of :func:`words_of` alone."""
    return tuple(word.text for word in words_of(text))


def occurs(needle: tuple[str, ...], words: tuple[str, ...]) -> list[int]:
    """Where ``needle`` stands in ``words``."""
    n = len(needle)
    return [i for i in range(len(words) - n + 1) if words[i : i + n] == needle] if n else []


_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("shch|sch|tsh", "sh"),
        ("kh", "h"),
        ("ts|tz|cz", "c"),
        ("ck", "k"),
        ("ph", "f"),
        ("w", "v"),
        ("x", "ks"),
        ("yo|jo|ye|je|ie|io", "e"),
        ("[yj]", "i"),
        (r"(.)\1+", r"\1"),
    )
]


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    """A surname without what differs between transliterations: Zalyotin, Zaletin and Залётин are one."""
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word


def differ_by_one(a: str, b: str) -> bool:
    """True when one letter put in, left out or changed makes the one into the other."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    if len(a) > len(b):
        a, b = b, a
    i = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    return a[i + (len(a) == len(b)) :] == b[i + 1 :]
