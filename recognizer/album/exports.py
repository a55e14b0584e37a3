"""The album for other programs: a new format is one line here."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from recognizer.album.catalogue import Catalogue
from recognizer.files import write_atomically
from recognizer.records import ScanRecord
from recognizer.reports.coco import coco
from recognizer.reports.jsonlines import as_line
from recognizer.reports.label_studio import INTERFACE, label_studio
from recognizer.reports.strikes_csv import strikes_csv
from recognizer.reports.web_annotation import web_annotations

Export = Callable[[Iterator[ScanRecord]], dict[str, str]]  # file names and their text


def _json(name: str, table: Any) -> dict[str, str]:
    return {name: json.dumps(table, ensure_ascii=False, indent=1) + "\n"}


EXPORTS: dict[str, Export] = {
    "csv": lambda records: {"strikes.csv": "".join(strikes_csv(records))},
    "jsonl": lambda records: {"scans.jsonl": "".join(map(as_line, records))},
    "coco": lambda records: _json("coco.json", coco(records)),
    "web-annotation": lambda records: _json("annotations.jsonld", web_annotations(records)),
    "label-studio": lambda records: (
        _json("label-studio.json", label_studio(records)) | {"label-studio.xml": INTERFACE}
    ),
}


def export(catalogue: Catalogue, folder: Path, kinds: list[str]) -> list[Path]:
    """Write the album in each of these formats into ``folder``; the files. Raises OutputError."""
    written = []
    for kind in kinds:
        for name, text in EXPORTS[kind](_records(catalogue)).items():
            write_atomically(folder / name, text.encode("utf-8", "replace"))
            written.append(folder / name)
    return written


def _records(catalogue: Catalogue) -> Iterator[ScanRecord]:
    return (entry.record for entry in catalogue.entries() if entry.record is not None)
