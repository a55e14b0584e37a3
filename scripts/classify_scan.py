#!/usr/bin/env python3
"""Recognise scans from a script: python scripts/classify_scan.py SCAN..."""

from __future__ import annotations

import sys
from pathlib import Path

from recognizer.errors import RecognizerError
from recognizer.pipeline import Bench, examine
from recognizer.sources.kit import open_kit
from recognizer.sources.scans import expand, read_scans


def main(paths: list[str]) -> int:
    bench = Bench.of(open_kit())
    for path in expand([Path(p) for p in paths]):
        for scan in read_scans(path):
            for number, cover in enumerate(examine(scan, bench).record.covers, 1):
                marks = [r.mark.id for r in cover.regions if r.mark and r.mark.id]
                mission = cover.mission.name or "mission not determined"
                print(f"{path} cover {number}: {mission} ({cover.mission.status}); {', '.join(marks)}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except RecognizerError as error:
        sys.exit(f"classify_scan: {error}")
