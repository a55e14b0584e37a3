"""The library that travels with the program: whole, sourced, drawn as its cards say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from recognizer.records import MarkSpec
from recognizer.sources.mark_checks import check_facts
from recognizer.sources.marks import Library, load_library
from recognizer.sources.shipped import shipped
from recognizer.stages.likeness import nearest_neighbours
from recognizer.training.die import draw_die
from recognizer.training.draw import draw_mark, drawing_faults, zones
from recognizer.training.lettering import letter_corners
from recognizer.training.pictures import PICTURES

NOT_MARKS = {"russian-post-barcode-sticker", "baikonur-family-unspecified", "purple-2003-05-02-unidentified"}
FOLDER = shipped("reference_marks")


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library([FOLDER])


def test_every_mark_the_domain_facts_name_is_there(library: Library, shared: Path) -> None:
    facts = json.loads((shared / "domain" / "marks.json").read_text(encoding="utf-8"))
    wanted = {m["id"] for m in facts["marks"]} - NOT_MARKS
    wanted |= {m["id"].removeprefix("public:") for m in facts["public_marks_not_in_article"]}
    wanted |= {f"{place}-datestamp" for place in ("arkalyk", "zhezkazgan", "korolev", "star-city")}
    assert set(library.specs) == wanted


def test_every_field_holds_together(library: Library) -> None:
    assert check_facts(library.specs, library.home) == []
    assert drawing_faults(library.specs, library.home) == []


def test_every_fact_has_a_source(library: Library) -> None:
    for spec in library.specs.values():
        for legend in spec.legends:
            assert legend.source, (spec.id, legend.text)
            assert legend.confidence, (spec.id, legend.text)
        assert bool(spec.shape) == bool(spec.shape_source), spec.id
        assert not spec.inks or spec.inks_source, spec.id
        assert not spec.missions or spec.missions_source, spec.id
        assert not spec.picture_of or spec.picture_source, spec.id
        assert not (spec.date.formats or spec.date.covers) or spec.date.source, spec.id
        assert spec.letter is None or spec.letter.source, spec.id
        assert spec.size_mm is None, "no size is known of any of them"


def test_family_members_differ_in_one_word_alone(library: Library) -> None:
    family = library.specs["baikonur-text-bilingual"]
    for mark_id, word in (("soyuz", "СОЮЗ"), ("mks", "МКС"), ("star-c", "*С*")):
        member = library.specs[f"baikonur-text-{mark_id}"]
        assert member.parent == family.id
        assert [legend.text for legend in member.legends if legend not in family.legends] == [word]
        assert (member.shape, member.place, member.date) == (family.shape, family.place, family.date)


def test_likely_confusions_name_each_other_or_the_family(library: Library) -> None:
    for mark_id, spec in library.specs.items():
        for other in spec.confusable_with:
            back = library.specs[other]
            assert mark_id in back.confusable_with or spec.parent or back.parent or spec.kind == "postmark", (
                mark_id,
                other,
            )


def drawn(library: Library) -> list[MarkSpec]:
    return [spec for spec in library.specs.values() if spec.die]


def test_pictures_are_what_the_cards_say(library: Library) -> None:
    for spec in drawn(library):
        die = library.marks[spec.id].die
        assert die is not None, spec.id
        ink = draw_mark(spec)
        assert ink.shape == die.shape, spec.id
        # Another release of the drawing libraries may round an edge pixel differently.
        assert np.abs(ink.astype(int) - die).mean() < 0.5, spec.id


def test_the_zones_of_the_movable_parts_are_where_the_die_has_them(library: Library) -> None:
    for spec in drawn(library):
        found = zones(spec)
        for role, stated in (("date", spec.date.zone), ("letter", spec.letter and spec.letter.zone)):
            if stated or (role in found and role == "date"):
                assert stated == pytest.approx(found[role], abs=0.02), (spec.id, role)


def test_words_stay_inside_the_die(library: Library) -> None:
    for spec in drawn(library):
        assert spec.die is not None
        width, height = spec.die["size_mm"]
        form = max(spec.date.formats or ["DD MM YY"], key=len)
        die = draw_die(spec.die, 4, date="2008-08-28", letter="В", number="5420", formats=[form])
        for legend in die.legends:
            reach = np.abs(letter_corners(legend.letters))
            assert (reach <= (width / 2, height / 2)).all(), (spec.id, legend.text)
            if spec.shape in ("circle", "double circle"):
                assert np.hypot(reach[:, 0], reach[:, 1]).max() < width / 2, (spec.id, legend.text)


def test_words_of_a_die_do_not_run_into_each_other(library: Library) -> None:
    for spec in drawn(library):
        assert spec.die is not None
        form = max(spec.date.formats or ["DD MM YY"], key=len)
        die = draw_die(spec.die, 4, date="2008-08-28", letter="В", number="5420", formats=[form])
        lines = [np.array([(one.x, one.y, one.h) for one in legend.letters]) for legend in die.legends]
        for a, one in enumerate(lines):
            for other in lines[a + 1 :]:
                apart = np.hypot(*(one[:, None, :2] - other[None, :, :2]).transpose(2, 0, 1))
                need = 0.42 * (one[:, None, 2] + other[None, :, 2])
                assert (apart > need).all(), (spec.id, die.legends[a].text)


def test_every_legend_known_well_is_on_the_die(library: Library) -> None:
    for spec in drawn(library):
        assert spec.die is not None
        words = " ".join(str(e.get("text", "")) for e in spec.die["element"])
        words = " ".join(words.split())
        movable = {"letter", "number"} & {e["kind"] for e in spec.die["element"]}
        for legend in spec.legends:
            if legend.confidence == "high" and not (movable and len(legend.text) == 1):
                parts = legend.text.strip("*").split()
                assert all(part in words for part in parts), (spec.id, legend.text)


def test_pictures_on_dies_keep_their_proportions(library: Library) -> None:
    for spec in drawn(library):
        assert spec.die is not None
        for e in spec.die["element"]:
            if e["kind"] == "picture":
                stretch = e["w"] / e["h"] / PICTURES[e["name"]].aspect
                assert 0.97 < stretch < 1.03, (spec.id, e["name"], round(stretch, 3))


def test_every_picture_is_drawn_inside_its_square() -> None:
    for name, picture in PICTURES.items():
        for shape in picture.shapes:
            assert shape.points.min() > -0.06, name
            assert shape.points.max() < 1.06, name


def test_the_nearest_neighbour_of_a_family_member_is_of_the_family(library: Library) -> None:
    nearest = nearest_neighbours(library.marks)
    family = {m for m, spec in library.specs.items() if m.startswith("baikonur-text-")}
    for mark_id in family:
        other = nearest[mark_id]
        assert other is not None
        assert other.mark in family
        assert other.distance > 0.005, "members must not be the same picture"
    board = nearest["iss-board-russian-post-old"]
    assert board is not None
    assert board.mark == "iss-board-russian-post-new"
