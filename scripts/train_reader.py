#!/usr/bin/env python3
"""Train the reader, which reads strips of lettering cut from strikes, and write models/reader."""

from __future__ import annotations

from pathlib import Path

import cv2
import matplotlib

from recognizer.training.command import carry_out, options, recipe
from recognizer.training.reader_fit import ReaderFit, ReaderRecipe, export
from recognizer.training.strips import Faces


def main() -> None:
    ap = options(__doc__, ReaderRecipe(), Path("build/reader"))
    ap.add_argument("--fonts", type=Path, nargs="*", default=[], help="folders of further font files")
    a = ap.parse_args()
    cv2.setNumThreads(1)
    faces = Faces.found([*a.fonts, Path(matplotlib.get_data_path()) / "fonts" / "ttf"])
    carry_out(a, ReaderFit(recipe(ReaderRecipe(), a), a.folder, faces), export, Path("models/reader"))


if __name__ == "__main__":
    main()
