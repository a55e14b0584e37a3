"""Names of outputs fit every file system and are given once."""

from __future__ import annotations

from pathlib import Path

import pytest

from recognizer.files import write_atomically
from recognizer.reports.names import LONGEST_NAME_BYTES, safe_name


def test_names_keep_their_letters_and_are_given_once() -> None:
    taken: set[str] = set()
    given = [
        safe_name(path, page, taken)
        for path, page in [
            ("a/Конверт Байқоңыр.jpg", 0),
            ("b/конверт байқоңыр.png", 0),
            ("album.pdf", 0),
            ("album.pdf", 1),
            ("album.pdf", 2),
            ("album-p2.jpg", 0),
            ("-rf cover.jpg", 0),
        ]
    ]
    assert given == [
        "Конверт Байқоңыр",
        "конверт байқоңыр-2",
        "album",
        "album-p2",
        "album-p3",
        "album-p2-2",
        "-rf cover",
    ]


def test_names_composed_differently_are_one_name() -> None:
    taken: set[str] = set()
    assert safe_name("\u0439.jpg", 0, taken) == "\u0439"  # й as one letter, and as и with its breve
    assert safe_name("\u0438\u0306.jpg", 0, taken) == "\u0438\u0306-2"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("what?.jpg", "what_"),
        ('a:b|c"d.jpg', "a_b_c_d"),
        ("con.jpg", "_con"),
        ("dots...jpg", "dots"),
        ("torn\udcff.jpg", "torn_"),
        ("...", "image"),
    ],
)
def test_names_are_what_every_file_system_takes(path: str, name: str) -> None:
    assert safe_name(path, 0, set()) == name


def test_long_names_are_cut_between_letters_and_can_be_written(tmp_path: Path) -> None:
    name = safe_name("ж" * 120 + ".jpg", 1233, set())
    assert name == "ж" * (LONGEST_NAME_BYTES // 2) + "-p1234"
    write_atomically(tmp_path / f"{name}.annotated.jpg", b"x")
    assert len(list(tmp_path.iterdir())) == 1
