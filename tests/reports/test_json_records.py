"""Records on disk and in pipes follow the published schemas."""

from __future__ import annotations

import io
import json

import jsonschema
import pytest
from record_samples import error_record, mission, scan_record, strike_record

from recognizer.records import MarkSpec, Names, Record
from recognizer.reports.jsonlines import as_document, as_line, write_lines
from recognizer.reports.schema import PUBLISHED, json_schemas

SAMPLES: dict[str, list[Record]] = {
    "scan": [scan_record(), scan_record(regions=[], size_mm=None)],
    "strike": [strike_record(), strike_record(known=False)],
    "error": [error_record()],
    "mission": [mission(), mission(id=None, name=None, event=None, status="undetermined")],
    "mark": [MarkSpec(id="baikonur-text", name=Names(en="Baikonur", ru="Байконур"), status="described")],
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_record_follows_its_schema(name: str) -> None:
    validator = jsonschema.Draft202012Validator(json_schemas()[name])
    validator.check_schema(validator.schema)
    for sample in SAMPLES[name]:
        validator.validate(json.loads(as_line(sample)))


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("scan", {"schema": "recognizer.scan/2"}),
        ("scan", {"covers": None}),
        ("strike", {"known": "perhaps"}),
        ("error", {"extra": 1}),
        ("mission", {"probability": 1.5}),
    ],
)
def test_the_schemas_refuse_other_shapes(name: str, spoil: dict[str, object]) -> None:
    spoilt = json.loads(as_line(SAMPLES[name][0])) | spoil
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(spoilt, json_schemas()[name])


def test_the_schemas_use_the_names_of_the_json() -> None:
    assert "schema" in json_schemas()["scan"]["properties"]
    assert "schema_" not in json.dumps(json_schemas())


def test_lines_are_one_a_record_and_read_back() -> None:
    stream = io.StringIO()
    write_lines([scan_record(), error_record()], stream)
    first, second = stream.getvalue().splitlines()
    assert type(scan_record()).model_validate_json(first) == scan_record()
    assert json.loads(second)["error"]["code"] == "not-found"
    assert "Байқоңыр" in first


def test_the_document_is_the_same_record_for_people() -> None:
    document = as_document(scan_record()).decode()
    assert json.loads(document) == json.loads(as_line(scan_record()))
    assert document.count("\n") > 50
