"""The article's nineteen covers, drawn at some seeds and scanned: marks found and named, dates, missions.

    python scripts/score_article.py [--seeds 1 2 3] [--dpi 300] [--wear ordinary] [--command "recognizer"]

A strike counts as found where a region overlaps its box by half (intersection over union). Wrong answers are
counted apart from open ones; the die that a mark is a variant of, named for it, leaves the variant open. The
stand-in for the unidentified purple strike is left out.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from recognizer.geometry import Box
from recognizer.sources.marks import load_library
from recognizer.sources.shipped import shipped
from recognizer.training.synthesis import draw_article

Truth = dict[str, Any]


def scanned(command: str, images: list[Path]) -> list[Truth]:
    """The records of the images, in order."""
    call = [*shlex.split(command), "scan", "--json", "--quiet", *map(str, images)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        raise SystemExit(done.stderr[-2000:])
    return [json.loads(line) for line in done.stdout.splitlines()]


def judge(
    record: Truth, strikes: list[tuple[str, Truth]], mission: str, parents: dict[str, str | None]
) -> Counter[str]:
    """What of one cover was found, named, read and told; ``parents``: of which mark each is a variant."""
    regions = [region for cover in record.get("covers", []) for region in cover["regions"]]
    missions = {cover["mission"]["id"] for cover in record.get("covers", [])} - {None}
    count = Counter(
        covers=1, mission_right=int(mission in missions), mission_wrong=int(bool(missions - {mission}))
    )
    for mark, strike in strikes:
        near = [r for r in regions if Box(*r["box"]).iou(Box(*strike["box"])) >= 0.5]
        names = {r["mark"]["id"] for r in near if r.get("mark") and r["mark"]["known"]}
        count.update(strikes=1, found=int(bool(near)), named_right=int(mark in names))
        count.update(variant_open=int(mark not in names and parents.get(mark) in names))
        count.update(named_wrong=int(bool(names) and not names & {mark, parents.get(mark)}))
        if strike["date"]:
            dates = {r["date"]["value"] for r in near if r.get("date")} - {None}
            count.update(dated=1, date_right=int(strike["date"] in dates))
            count.update(date_wrong=int(bool(dates) and strike["date"] not in dates))
    return count


def score(folder: Path, command: str, parents: dict[str, str | None]) -> Counter[str]:
    """Scan a drawn folder and judge every cover of it."""
    missions = json.loads((folder / "missions.json").read_text(encoding="utf-8"))
    dies = json.loads((folder / "identity.json").read_text(encoding="utf-8"))
    known = [die for die in dies if die["die"]["note"].endswith("library")]
    total: Counter[str] = Counter()
    for name, record in zip(missions, scanned(command, [folder / name for name in missions]), strict=True):
        strikes = [(die["group"], s) for die in known for s in die["strikes"] if s["image"] == name]
        total.update(judge(record, strikes, missions[name]["mission"], parents))
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--dpi", type=float, default=300)
    parser.add_argument("--wear", default="ordinary", choices=["none", "ordinary", "severe"])
    parser.add_argument("--command", default="recognizer")
    args = parser.parse_args()
    library = {mark.id: mark.spec for mark in load_library([shipped("reference_marks")]).marks.values()}
    parents = {id_: spec.parent for id_, spec in library.items()}
    total: Counter[str] = Counter()
    for seed in args.seeds:
        with tempfile.TemporaryDirectory() as folder:
            for _ in draw_article(Path(folder), seed, library, args.dpi, args.wear):
                pass
            found = score(Path(folder), args.command, parents)
        print(f"seed {seed}: {json.dumps(found)}", flush=True)
        total.update(found)
    print(f"all: {json.dumps(total)}")


if __name__ == "__main__":
    main()
