"""Every kind of bad input through the command: the exit code, the record, the message, the rest done."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import jsonschema
import numpy as np
import pytest
from PIL import Image

from recognizer.cli import run
from recognizer.reports.schema import json_schemas

GOOD = ("a cover.png", "конверт Союз.png", "-dash cover.png")  # names that programs stumble over
COMMAND = [sys.executable, "-m", "recognizer"]


# --- the inputs ---------------------------------------------------------------------------------------


def cover() -> Image.Image:
    """A drawn cover with one dial on it, which bears a word and no date: it speaks for no mission."""
    pixels = np.full((260, 420, 3), 232, np.uint8)
    for radius in (60, 40):
        cv2.circle(pixels, (300, 90), radius, (40, 40, 60), 3, cv2.LINE_AA)
    cv2.putText(pixels, "POST", (276, 96), cv2.FONT_HERSHEY_SIMPLEX, 0.55, (40, 40, 60), 2)
    return Image.fromarray(pixels)


def noise() -> Image.Image:
    return Image.fromarray(np.random.default_rng(1).integers(0, 255, (150, 200, 3), np.uint8))


def cut_in_half(path: Path) -> None:
    noise().save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def bomb(path: Path) -> None:
    """A PNG of 40,000 x 40,000 black pixels, packed to some 200 kB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    side, packer = 40_000, zlib.compressobj(9)
    row = bytes(1 + side // 8)
    body = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)


def empty_folder(path: Path) -> None:
    path.mkdir()
    (path / "notes.txt").write_text("no picture here")


def bad_directory(path: Path) -> None:
    noise().save(path)
    data = bytearray(path.read_bytes())
    start = int.from_bytes(data[4:8], "little")
    data[start : start + 40] = b"\xff" * 40
    path.write_bytes(data)


def locked_pdf(path: Path) -> None:
    """A PDF whose security handler's keys are not those of an empty password, so that it is asked for."""
    key = b"<" + b"41" * 32 + b">"
    lock = b"/Encrypt <</Filter /Standard /V 1 /R 2 /O %s /U %s /P -4>> /ID [<00><00>]" % (key, key)
    noise().save(path)
    path.write_bytes(path.read_bytes().replace(b"/Root", lock + b" /Root"))


@dataclass(frozen=True)
class Bad:
    """A file that can't be used: how it is made, the code it must get, a word of its message."""

    name: str
    make: Callable[[Path], Any]
    codes: tuple[str, ...]
    says: str


BAD = (
    Bad("no such cover.jpg", lambda path: None, ("not-found",), "no such file"),
    Bad("нет такого.jpg", lambda path: None, ("not-found",), "no such file"),
    Bad("no bytes.jpg", Path.touch, ("empty-file",), "no bytes"),
    Bad("letter.jpg", lambda path: path.write_text("Dear collector"), ("not-an-image",), "not an image"),
    Bad("cut.jpg", cut_in_half, ("truncated", "broken-image"), "cut off"),
    Bad("bomb.png", bomb, ("too-many-pixels",), "40000 x 40000"),
    Bad("dot.png", lambda path: Image.new("RGB", (1, 1)).save(path), ("too-small",), "1 x 1"),
    Bad("empty folder", empty_folder, ("no-images",), "no image"),
    Bad("directory.tif", bad_directory, ("broken-image",), "damaged"),
    Bad("locked.pdf", locked_pdf, ("password",), "password"),
)


# --- one call over all of them ------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    code: int
    records: list[dict[str, Any]]
    messages: list[str]


def isolated(folder: Path) -> dict[str, str]:
    """An environment in which the user has no library."""
    return {**os.environ, "XDG_DATA_HOME": str(folder), "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"}


