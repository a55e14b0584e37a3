"""The letter shapes a strike can show, and which characters each shape may be.

A postmark does not say whether its A is Latin or Cyrillic, its O a letter or a nought: the same cut of metal
serves both. The reader therefore tells *shapes* apart, one class for all characters drawn alike, capitals
and small
letters folded together; which character is meant is settled by what stands around it (``settle``).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_DIGITS = "12456789"  # 0 is the shape O, 3 the shape З
_SHARED = "ABCEHKMOPTXЗI"  # one shape in both scripts (and the two digits that have a letter's shape)
_LATIN = "DFGJLNQRSUVWYZ"
_CYRILLIC = "БГДЖИЙЛПУФЦЧШЩЪЫЬЭЮЯ"
_OTHER_CYRILLIC = "ЄҐЎЂЉЊЋЏӘҒҚҢӨҰҮҺ"  # Ukrainian, Belarusian, Serbian, Kazakh
_ACCENTED = "ÀÁÂÃÄÅĄĂÆÇĆČĎĐÈÉÊËĘĚĖÍÎÏŁŃŇÑÓÔÕÖŐØŒŘŚŞŠȚŤÙÚÛÜŰŮÝŹŻŽßĀĒĪŪĢĶĻŅ"
_MARKS = ".-/:'*()&№«»"
SPACE = " "

SHAPES: tuple[str, ...] = (
    *_DIGITS,
    *_SHARED,
    *_LATIN,
    *_CYRILLIC,
    *_OTHER_CYRILLIC,
    *_ACCENTED,
    *_MARKS,
    SPACE,
)
"""One character stands for each shape; class 0 of the reader is CTC's blank, class i + 1 is ``SHAPES[i]``."""

_INDEX = {shape: i + 1 for i, shape in enumerate(SHAPES)}
BLANK = 0
CLASSES = len(SHAPES) + 1
SPACE_CLASS = _INDEX[SPACE]

# characters drawn like a shape that stands for them
_SAME = {
    "0": "O", "3": "З", "О": "O", "А": "A", "В": "B", "С": "C", "Е": "E", "Н": "H", "К": "K",
    "М": "M", "Р": "P", "Т": "T", "Х": "X", "І": "I", "Ё": "Ë", "Ї": "Ï", "Ј": "J", "Ѕ": "S",
    "Ə": "Ә", "|": "I", ",": ".", "·": "*", "•": "*", "★": "*", "+": "*", "–": "-", "—": "-",
    "’": "'", "`": "'", "\"": "'", ";": ":", "İ": "I", "Ș": "Ş", "Ţ": "Ț", "Ð": "Đ", "_": "-",
    "=": "-", "[": "(", "]": ")",
}  # fmt: skip

# what a shape is also taken for when the ink leaves doubt: (written, seen, weight)
_ALIKE: tuple[tuple[str, str, float], ...] = (
    ("1", "I", 0.9), ("I", "1", 0.7), ("1", "L", 0.1), ("7", "1", 0.03), ("7", "T", 0.1), ("O", "Q", 0.5),
    ("O", "D", 0.3), ("D", "O", 0.3), ("O", "Ö", 0.3), ("O", "C", 0.08), ("Q", "O", 0.5), ("5", "S", 0.5),
    ("S", "5", 0.5), ("8", "B", 0.4), ("B", "8", 0.3), ("2", "Z", 0.5), ("Z", "2", 0.4), ("6", "Б", 0.5),
    ("Б", "6", 0.5), ("6", "G", 0.15), ("G", "6", 0.2), ("4", "Ч", 0.3), ("Ч", "4", 0.3), ("9", "Q", 0.1),
    ("У", "Y", 0.7), ("Y", "У", 0.7), ("Л", "П", 0.2), ("П", "Л", 0.2), ("И", "Й", 0.5), ("Й", "И", 0.7),
    ("И", "N", 0.3), ("N", "И", 0.3), ("R", "Я", 0.1), ("Я", "R", 0.2), ("C", "G", 0.3), ("G", "C", 0.4),
    ("Э", "З", 0.2), ("З", "Э", 0.1), ("Ш", "Щ", 0.5), ("Щ", "Ш", 0.7), ("И", "U", 0.15), ("П", "N", 0.2),
    ("Ь", "B", 0.15), ("Ы", "B", 0.05), ("E", "Є", 0.3), ("Є", "E", 0.4), ("Д", "A", 0.15), ("Л", "A", 0.1),
    ("Г", "T", 0.1), ("Ц", "Ш", 0.1), ("Ц", "U", 0.3), ("V", "U", 0.15), ("U", "V", 0.15), ("M", "W", 0.05),
    ("Қ", "K", 0.7), ("Ң", "H", 0.7), ("Ғ", "F", 0.6), ("Ө", "O", 0.6), ("Ү", "Y", 0.7), ("Ұ", "Y", 0.6),
    ("Ә", "A", 0.2), ("Һ", "H", 0.3), ("H", "N", 0.2), ("N", "H", 0.2), ("Ў", "У", 0.7), ("Ў", "Y", 0.5),
    ("L", "I", 0.1), ("Њ", "H", 0.2), ("Љ", "Л", 0.2), ("Ћ", "H", 0.2), ("Ђ", "H", 0.2), ("Ґ", "Г", 0.7),
    (".", "'", 0.5), (".", "*", 0.5), ("*", ".", 0.5), ("-", ".", 0.2), ("/", "I", 0.3), (":", ".", 0.5),
)  # fmt: skip
_ACCENT_LOST = 0.6  # a letter's accent is often not inked: the bare letter then stands for it
_ACCENT_GAINED = 0.4  # and a speck above a letter is taken for an accent


