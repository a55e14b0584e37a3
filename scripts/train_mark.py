#!/usr/bin/env python3
"""Teach marks from a script.

python scripts/train_mark.py ID STRIKE...   each STRIKE is IMAGE, IMAGE:x,y,w,h or a folder of cut-out strikes
python scripts/train_mark.py FOLDER         every folder in FOLDER is a mark, called as the folder is
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from recognizer.cli.inputs import StrikeSource
from recognizer.cli.options import parse_target
from recognizer.errors import InputError, RecognizerError
from recognizer.sources.kit import open_kit
from recognizer.sources.scans import Limits, expand
from recognizer.sources.shipped import user_library
from recognizer.teach import Description, Lesson, teach


def train(mark_id: str, strikes: Sequence[str]) -> None:
    spec = teach(mark_id, list(_lessons(strikes)), Description(), open_kit().library, user_library())
    print(f"{spec.id}: knows {len(spec.strikes)} strikes and those from {', '.join(strikes)}")


def _lessons(strikes: Sequence[str]) -> Iterator[Lesson]:
    """A lesson a strike; what can't be read is told and left out."""
    source = StrikeSource(Limits(), dpi=None)
    for text in strikes:
        for target in map(str, expand([Path(text)])) if Path(text).is_dir() else [text]:
            try:
                yield Lesson(*source.strike(parse_target(target).path, parse_target(target).box))
            except InputError as error:
                print(f"train_mark: {error}", file=sys.stderr)


def main(first: str, *strikes: str) -> int:
    if strikes:
        train(first, strikes)
        return 0
    for folder in sorted(f for f in Path(first).iterdir() if f.is_dir() and not f.name.startswith(".")):
        train(re.sub(r"[^A-Za-z0-9._-]+", "-", folder.name), [str(folder)])
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 2 or (len(sys.argv) == 2 and not Path(sys.argv[1]).is_dir()):
        sys.exit(__doc__)
    try:
        sys.exit(main(*sys.argv[1:]))
    except RecognizerError as error:
        sys.exit(f"train_mark: {error}")
