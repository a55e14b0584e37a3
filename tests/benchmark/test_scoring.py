from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np

from recognizer.benchmark.dataset import Cut, Exam, Question, known_exam, read_designs, unknown_exam
from recognizer.benchmark.drawn import DrawnPlan, drawn_exam
from recognizer.benchmark.ours import Ours
from recognizer.benchmark.peers import RootSift
from recognizer.benchmark.scoring import count, sit
from recognizer.geometry import Box
from recognizer.types import Identification, Match


def answer(mark: str, known: bool) -> Identification:
    return Identification(known, (Match(mark, 1.0, 0.9),))


def question(mark: str | None) -> Question:
    return Question(Cut(np.zeros((9, 9, 3), np.uint8), Box(0, 0, 9, 9)), mark, str(mark))


def test_right_wrong_and_open_are_counted_apart() -> None:
    exam = Exam("e", (), tuple(question(m) for m in ("a", "a", "a", "b", None, None)))
    answers = [
        answer("a", True), answer("a", False), answer("b", True), answer("a", False),
        answer("a", True), Identification(False, ()),
    ]  # fmt: skip
    tally = count("n", exam, answers)
    assert (tally.asked, tally.top, tally.named_right, tally.named_wrong, tally.left_open) == (6, 2, 1, 2, 3)
    assert len(tally.misses) == 4


def labelled(folder: Path) -> Path:
    rng = np.random.default_rng(0)
    for name in ("x.png", "y.png", "z.png"):
        cv2.imwrite(str(folder / name), rng.integers(0, 255, (60, 80, 3), dtype=np.uint8))
    strikes = [{"image": n, "box": [10, 10, 20, 20], "item": i} for n, i in (("x.png", "1"), ("y.png", "1"))]
    groups = [
        {
            "group": "a",
            "strikes": [*strikes, {"image": "z.png", "box": [5, 5, 30, 30], "date": "1945-01-02"}],
        },
        {"group": "b", "strikes": [{"image": "z.png", "box": [40, 20, 20, 30]}]},
    ]
    (folder / "identity.json").write_text(json.dumps(groups))
    return folder


def test_strikes_on_an_item_learnt_from_are_not_asked(tmp_path: Path) -> None:
    designs = read_designs(labelled(tmp_path))
    exam = known_exam("one", tmp_path, designs, 1)
    assert [len(lesson.strikes) for lesson in exam.lessons] == [1, 1]
    assert [q.label for q in exam.questions] == ["a z.png"]
    assert known_exam("two", tmp_path, designs, 2).questions == ()


def test_what_is_left_out_is_asked_as_unknown(tmp_path: Path) -> None:
    exam = unknown_exam("u", tmp_path, read_designs(labelled(tmp_path)), ["a"])
    assert [lesson.mark for lesson in exam.lessons] == ["b"]
    assert [q.mark for q in exam.questions] == [None] * 3


def test_a_cut_keeps_the_pixels_of_its_box(tmp_path: Path) -> None:
    designs = read_designs(labelled(tmp_path))
    cut = known_exam("one", tmp_path, designs, 1).lessons[0].strikes[0]
    image = cv2.cvtColor(cv2.imread(str(tmp_path / "x.png")), cv2.COLOR_BGR2RGB)
    rows, columns = cut.box.slices(cut.pixels.shape[1], cut.pixels.shape[0])
    assert np.array_equal(cut.pixels[rows, columns], image[10:30, 10:30])


def test_peer_and_ours_answer_a_drawn_exam() -> None:
    exam = drawn_exam("d", 3, DrawnPlan(designs=5, twins=0.0, shots=1))
    assert len(exam.lessons) == len(exam.questions) == 5
    for namer in (RootSift(), Ours()):
        tally, answers = sit(namer, exam)
        assert tally.top >= 2
        assert tally.ms > 0
        assert len(answers) == 5