def fold(char: str) -> str:
    """The shape a character is drawn with, or ``""`` for one the reader does not know."""
    if char.isspace():
        return SPACE
    upper = char.upper() if len(char.upper()) == 1 else char
    for form in (char, upper):
        form = _SAME.get(form, form)
        if form in _INDEX:
            return form
    bare = unicodedata.normalize("NFD", upper)[0]
    return bare if bare in _INDEX else _SAME.get(bare, "")


def encode(text: str) -> list[int]:
    """The classes of a text's shapes; unknown characters are left out, runs of space become one."""
    classes: list[int] = []
    for char in text.strip():
        shape = fold(char)
        if shape and not (shape == SPACE and classes and classes[-1] == SPACE_CLASS):
            classes.append(_INDEX[shape])
    return classes


def classify(char: str) -> int | None:
    """The class of one character's shape, None when the reader does not know it."""
    return _INDEX.get(fold(char))


@lru_cache(maxsize=1)
def resemblance() -> NDArray[np.float32]:
    """(CLASSES, CLASSES) float32: row = what was cut, column = what the reader sees; 1 on the diagonal.

    ``resemblance() @ probabilities`` gives for each shape how far the ink speaks for it, look-alikes
    counted in.
    """
    weights = np.eye(CLASSES, dtype=np.float32)
    for written, seen, weight in _ALIKE:
        weights[_INDEX[written], _INDEX[seen]] = weight
    for shape in _ACCENTED + "ЙЎҐ":
        bare = unicodedata.normalize("NFD", shape)[0]
        bare = _SAME.get(bare, bare)
        if bare != shape and bare in _INDEX:
            weights[_INDEX[shape], _INDEX[bare]] = _ACCENT_LOST
            weights[_INDEX[bare], _INDEX[shape]] = _ACCENT_GAINED
    return weights


_TO_CYRILLIC = str.maketrans("ABCEHKMOPTXIËÏJ", "АВСЕНКМОРТХІЁЇЈ")
_ONLY_CYRILLIC = frozenset(_CYRILLIC + _OTHER_CYRILLIC)
_ONLY_LATIN = frozenset(_LATIN + _ACCENTED) - frozenset("ËÏJ")


def settle(shapes: str) -> str:
    """Characters for a read word: shapes common to both scripts follow the word's other letters.

    ``"БAЙKOHУP"`` becomes Cyrillic throughout; between figures O is a nought and З a three.
    """
    return " ".join(_settle_word(word) for word in shapes.split(" "))


def _settle_word(word: str) -> str:
    figures = sum(c in _DIGITS for c in word)
    cyrillic = sum(c in _ONLY_CYRILLIC for c in word)
    latin = sum(c in _ONLY_LATIN for c in word)
    letters = sum(c.isalpha() and c not in "OЗI" for c in word)
    if figures and figures >= letters:
        return word.replace("O", "0").replace("З", "3")
    if letters == 0 and any(c in "OЗ" for c in word) and "I" not in word:
        return word.replace("O", "0").replace("З", "3")
    return word.translate(_TO_CYRILLIC) if cyrillic > latin else word
