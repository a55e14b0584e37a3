"""Answers for other programs: tables, COCO, W3C annotations, Label Studio."""

from __future__ import annotations

import csv
import io

from record_samples import known, region, scan_record

from recognizer.records import DateAnswer, MarkAlternative, MarkAnswer, ScanRecord
from recognizer.reports.coco import KINDS, coco
from recognizer.reports.label_studio import INTERFACE, label_studio
from recognizer.reports.strikes_csv import strikes_csv
from recognizer.reports.web_annotation import web_annotations

UNKNOWN = MarkAnswer(
    id=None, name=None, known=False, probability=0.3,
    alternatives=[MarkAlternative(mark="tacoma-1", probability=0.3)],
)  # fmt: skip
DATE = DateAnswer(text="12 10 08", value="2008-10-12", probability=0.95)


def sample() -> ScanRecord:
    regions = [
        region("r1", "postmark", (10, 20, 100, 100), mark=known(), date=DATE, ink="black"),
        region("r2", "stamp", (200, 20, 80, 100)),
        region("r3", "handstamp", (10, 200, 90, 40), mark=UNKNOWN),
    ]
    record = scan_record(regions=regions)
    return record.model_copy(
        update={"image": record.image.model_copy(update={"path": "=2+3.jpg", "page": 1})}
    )


def test_the_table_has_a_row_a_strike_and_no_formula() -> None:
    text = "".join(strikes_csv([sample()]))
    assert text.encode("utf-8").startswith(b"\xef\xbb\xbfstrike,image,")
    first, second = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    assert first["image"] == "'=2+3.jpg"
    assert first["strike"] == "000000000000-p2-r1"
    assert (first["mark_name"], first["date"]) == ("Байқоңыр, pictorial", "2008-10-12")
    assert (first["x"], first["y"], first["w"], first["h"]) == ("10", "20", "100", "100")
    assert (second["mark"], second["nearest_mark"], second["mark_probability"]) == ("", "tacoma-1", "")


def test_a_negative_number_is_no_formula() -> None:
    turned = region("r1", "postmark", (1, 2, 3, 4), mark=known(), angle_deg=-12.5)
    text = "".join(strikes_csv([scan_record(regions=[turned])]))
    (row,) = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    assert row["angle_deg"] == "-12.5"


def test_coco() -> None:
    table = coco([sample(), sample()])
    assert [image["id"] for image in table["images"]] == [1, 2]
    assert [a["id"] for a in table["annotations"]] == [1, 2, 3, 4, 5, 6]
    first, second, *_ = table["annotations"]
    names = {c["id"]: c["name"] for c in table["categories"]}
    assert names[first["category_id"]] == "postmark"
    assert first["bbox"] == [10, 20, 100, 100]
    assert 0.97 < first["area"] / (3.14159 * 50**2) < 1
    assert len(first["segmentation"][0]) % 2 == 0
    assert second["area"] == 80 * 100
    assert set(names.values()) == set(KINDS)


def test_web_annotations() -> None:
    page = web_annotations([sample()])
    assert page["@context"] == "http://www.w3.org/ns/anno.jsonld"
    first = page["items"][0]
    assert first["target"]["source"] == "%3D2%2B3.jpg#page=2"
    fragment, svg = first["target"]["selector"]
    assert fragment["value"] == "xywh=pixel:10,20,100,100"
    assert svg["value"].startswith("<svg")
    assert first["body"][0]["value"].startswith("Байқоңыр, pictorial, 2008-10-12")
    assert len({item["id"] for item in page["items"]}) == 3


def test_label_studio() -> None:
    (task,) = label_studio([sample()])
    (prediction,) = task["predictions"]
    kinds = [part for part in prediction["result"] if part["type"] == "rectanglelabels"]
    assert [part["value"]["rectanglelabels"] for part in kinds] == [["postmark"], ["stamp"], ["handstamp"]]
    place, image = kinds[0]["value"], sample().image
    assert image.width is not None
    assert abs(place["x"] / 100 * image.width - 10) < 0.01
    dates = [p["value"]["text"] for p in prediction["result"] if p["from_name"] == "date"]
    assert dates == [["2008-10-12"]]
    assert all(f'name="{p["from_name"]}"' in INTERFACE for p in prediction["result"])
