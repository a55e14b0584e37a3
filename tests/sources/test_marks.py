"""Plants a library and finds it again; breaks it in every way and expects file and field to be named."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from recognizer.errors import KitError, OutputError
from recognizer.geometry import Box
from recognizer.records import MarkSpec
from recognizer.sources import mark_saving
from recognizer.sources.marks import Origin, find_faults, load_library, load_specs, save_mark
from recognizer.types import LearntStrike


def spec(mark_id: str = "a", **more: object) -> MarkSpec:
    return MarkSpec.model_validate(
        {"id": mark_id, "name": {"en": mark_id.upper()}, "status": "learnt", **more}
    )


def strike(seed: int, date: str | None = None) -> LearntStrike:
    pixels = np.random.default_rng(seed).integers(0, 256, (40, 50, 3)).astype(np.uint8)
    return LearntStrike(pixels, Box(5, 4, 30, 20), date)


def ink(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (24, 30)).astype(np.uint8)


def card(folder: Path, text: str, mark_id: str = "a") -> Path:
    path = folder / mark_id / "mark.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# --- there and back -----------------------------------------------------------------------------------


def test_a_saved_mark_comes_back_as_it_was(tmp_path: Path) -> None:
    given = spec(
        shape="circle", legends=[{"text": "БАЙҚОҢЫР", "confidence": "low"}], date={"formats": ["DD MM YY"]}
    )
    save_mark(tmp_path, given, ink(), [strike(1, "2008-10-12")], [Origin("cover.jpg:1,2,3,4", "ab" * 32)])
    mark = load_library([tmp_path]).marks["a"]
    assert mark.spec.legends == given.legends
    assert mark.spec.date == given.date
    assert mark.die is not None
    np.testing.assert_array_equal(mark.die, ink())
    (kept,) = mark.strikes
    np.testing.assert_array_equal(kept.pixels, strike(1).pixels)
    assert (kept.core, kept.date) == (Box(5, 4, 30, 20), "2008-10-12")
    assert mark.spec.strikes[0].origin == "cover.jpg:1,2,3,4"


def test_strikes_are_added_to_those_a_mark_has_and_kept_once(tmp_path: Path) -> None:
    save_mark(tmp_path, spec(), ink(), [strike(1)])
    save_mark(tmp_path, spec(), strikes=[strike(2), strike(1)])
    mark = load_library([tmp_path]).marks["a"]
    assert [s.pixels[0, 0, 0] for s in mark.strikes] == [strike(n).pixels[0, 0, 0] for n in (1, 2)]
    assert mark.die is not None


def test_a_new_picture_takes_the_place_of_the_old(tmp_path: Path) -> None:
    save_mark(tmp_path, spec(), ink(1), [strike(1)])
    save_mark(tmp_path, spec(note="again"), ink(2))
    mark = load_library([tmp_path]).marks["a"]
    np.testing.assert_array_equal(mark.die, ink(2))
    assert mark.spec.note == "again"
    assert len(mark.strikes) == 1


def test_a_later_folder_wins_and_an_adding_card_only_adds(tmp_path: Path) -> None:
    first, second, third = tmp_path / "1", tmp_path / "2", tmp_path / "3"
    save_mark(first, spec(note="first"), ink(), [strike(1)])
    save_mark(second, spec(note="second"))
    save_mark(third, spec(note="third"), strikes=[strike(3)], adds=True)
    assert load_specs([first, second])["a"].note == "second"
    both = load_library([first, third])
    assert both.specs["a"].note == "first"
    assert len(both.specs["a"].strikes) == len(both.marks["a"].strikes) == 2
    alone = load_library([third]).marks["a"]
    assert (alone.spec.note, len(alone.strikes), alone.die) == ("third", 1, None)
    save_mark(third, spec(), strikes=[strike(4)], adds=True)
    assert len(load_library([first, third]).marks["a"].strikes) == 3


def test_the_version_follows_the_content_alone(tmp_path: Path) -> None:
    save_mark(tmp_path / "x", spec(), ink())
    save_mark(tmp_path / "y", spec(), ink())
    before = load_library([tmp_path / "x"]).version
    assert before == load_library([tmp_path / "y"]).version
    save_mark(tmp_path / "y", spec(), strikes=[strike(1)])
    assert before != load_library([tmp_path / "y"]).version


def test_a_child_states_only_what_differs(tmp_path: Path) -> None:
    card(
        tmp_path,
        'id = "a"\nname = {en = "A", ru = "А"}\nstatus = "described"\nplace = "baikonur"\nnote = "mine"\n'
        'missions = ["x"]\n[[legends]]\ntext = "ONE"\n[date]\nmovable = true\nformats = ["DD MM YY"]\n'
        '[die]\nsize_mm = [26, 26]\n[[die.element]]\nkind = "circle"\n',
    )
    card(
        tmp_path,
        'id = "b"\nparent = "a"\nname = {en = "B"}\nstatus = "reconstruction"\n'
        '[[legends_more]]\ntext = "TWO"\n'
        '[date]\nformats = ["DD MM YYYY"]\n[[die.add]]\nkind = "star"\n',
        "b",
    )
    child = load_specs([tmp_path])["b"]
    assert [legend.text for legend in child.legends] == ["ONE", "TWO"]
    assert (child.name.en, child.name.ru, child.place) == ("B", "А", "baikonur")
    assert (child.date.movable, child.date.formats) == (True, ["DD MM YYYY"])
    assert child.die == {"size_mm": [26, 26], "element": [{"kind": "circle"}, {"kind": "star"}]}
    assert (child.note, child.missions) == (None, [])


def test_adding_strikes_to_a_child_leaves_it_a_child(tmp_path: Path) -> None:
    card(tmp_path, 'id = "a"\nname = {en = "A"}\nstatus = "described"\nplace = "iss"\n')
    card(tmp_path, 'id = "b"\nparent = "a"\nname = {en = "B"}\nstatus = "described"\n', "b")
    save_mark(tmp_path, load_specs([tmp_path])["b"], strikes=[strike(1)])
    assert "place" not in (tmp_path / "b" / "mark.toml").read_text(encoding="utf-8")
    assert load_library([tmp_path]).marks["b"].spec.place == "iss"


# --- what is broken is named --------------------------------------------------------------------------

WHOLE = 'id = "a"\nname = {en = "A"}\nstatus = "described"\n'


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [
        ("id = \n", "mark-broken", "mark.toml"),
        ('name = {en = "A"}\nstatus = "described"\n', "mark-broken", "'id' is missing"),
        ('id = "a"\nstatus = "described"\n', "mark-broken", "'name' is missing"),
        (WHOLE + "colour = 3\n", "mark-broken", "'colour' is not a field"),
        (WHOLE + '[[legends]]\ntext = "A"\nconfidence = "sure"\n', "mark-broken", "'legends.0.confidence'"),
        (WHOLE + 'rings = "two"\n', "mark-broken", "'rings'"),
        (WHOLE + "legends = 3\n", "mark-broken", "'legends'"),
        (WHOLE + "die = {add = 3}\n", "mark-broken", "'add'"),
        (WHOLE + "adds = 3\n", "mark-broken", "'adds'"),
        (WHOLE + "strikes = 3\n", "mark-broken", "'strikes'"),
        (WHOLE.replace('"a"', '"b"'), "mark-broken", "'id' is 'b'"),
        (WHOLE + 'parent = "nobody"\n', "mark-parent", "'parent' names 'nobody'"),
        (WHOLE + 'parent = "a"\n', "mark-parent", "circle"),
        (WHOLE + "parent = 7\n", "mark-parent", "'parent' names 7"),
        (WHOLE + f'[picture]\nfile = "mark.png"\nsha256 = "{"0" * 64}"\n', "mark-missing", "mark.png"),
        (WHOLE + f'[picture]\nfile = "../mark.png"\nsha256 = "{"0" * 64}"\n', "mark-broken", "picture.file"),
    ],
)  # fmt: skip
def test_a_broken_card_is_named_with_its_field(tmp_path: Path, text: str, code: str, named: str) -> None:
    card(tmp_path, text)
    with pytest.raises(KitError) as caught:
        load_library([tmp_path])
    assert caught.value.code == code
    assert named in caught.value.message
    assert str(tmp_path / "a") in caught.value.message
    assert caught.value.exit_code == 4
    assert [fault.code for fault in find_faults([tmp_path])] == [code]


def test_a_circle_over_two_parents_is_named(tmp_path: Path) -> None:
    card(tmp_path, WHOLE + 'parent = "b"\n')
    card(tmp_path, WHOLE.replace('"a"', '"b"') + 'parent = "a"\n', "b")
    with pytest.raises(KitError, match="circle"):
        load_specs([tmp_path])


def change_picture(home: Path) -> None:
    (home / "mark.png").write_bytes((home / "mark.png").read_bytes() + b"x")


def take_strike(home: Path) -> None:
    next((home / "strikes").iterdir()).unlink()


def no_picture(home: Path) -> None:
    (home / "mark.png").write_bytes(b"no picture at all")
    rehash(home)


def no_transparency(home: Path) -> None:
    from PIL import Image

    Image.new("RGB", (10, 10)).save(home / "mark.png")
    rehash(home)


def rehash(home: Path) -> None:
    text = (home / "mark.toml").read_text(encoding="utf-8")
    old = text.split('sha256 = "')[1].split('"')[0]
    new = hashlib.sha256((home / "mark.png").read_bytes()).hexdigest()
    (home / "mark.toml").write_text(text.replace(old, new), encoding="utf-8")


def move_box(home: Path) -> None:
    text = (home / "mark.toml").read_text(encoding="utf-8")
    (home / "mark.toml").write_text(text.replace("    30,", "    50,"), encoding="utf-8")


@pytest.mark.parametrize(
    ("harm", "code", "named"),
    [
        (change_picture, "mark-altered", "picture.sha256"),
        (take_strike, "mark-missing", "strikes.0"),
        (no_picture, "mark-broken", "no PNG picture"),
        (no_transparency, "mark-broken", "no transparency"),
        (move_box, "mark-broken", "strikes.0.core"),
    ],
)
def test_harmed_pictures_are_named(
    tmp_path: Path, harm: Callable[[Path], None], code: str, named: str
) -> None:
    home = save_mark(tmp_path, spec(), ink(), [strike(1)])
    harm(home)
    (fault,) = find_faults([tmp_path])
    assert fault.code == code
    assert named in fault.message


def test_a_library_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="nowhere"):
        load_specs([tmp_path / "nowhere"])


# --- crashes and size ---------------------------------------------------------------------------------


def test_a_crash_while_adding_leaves_the_old_mark_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_mark(tmp_path, spec(), ink(1), [strike(1)])
    before = load_library([tmp_path]).version

    def full(path: Path, data: bytes) -> None:
        if path.name == "mark.toml":
            raise OutputError("not-written", f"{path}: disk full")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)

    monkeypatch.setattr(mark_saving, "write_atomically", full)
    with pytest.raises(OutputError):
        save_mark(tmp_path, spec(), ink(2), [strike(2)])
    with pytest.raises(OutputError):
        save_mark(tmp_path, spec("new"), ink(2), [strike(2)])
    library = load_library([tmp_path])
    assert library.version == before
    np.testing.assert_array_equal(library.marks["a"].die, ink(1))
    assert list(library.specs) == ["a"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder nobody may write to")
def test_a_folder_that_cant_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputError, match=str(tmp_path)):
            save_mark(tmp_path, spec())
    finally:
        tmp_path.chmod(0o700)


def test_a_file_in_the_way_of_a_mark_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("in the way")
    with pytest.raises(OutputError, match="a: can't be written"):
        save_mark(tmp_path, spec())


def test_reading_cards_needs_no_image_library() -> None:
    code = (
        "import sys; from recognizer.sources.marks import load_specs, default_folders;"
        "load_specs(default_folders()[:1]);"
        "print([m for m in ('cv2', 'PIL', 'matplotlib', 'onnxruntime', 'sklearn') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_a_thousand_marks_are_read_in_seconds(tmp_path: Path) -> None:
    home = save_mark(tmp_path, spec("m0", legends=[{"text": "БАЙКОНУР"}]), ink(), [strike(1)])
    for n in range(1, 1000):
        copy = tmp_path / f"m{n}"
        (copy / "strikes").mkdir(parents=True)
        text = (home / "mark.toml").read_text(encoding="utf-8").replace('"m0"', f'"m{n}"')
        (copy / "mark.toml").write_text(text, encoding="utf-8")
        for name in ("mark.png", f"strikes/{next((home / 'strikes').iterdir()).name}"):
            os.link(home / name, copy / name)
    start = time.perf_counter()
    library = load_library([tmp_path])
    assert len(library.specs) == 1000
    assert time.perf_counter() - start < 5  # 0.7 s when written; pictures are decoded only when asked for
