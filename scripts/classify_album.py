#!/usr/bin/env python3
"""Make an album from a script: python scripts/classify_album.py DIR SCANS... (goes on where it stopped)."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from recognizer.album.catalogue import Catalogue
from recognizer.album.files import make_album_folder, only_writer
from recognizer.album.fingerprint import fingerprint
from recognizer.album.page import write_page
from recognizer.album.pool import ProcessPool
from recognizer.album.run import find_inputs, make_album
from recognizer.album.verdicts import Judge
from recognizer.album.work import Recognition
from recognizer.errors import RecognizerError
from recognizer.sources.kit import open_kit
from recognizer.sources.limits import Limits
from recognizer.sources.marks import default_folders

TIME_LIMIT_S = 300.0


def main(folder: str, *scans: str) -> int:
    out = make_album_folder(Path(folder))
    kit = open_kit()
    with only_writer(out):
        catalogue = Catalogue.at(out)
        make_album(
            find_inputs(map(Path, scans), out),
            out,
            catalogue,
            Recognition(tuple(default_folders())),
            ProcessPool(2, TIME_LIMIT_S),
            fingerprint(kit, None, Limits(), TIME_LIMIT_S),
            Judge(kit.library.specs, kit.catalogue),
        )
        print(write_page(catalogue, out))
    records = [entry.record for entry in catalogue.entries() if entry.record]
    missions = Counter(cover.mission.name or "not determined" for r in records for cover in r.covers)
    for mission, pieces in missions.most_common():
        print(f"{pieces:>5}  {mission}")
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    try:
        sys.exit(main(*sys.argv[1:]))
    except RecognizerError as error:
        sys.exit(f"classify_album: {error}")
