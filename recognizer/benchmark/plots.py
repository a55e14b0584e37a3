"""Pictures of an evaluation: how far probabilities can be trusted, and which marks are taken for which."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from recognizer.benchmark.evaluation import Evaluation, calibration_error
from recognizer.benchmark.scoring import Tally, wilson

CONFUSED = 25  # pairs shown, those that happen most


def plots(evaluation: Evaluation) -> dict[str, bytes]:
    """PNG files by name; none for what was not asked."""
    found = {}
    if any(evaluation.reliability.values()):
        found["reliability.png"] = _reliability(evaluation)
    if evaluation.confused:
        found["confusion.png"] = _confusion(evaluation)
    return found


def _reliability(evaluation: Evaluation) -> bytes:
    figure = _figure(6, 5)
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    for what, bins in evaluation.reliability.items():
        if bins:
            label = f"{what}: {sum(b.answers for b in bins)} answers, error {calibration_error(bins):.3f}"
            axes.plot([b.probability for b in bins], [b.right for b in bins], "o-", label=label)
    axes.set(xlabel="probability given", ylabel="share right", xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes.legend(loc="upper left")
    return _png(figure)


def _confusion(evaluation: Evaluation) -> bytes:
    pairs = evaluation.confused.most_common(CONFUSED)[::-1]
    figure = _figure(8, 1 + 0.3 * len(pairs))
    axes = figure.subplots()
    axes.barh([f"{true} taken for {named}" for (true, named), _ in pairs], [n for _, n in pairs])
    axes.set(xlabel="strikes")
    axes.locator_params(axis="x", integer=True)
    return _png(figure)


def scale_plot(tallies: Sequence[Tally]) -> bytes:
    """Share right at the top against the number of marks (``Tally.exam``: ``"N marks"``), a curve a namer."""
    figure = _figure(6, 4)
    axes = figure.subplots()
    for name in dict.fromkeys(t.namer for t in tallies):
        own = [t for t in tallies if t.namer == name]
        marks, shares = [int(t.exam.split()[0]) for t in own], [t.top / t.asked for t in own]
        spans = [wilson(t.top, t.asked) for t in own]
        low = [s - a for s, (a, _) in zip(shares, spans, strict=True)]
        high = [b - s for s, (_, b) in zip(shares, spans, strict=True)]
        axes.errorbar(marks, shares, [low, high], marker="o", capsize=3, label=name)
    axes.set(xscale="log", xlabel="marks in the library", ylabel="right at the top", ylim=(0, 1.02))
    axes.legend(loc="lower left", frameon=False)
    return _png(figure)


def _figure(width: float, height: float) -> Any:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _png(figure: Any) -> bytes:
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=120)
    return buffer.getvalue()
