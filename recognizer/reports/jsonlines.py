"""JSON: one line a record for scripts, one indented document a file for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from recognizer.records import Record


def write_lines(records: Iterable[Record], stream: TextIO) -> None:
    """One line per record, flushed at once so that a reader at the other end of a pipe can follow."""
    for record in records:
        stream.write(as_line(record))
        stream.flush()


def as_line(record: Record) -> str:
    """The record as one line of JSON with its line end; Cyrillic as it is."""
    return record.to_json() + "\n"


def as_document(record: Record) -> bytes:
    """The record as an indented UTF-8 file."""
    return (record.model_dump_json(by_alias=True, indent=2) + "\n").encode()
