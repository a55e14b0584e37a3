"""Draw the dies of the reference library: ``mark.png`` of every mark that says how it looks.

    python scripts/draw_dies.py                 # draws, writes each picture's hash into its mark.toml
    python scripts/draw_dies.py --check         # writes nothing; fails when a picture would change

The same texts give the same pixels, so a picture is only written anew when its drawing has changed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from recognizer.sources.shipped import shipped
from recognizer.training.draw import draw_library

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=shipped("reference_marks"))
    parser.add_argument(
        "--check", action="store_true", help="write nothing, fail when something would change"
    )
    given = parser.parse_args()
    changed = draw_library(given.folder, write=not given.check)
    print(f"{len(changed)} pictures {'would change' if given.check else 'drawn anew'}", *changed)
    sys.exit(1 if given.check and changed else 0)
