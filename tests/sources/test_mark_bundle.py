"""A library handed on in one file arrives whole; files that are none are refused without a trace."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from recognizer.errors import InputError, KitError, UsageError
from recognizer.geometry import Box
from recognizer.records import MarkSpec
from recognizer.sources.mark_bundle import export_marks, import_marks
from recognizer.sources.marks import Origin, load_library, save_mark
from recognizer.types import LearntStrike


def spec(mark_id: str, **more: object) -> MarkSpec:
    return MarkSpec.model_validate({"id": mark_id, "name": {"en": mark_id}, "status": "learnt", **more})


def strike(seed: int) -> LearntStrike:
    pixels = np.random.default_rng(seed).integers(0, 256, (20, 30, 3)).astype(np.uint8)
    return LearntStrike(pixels, Box(2, 2, 20, 10))


@pytest.fixture
def full(tmp_path: Path) -> Path:
    folder = tmp_path / "full"
    save_mark(folder, spec("a"), strike(0).pixels[:, :, 0], [strike(1)], [Origin("x.jpg:1,1,2,2")])
    save_mark(folder, spec("b"), None, [strike(2)])
    (folder / "c").mkdir()
    (folder / "c" / "mark.toml").write_text(
        'id = "c"\nparent = "a"\nname = {en = "C"}\nstatus = "described"\n# said\n'
    )
    return folder


def test_there_and_back(full: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "marks.zip", tmp_path / "other"
    assert export_marks([full], file) == ["a", "b", "c"]
    assert import_marks(file, other).added == ("a", "b", "c")
    assert load_library([other]).version == load_library([full]).version
    first = file.read_bytes()
    export_marks([other], file)
    assert file.read_bytes() == first
    assert import_marks(file, other).kept == ("a", "b", "c")


def test_a_child_takes_its_parent_along(full: Path, tmp_path: Path) -> None:
    assert export_marks([full], tmp_path / "c.zip", ["c"]) == ["a", "c"]
    with pytest.raises(UsageError, match="'d'"):
        export_marks([full], tmp_path / "d.zip", ["d"])
    assert not (tmp_path / "d.zip").exists()


def test_strikes_of_known_marks_are_added(full: Path, tmp_path: Path) -> None:
    mine, file = tmp_path / "mine", tmp_path / "marks.zip"
    save_mark(mine, spec("b", note="mine"), None, [strike(5)])
    export_marks([full], file)
    done = import_marks(file, mine)
    assert (done.added, done.grown, done.kept) == (("a", "c"), ("b",), ())
    mark = load_library([mine]).marks["b"]
    assert (mark.spec.note, len(mark.strikes)) == ("mine", 2)


def test_strikes_for_a_mark_of_an_earlier_folder_stay_mine(full: Path, tmp_path: Path) -> None:
    builtin, mine, file = tmp_path / "builtin", tmp_path / "mine", tmp_path / "marks.zip"
    save_mark(builtin, spec("b", note="built in"))
    export_marks([full], file, ["b"])
    assert import_marks(file, mine, [builtin]).grown == ("b",)
    mark = load_library([builtin, mine]).marks["b"]
    assert (mark.spec.note, len(mark.strikes)) == ("built in", 1)
    export_marks([builtin, mine], file)  # joined into one card
    assert import_marks(file, tmp_path / "third").added == ("b",)
    assert len(load_library([tmp_path / "third"]).marks["b"].strikes) == 1


@pytest.mark.parametrize(
    "name", ["../a/mark.toml", "/a/mark.toml", "a/b.sh", "../mark.toml", "a\\mark.toml", "mark.toml"]
)
def test_a_zip_with_other_things_is_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as bundle:
        bundle.writestr(name, "x")
    with pytest.raises(InputError, match=r"bad\.zip"):
        import_marks(tmp_path / "bad.zip", tmp_path / "mine")
    assert list((tmp_path / "mine").iterdir()) == []
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bad.zip", "mine"]


def test_a_broken_mark_is_refused_before_anything_is_written(full: Path, tmp_path: Path) -> None:
    file = tmp_path / "marks.zip"
    export_marks([full], file)
    with zipfile.ZipFile(file, "a") as bundle:
        bundle.writestr("z/mark.toml", 'id = "z"\n')
    with pytest.raises(KitError, match=r"marks\.zip: .*z.mark\.toml: field 'name' is missing"):
        import_marks(file, tmp_path / "mine")
    assert list((tmp_path / "mine").iterdir()) == []


def test_the_pack_says_what_is_in_it(full: Path, tmp_path: Path) -> None:
    file = tmp_path / "marks.zip"
    export_marks([full], file)
    with zipfile.ZipFile(file) as bundle:
        told = json.loads(bundle.read("pack.json"))
        assert {m["id"]: len(m["strikes"]) for m in told["marks"]} == {"a": 1, "b": 1, "c": 0}
        assert told["marks"][0]["strikes"][0]["origin"] == "x.jpg:1,1,2,2"
        for name, sha256 in told["files"].items():
            assert hashlib.sha256(bundle.read(name)).hexdigest() == sha256
        assert set(told["files"]) == set(bundle.namelist()) - {"pack.json"}


def repacked(file: Path, change: dict[str, bytes]) -> Path:
    """The pack with some files replaced or added."""
    with zipfile.ZipFile(file) as bundle:
        files = {name: bundle.read(name) for name in bundle.namelist()} | change
    with zipfile.ZipFile(file.with_name("bad.zip"), "w") as bundle:
        for name, data in files.items():
            bundle.writestr(name, data)
    return file.with_name("bad.zip")


def test_an_altered_pack_is_refused(full: Path, tmp_path: Path) -> None:
    export_marks([full], tmp_path / "marks.zip")
    card = (full / "b" / "mark.toml").read_bytes()
    bad = repacked(tmp_path / "marks.zip", {"b/mark.toml": card + b"# more"})
    with pytest.raises(InputError, match="not what it was"):
        import_marks(bad, tmp_path / "mine")
    assert list((tmp_path / "mine").iterdir()) == []


def test_a_picture_that_is_none_is_refused(tmp_path: Path) -> None:
    program = b"MZ\x90\x00 a program that calls itself a picture"
    card = 'id = "e"\nname = {{en = "E"}}\nstatus = "learnt"\n[picture]\nfile = "mark.png"\nsha256 = "{}"\n'
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as bundle:
        bundle.writestr("e/mark.toml", card.format(hashlib.sha256(program).hexdigest()))
        bundle.writestr("e/mark.png", program)
    with pytest.raises(KitError, match=r"mark\.png"):
        import_marks(tmp_path / "bad.zip", tmp_path / "mine")
    assert list((tmp_path / "mine").iterdir()) == []


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(InputError, match=r"no\.zip"):
        import_marks(tmp_path / "no.zip", tmp_path / "mine")
