"""The published shape of every record, as JSON Schema (draft 2020-12)."""

from __future__ import annotations

from typing import Any

from recognizer.records import ErrorRecord, MarkSpec, MissionRecord, Record, ScanRecord, StrikeRecord

PUBLISHED: dict[str, type[Record]] = {
    "scan": ScanRecord,
    "strike": StrikeRecord,
    "error": ErrorRecord,
    "mission": MissionRecord,
    "mark": MarkSpec,
}


def json_schemas() -> dict[str, dict[str, Any]]:
    """Name of a record -> its JSON Schema, with the field names as they stand in the JSON."""
    return {
        name: {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **record.model_json_schema(by_alias=True),
        }
        for name, record in PUBLISHED.items()
    }