def call(folder: Path, *args: str, stdout: Any = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    root = str(Path(__file__).resolve().parent.parent)
    env = isolated(folder / "home")
    env["PYTHONPATH"] = os.pathsep.join([root, *filter(None, [env.get("PYTHONPATH")])])
    return subprocess.run(
        [*COMMAND, *args],
        cwd=folder,
        env=env,
        stdout=stdout,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        timeout=120,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every bad input, and good ones with awkward names."""
    home = tmp_path_factory.mktemp("inputs")
    for name in GOOD:
        cover().save(home / name)
    for bad in BAD:
        bad.make(home / bad.name)
    return home


def inputs() -> list[str]:
    """Bad and good in turn, the bad in front."""
    names = [bad.name for bad in BAD]
    return [names[0], GOOD[0], *names[1:5], GOOD[1], *names[5:], GOOD[2]]


@pytest.fixture(scope="module")
def outcome(folder: Path) -> Outcome:
    done = call(folder, "scan", "--json", "--no-builtin-marks", *inputs())
    assert "Traceback" not in done.stdout + done.stderr
    return Outcome(
        done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.splitlines()
    )


def record_of(outcome: Outcome, name: str) -> dict[str, Any]:
    (found,) = (r for r in outcome.records if Path(r["image"]["path"]).name == name)
    return found


def test_each_input_has_its_record_in_the_order_given(outcome: Outcome) -> None:
    assert outcome.code == 3
    assert [Path(r["image"]["path"]).name for r in outcome.records] == inputs()


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_bad_input_is_a_record_and_a_message_that_name_it(outcome: Outcome, bad: Bad) -> None:
    record = record_of(outcome, bad.name)
    jsonschema.validate(record, json_schemas()["error"])
    assert record["error"]["code"] in bad.codes
    told = [line for line in outcome.messages if bad.name in line]
    assert len(told) == 1
    for text in (record["error"]["message"], told[0]):
        assert bad.name in text
        assert bad.says in text
        assert len(text.split(". ")) >= 2, "what to do next is missing"


@pytest.mark.parametrize("name", GOOD)
def test_the_other_inputs_are_done(outcome: Outcome, name: str) -> None:
    record = record_of(outcome, name)
    jsonschema.validate(record, json_schemas()["scan"])
    assert (record["image"]["width"], record["image"]["height"]) == (420, 260)
    assert len(record["covers"]) == 1


def test_good_inputs_alone_end_well(folder: Path) -> None:
    done = call(folder, "scan", "--json", "--no-builtin-marks", "--out", "out", *GOOD)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 3)
    for name in GOOD:
        stem = name.removesuffix(".png")
        assert json.loads((folder / "out" / f"{stem}.json").read_text("utf-8"))["image"]["path"].endswith(
            name
        )
        with Image.open(folder / "out" / f"{stem}.annotated.jpg") as picture:
            assert picture.width >= 420


def test_a_name_with_a_dash_that_is_no_file_is_an_option_unless_told_otherwise(folder: Path) -> None:
    done = call(folder, "scan", "--json", "--no-builtin-marks", "-no such.jpg")
    assert (done.returncode, done.stdout) == (2, "")
    assert "No such option" in done.stderr
    done = call(folder, "scan", "--json", "--no-builtin-marks", "--", "-no such.jpg", GOOD[2])
    failed, read = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 3
    assert failed["error"]["code"] == "not-found"
    assert read["covers"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a name is always text")
def test_a_name_that_is_no_text_is_read_and_told(tmp_path: Path) -> None:
    name = os.fsdecode(b"torn\xff.png")
    cover().save(tmp_path / name)
    done = call(
        tmp_path, "scan", "--json", "--no-builtin-marks", "--out", "out", name, os.fsdecode(b"no\xff.png")
    )
    read, failed = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 3
    assert read["image"]["path"] == "torn\ufffd.png"
    assert "no\ufffd.png" in failed["error"]["message"]
    assert "Traceback" not in done.stderr
    assert (tmp_path / "out" / "torn_.json").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_answers_that_cannot_be_written_are_told(folder: Path, options: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = call(folder, "scan", "--no-builtin-marks", *options, GOOD[0], stdout=full)
    assert done.returncode == 3
    assert "the answers can't be written" in done.stderr
    assert "Traceback" not in done.stderr


# --- calls inside this process: the same command, quicker to start -------------------------------------


@pytest.fixture(autouse=True)
def no_library_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))


@pytest.fixture
def good(tmp_path: Path) -> Path:
    cover().save(tmp_path / "good.png")
    return tmp_path / "good.png"


Capture = pytest.CaptureFixture[str]


def test_an_option_that_a_remedy_names_exists(folder: Path, capsys: Capture) -> None:
    run(["scan", "--no-builtin-marks", str(folder / "bomb.png")])
    (option,) = re.findall(r"--[a-z-]+", capsys.readouterr().err)
    run(["scan", "--help"])
    assert option in capsys.readouterr().out


def test_without_json_failures_are_told_and_the_table_is_shown(
    folder: Path, good: Path, capsys: Capture
) -> None:
    assert run(["scan", "--no-builtin-marks", str(folder / "cut.jpg"), str(good)]) == 3
    said = capsys.readouterr()
    assert "good.png" in said.out
    assert "Mission undetermined" in said.out
    assert "cut.jpg" in said.err
    assert not said.out.lstrip().startswith("{")


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_identify_answers_bad_inputs_alike(bad: Bad, folder: Path, good: Path, capsys: Capture) -> None:
    targets = [str(folder / bad.name), f"{good}:230,20,140,140"]
    assert run(["identify", "--json", "--no-builtin-marks", *targets]) == 3
    said = capsys.readouterr()
    error, strike = map(json.loads, said.out.splitlines())
    assert error["error"]["code"] in bad.codes
    assert bad.name in said.err
    jsonschema.validate(strike, json_schemas()["strike"])
    assert strike["known"] is False


def test_a_box_outside_the_image_fails_alone(good: Path, capsys: Capture) -> None:
    targets = [f"{good}:5000,10,50,50", str(good)]
    assert run(["identify", "--json", "--no-builtin-marks", *targets]) == 3
    said = capsys.readouterr()
    first, second = map(json.loads, said.out.splitlines())
    assert "420 x 260" in first["error"]["message"]
    assert second["box"] == [0, 0, 420, 260]


@pytest.mark.parametrize(
    "args",
    [
        ["scan"],
        ["scan", "--dpi", "many", "a.png"],
        ["scan", "--marks", "no such library", "a.png"],
        ["identify", "a.png:1,1,0,0"],
        ["recognise", "a.png"],
        ["learn", "a mark/with slashes", "a.png"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_is_told_apart(
    args: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(args) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.strip()


# --- the output folder --------------------------------------------------------------------------------


def test_an_output_folder_that_cannot_be_is_told(good: Path, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "out").write_text("a file")
    assert run(["scan", "--no-builtin-marks", str(good), "--out", str(tmp_path / "out" / "deeper")]) == 3
    said = capsys.readouterr()
    assert str(tmp_path / "out") in said.err
    assert "Choose another output folder" in said.err
    assert (tmp_path / "out").read_text() == "a file"


def test_a_full_disk_leaves_nothing_half_written(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    synced: list[int] = []

    def full(handle: int) -> None:
        synced.append(handle)
        if len(synced) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    out = tmp_path / "out"
    assert run(["scan", "--no-builtin-marks", str(good), "--out", str(out)]) == 3
    assert "the disk is full" in capsys.readouterr().err
    assert len(synced) == 2
    assert [p for p in out.rglob("*") if p.is_file()] == []


# --- the library and the models -----------------------------------------------------------------------


def write_mark(home: Path, **changed: str) -> None:
    """A whole mark with a picture and a learnt strike; ``changed`` replaces lines of its card."""
    (home / "strikes").mkdir(parents=True)
    die = np.zeros((90, 90, 4), np.uint8)
    cv2.circle(die, (45, 45), 40, (0, 0, 0, 255), 3)
    Image.fromarray(die).save(home / "mark.png")
    cover().crop((230, 20, 370, 160)).save(home / "strikes" / "1.png")
    lines = {
        "id": f'id = "{home.name}"',
        "status": 'status = "learnt"',
        "name": 'name = { en = "A mark" }',
        "picture": f'picture = {{ file = "mark.png", sha256 = "{digest(home / "mark.png")}" }}',
        "strikes": "[[strikes]]\nfile = 'strikes/1.png'\ncore = [10, 10, 120, 120]\n"
        f"sha256 = '{digest(home / 'strikes' / '1.png')}'",
    }
    (home / "mark.toml").write_text("\n".join((lines | changed).values()) + "\n", encoding="utf-8")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def scan_with(library: Path, good: Path) -> int:
    return run(["scan", "--json", "--no-builtin-marks", "--marks", str(library), str(good)])


def test_a_whole_library_is_taken(tmp_path: Path, good: Path, capsys: Capture) -> None:
    write_mark(tmp_path / "library" / "a-mark")
    assert scan_with(tmp_path / "library", good) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": "name = { en = "}, "mark.toml"),
        ({"name": ""}, "'name'"),
        ({"status": 'status = "guessed"'}, "'status'"),
        ({"status": 'status = "learnt"\ncolour = "blue"'}, "'colour'"),
        ({"id": 'id = "another"'}, "'id'"),
        ({"id": 'id = "a-mark"\nparent = "none"'}, "'parent'"),
        ({"picture": 'picture = { file = "../mark.png", sha256 = "0" }'}, "'picture.file'"),
        ({"picture": 'picture = { file = "mark.png", sha256 = "0" }'}, "'picture.sha256'"),
    ],
    ids=lambda value: str(value).replace("/", " ")[:40],
)
def test_a_broken_card_is_told_by_file_and_field(
    changed: dict[str, str], says: str, tmp_path: Path, good: Path, capsys: Capture
) -> None:
    write_mark(tmp_path / "library" / "a-mark", **changed)
    assert scan_with(tmp_path / "library", good) == 4
    said = capsys.readouterr()
    assert said.out == ""
    assert str(tmp_path / "library" / "a-mark") in said.err
    assert says in said.err


@pytest.mark.parametrize(
    ("file", "field"), [("mark.toml", ""), ("mark.png", "'picture"), ("strikes/1.png", "'strikes.0")]
)
@pytest.mark.parametrize("harm", ["missing", "altered"])
def test_a_missing_or_altered_file_is_told(
    file: str, field: str, harm: str, tmp_path: Path, good: Path, capsys: Capture
) -> None:
    home = tmp_path / "library" / "a-mark"
    write_mark(home)
    if harm == "missing":
        (home / file).unlink()
    else:
        (home / file).write_bytes((home / file).read_bytes() + b"\0")
    assert scan_with(tmp_path / "library", good) == 4
    said = capsys.readouterr()
    assert str(home / file) in said.err
    assert field in said.err
    assert "Traceback" not in said.err


def write_model(home: Path) -> None:
    home.mkdir(parents=True)
    (home / "model.onnx").write_bytes(b"a network")
    (home / "model.toml").write_text(f'version = "1"\nsha256 = "{digest(home / "model.onnx")}"\n')


@pytest.mark.parametrize(
    ("file", "data", "says"),
    [
        ("model.onnx", b"another network", "'sha256'"),
        ("model.onnx", None, "can't be read"),
        ("model.toml", b"version = ", "can't be read"),
        ("model.toml", b"sha256 = '0'", "'version'"),
        ("model.toml", None, "not there"),
    ],
)
def test_a_broken_model_is_told_by_file_and_field(
    file: str, data: bytes | None, says: str, tmp_path: Path, good: Path, capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    models = tmp_path / "models"
    write_model(models / "reader")
    if data is None:
        (models / "reader" / file).unlink()
    else:
        (models / "reader" / file).write_bytes(data)
    monkeypatch.setattr("recognizer.sources.kit.shipped", lambda _: models)
    monkeypatch.setattr("recognizer.sources.models.shipped", lambda _: models)
    assert run(["scan", "--json", "--no-builtin-marks", str(good)]) == 4
    said = capsys.readouterr()
    assert said.out == ""
    assert str(models / "reader" / file) in said.err
    assert says in said.err


def test_a_broken_catalogue_of_missions_is_told(tmp_path: Path, good: Path, capsys: Capture) -> None:
    (tmp_path / "mine.toml").write_text("[[mission]\n")
    args = ["scan", "--json", "--no-builtin-marks", "--missions", str(tmp_path / "mine.toml"), str(good)]
    assert run(args) == 4
    assert str(tmp_path / "mine.toml") in capsys.readouterr().err
