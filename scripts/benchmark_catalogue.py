"""How long every filter takes on 100,000 made-up pieces: first page, one in the middle, last page, count.

python scripts/benchmark_catalogue.py --folder DIR [--catalog postgresql://...] [--pieces 100000]

The catalogue is made once and used again by the next call. The database must be empty.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from recognizer.album import schema
from recognizer.album.catalogue import Catalogue
from recognizer.album.find import OPEN, Filter, count_pieces, find_pieces, last_pieces

BATCH = 2000
KINDS = ("stamp", "cachet", "label", "handstamp")
MISSIONS, MARKS = 75, 60
REPEATS = 3

# One by one, and in pairs: what most pieces have, what few have, what none has.
PARTS: list[dict[str, Any]] = [
    {"mission": "m0"}, {"mission": "m74"}, {"mission": OPEN}, {"mission": "none"},
    {"mark": "k0"}, {"mark": "k59"}, {"mark": OPEN}, {"mark": "none"},
    {"kind": "stamp"}, {"kind": "label"}, {"kind": "handwriting"},
    {"since": "1960-01-01", "until": "2020-01-01"}, {"since": "1999-03-01", "until": "1999-03-02"},
    {"since": "2031-01-01"}, {"to_look_at": True}, {"to_look_at": False},
    {"words": "scan"}, {"words": "folder-7/ 77"}, {"words": "nothing"},
]  # fmt: skip


def fill(catalogue: Catalogue, pieces: int) -> None:
    """Scans of one to four pieces, pieces of three to six regions, frequencies as uneven as in life."""
    rng = np.random.default_rng(1)
    rows: dict[str, list[dict[str, Any]]] = {
        "files": [],
        "contents": [],
        "scans": [],
        "pieces": [],
        "regions": [],
    }
    with catalogue.transaction() as connection:
        run = {"started": "2026-01-01", "recipe": "r", "library": "l", "parameters": {}}
        number = connection.execute(schema.runs.insert().values(run)).inserted_primary_key[0]  # type: ignore[index]
    scan, piece = 0, 0
    while piece < pieces:
        scan += 1
        sha256 = f"{scan:064x}"
        path = f"/scans/folder-{scan % 40}/Scan-{scan}.jpg"
        rows["files"].append({"path": path, "folded": path.casefold(), "sha256": sha256})
        rows["contents"].append({"sha256": sha256, "pages": 1})
        rows["scans"].append(
            {
                "id": scan,
                "sha256": sha256,
                "page": 0,
                "recipe": "r",
                "library": "l",
                "run": number,
                "status": "done",
            }
        )
        for n in range(1, 1 + int(rng.choice(4, p=[0.7, 0.15, 0.05, 0.1])) + 1):
            piece += 1
            rows["pieces"].append(_piece(rng, piece, scan, n))
            rows["regions"] += [_region(rng, sha256, piece, n, r) for r in range(int(rng.integers(3, 7)))]
        if scan % BATCH == 0 or piece >= pieces:
            with catalogue.transaction() as connection:
                for name, some in rows.items():
                    connection.execute(schema.tables.tables[name].insert(), some)
                    some.clear()
            print(f"{piece} pieces", end="\r", flush=True)
    with catalogue.transaction() as connection:
        connection.exec_driver_sql("ANALYZE") if connection.dialect.name == "postgresql" else None


def _few(rng: np.random.Generator, of: int) -> int:
    """0 is the most frequent, every further one rarer."""
    return min(int(rng.exponential(of / 8)), of - 1)


def _piece(rng: np.random.Generator, piece: int, scan: int, number: int) -> dict[str, Any]:
    known, look = rng.random() < 0.4, bool(rng.random() < 0.55)
    mission = f"m{_few(rng, MISSIONS)}" if known else None
    return {
        "id": piece, "scan": scan, "number": number, "outline": [[0, 0], [9, 0], [9, 9], [0, 9]],
        "mission": mission, "mission_name": mission, "status": "certain" if known else "undetermined",
        "probability": 0.9, "look_at": ["1 strike of no known mark"] if look else [], "to_look_at": look,
    }  # fmt: skip


def _region(rng: np.random.Generator, sha256: str, piece: int, cover: int, number: int) -> dict[str, Any]:
    struck = number < 2
    mark = f"k{_few(rng, MARKS)}" if struck and rng.random() < 0.6 else None
    day = np.datetime64("1957-10-04") + int(rng.integers(0, 24_000))
    return {
        "id": f"{sha256[-16:]}-c{cover}r{number}", "piece": piece, "number": f"r{number}",
        "kind": "postmark" if struck else KINDS[min(int(rng.exponential(1)), 3)],
        "x": 1, "y": 1, "w": 9, "h": 9, "outline": [], "angle_deg": 0.0, "probability": 0.9, "struck": struck,
        "mark": mark, "mark_name": mark, "mark_probability": 0.9 if mark else None,
        "date": str(day) if struck and rng.random() < 0.5 else None,
    }  # fmt: skip


def filters() -> Iterator[dict[str, Any]]:
    yield {}
    yield from PARTS
    for one, other in combinations(PARTS, 2):
        if not set(one) & set(other):
            yield one | other


def seconds(work: Callable[[], object]) -> float:
    """The median of a few calls."""
    taken = []
    for _ in range(REPEATS):
        since = perf_counter()
        work()
        taken.append(perf_counter() - since)
    return float(np.median(taken))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--catalog")
    parser.add_argument("--pieces", type=int, default=100_000)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    catalogue = Catalogue.at(args.folder, args.catalog)
    if not catalogue.counts()["pieces"]:
        fill(catalogue, args.pieces)
    print(catalogue.counts())
    middle = args.pieces // 2
    calls: dict[str, Callable[[Filter], object]] = {
        "first page": lambda wanted: find_pieces(catalogue, wanted),
        "middle": lambda wanted: find_pieces(catalogue, wanted, after=middle),
        "last page": lambda wanted: last_pieces(catalogue, wanted),
        "count": lambda wanted: count_pieces(catalogue, wanted),
    }
    found = [
        (seconds(partial(work, Filter(**parts))), what, parts)
        for parts in filters()
        for what, work in calls.items()
    ]
    for what in calls:
        taken = np.array([s for s, w, _ in found if w == what]) * 1000
        print(f"{what}: {len(taken)} filters, median {np.median(taken):.1f} ms, slowest {taken.max():.1f} ms")
    for taken_s, what, parts in sorted(found, key=lambda f: -f[0])[:12]:
        print(f"{1000 * taken_s:8.1f} ms  {what}  {parts}")


if __name__ == "__main__":
    main()
