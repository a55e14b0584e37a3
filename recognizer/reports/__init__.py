"""All writing of results; a new report is one file and one line of ``REPORTS``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from recognizer.types import Examination

Report = Callable[[Examination], Mapping[str, bytes]]  # what is added to NAME -> the file's content


def _annotated(examined: Examination) -> Mapping[str, bytes]:
    from recognizer.reports.annotated import annotate

    return {".annotated.jpg": annotate(examined.scan, examined.record)}


def _crops(examined: Examination) -> Mapping[str, bytes]:
    from recognizer.reports.crops import region_crops

    return {
        f".crops/{name}": data
        for cover in examined.covers
        for name, data in region_crops(cover.piece, [(f.id, f.region) for f in cover.findings]).items()
    }


def _ink(examined: Examination) -> Mapping[str, bytes]:
    from recognizer.reports.crops import ink_picture

    seen = enumerate(examined.covers, 1)
    return {f".crops/c{n}-ink.png": ink_picture(c.piece, c.ink) for n, c in seen if c.ink is not None}


def _json(examined: Examination) -> Mapping[str, bytes]:
    from recognizer.reports.jsonlines import as_document

    return {".json": as_document(examined.record)}


# In the order in which the files appear: the record comes last, so that it being there says that all are.
REPORTS: dict[str, Report] = {"crops": _crops, "ink": _ink, "annotated": _annotated, "json": _json}


def write_reports(
    examined: Examination, folder: Path, taken: set[str], reports: Mapping[str, Report] = REPORTS
) -> list[Path]:
    """Write what ``scan --out`` promises for one image, all files or none; the files written.

    They are ``NAME.json``, ``NAME.annotated.jpg``, ``NAME.crops/r1-postmark.png`` ... and the strikes alone
    of each piece, ``NAME.crops/c1-ink.png`` ...; ``taken`` holds the names given so far and is added to (see
    ``files.safe_name``). Crops of an earlier run that no longer stand for a region are removed. Raises
    OutputError naming the file and the remedy; then nothing of this image is left.
    """
    from recognizer.files import write_together
    from recognizer.reports.names import safe_name

    image = examined.record.image
    name = safe_name(image.path, image.page, taken)
    files = {
        folder / f"{name}{ending}": data
        for report in reports.values()
        for ending, data in report(examined).items()
    }
    write_together(files)
    for old in (folder / f"{name}.crops").glob("[cr]*-*.png"):
        if old not in files:
            old.unlink(missing_ok=True)
    return list(files)
