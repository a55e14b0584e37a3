#!/usr/bin/env python3
"""Teach a mark from a script: python scripts/train_mark.py ID STRIKE... (each IMAGE or IMAGE:x,y,w,h)."""

from __future__ import annotations

import sys

from recognizer.cli.inputs import StrikeSource
from recognizer.cli.options import parse_target
from recognizer.errors import RecognizerError
from recognizer.sources.kit import open_kit
from recognizer.sources.scans import Limits
from recognizer.sources.shipped import user_library
from recognizer.teach import Description, Lesson, teach


def main(mark_id: str, *strikes: str) -> int:
    source = StrikeSource(Limits(), dpi=None)
    targets = [parse_target(text) for text in strikes]
    lessons = [Lesson(*source.strike(target.path, target.box)) for target in targets]
    spec = teach(mark_id, lessons, Description(), open_kit().library, user_library())
    print(f"{spec.id}: learnt from {len(lessons)} strikes into {user_library()}")
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    try:
        sys.exit(main(*sys.argv[1:]))
    except RecognizerError as error:
        sys.exit(f"train_mark: {error}")
