"""How far the program's names can be trusted on this very album, learnt from what people said of it.

Each verdict on a strike whose mark the program had thought of tells whether it was right at that probability.
From enough of them the probabilities are fitted anew (Platt 1999, "Probabilistic outputs for support vector
machines"), and a strike is named when its fitted probability is at least a half.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from sqlalchemy import delete, select

from recognizer.album import schema
from recognizer.album.catalogue import Catalogue
from recognizer.records import MarkAlternative, MarkAnswer

ENOUGH = 30  # verdicts, and
EACH_WAY = 5  # right ones and wrong ones at least: fewer say nothing about where the line lies
NAMED_FROM = 0.5
_KEY = "trust"


@dataclass(frozen=True, slots=True)
class Trust:
    """Fitted on ``verdicts`` of them: log odds = ``slope`` times the program's log odds + ``shift``."""

    slope: float
    shift: float
    verdicts: int
    right_before: float  # share of these strikes answered right by the program's own threshold
    right_after: float  # and by the fitted one

    def probability(self, said: float) -> float:
        """The fitted probability for what the program said."""
        return round(1 / (1 + math.exp(-(self.slope * _log_odds(said) + self.shift))), 6)

    @property
    def threshold(self) -> float:
        """The program's probability from which a strike is named now."""
        return 1 / (1 + math.exp(self.shift / self.slope))


def refit(catalogue: Catalogue) -> Trust | None:
    """Fit anew from the verdicts and keep the result; None, and nothing kept, when there are too few."""
    v = schema.verdicts.c
    query = select(v.says, v.mark, v.answered, v.answered_probability).where(v.answered.is_not(None))
    with catalogue.transaction() as connection:
        rows = connection.execute(query).all()
    pairs = [(r.answered_probability, r.says == "mark" and r.mark == r.answered) for r in rows]
    trust = fit(pairs)
    with catalogue.transaction() as connection:
        connection.execute(delete(schema.meta).where(schema.meta.c.key == _KEY))
        if trust is not None:
            connection.execute(schema.meta.insert().values(key=_KEY, value=json.dumps(asdict(trust))))
    return trust


def told(trust: Trust) -> str:
    """What was fitted, in a sentence."""
    return (
        f"From {trust.verdicts} verdicts: a strike is named from a probability of {trust.threshold:.2f}, "
        f"which is right for {trust.right_after:.0%} of them (0.50 is for {trust.right_before:.0%})."
    )


def kept(catalogue: Catalogue) -> Trust | None:
    """What was fitted last; None when nothing was."""
    with catalogue.transaction() as connection:
        text = connection.execute(select(schema.meta.c.value).where(schema.meta.c.key == _KEY)).scalar()
    return None if text is None else Trust(**json.loads(text))


def fit(pairs: Sequence[tuple[float, bool]]) -> Trust | None:
    """From probabilities said and whether they were right; None when there are too few of either."""
    from sklearn.linear_model import LogisticRegression

    right = np.array([hit for _, hit in pairs], bool)
    if len(pairs) < ENOUGH or min(right.sum(), (~right).sum()) < EACH_WAY:
        return None
    odds = np.array([_log_odds(p) for p, _ in pairs])
    model = LogisticRegression(C=1.0).fit(odds[:, None], right)
    slope, shift = float(model.coef_[0, 0]), float(model.intercept_[0])
    if slope <= 0:  # the surer, the wronger: no threshold helps
        return None
    before = float(np.mean((odds >= _log_odds(NAMED_FROM)) == right))
    after = float(np.mean((slope * odds + shift >= 0) == right))
    return Trust(round(slope, 4), round(shift, 4), len(pairs), round(before, 4), round(after, 4))


def trusted(mark: MarkAnswer, trust: Trust, names: Mapping[str, str]) -> MarkAnswer:
    """The answer with its first candidate's probability as fitted, and so named or not named."""
    candidates = [(a.mark, a.probability) for a in mark.alternatives]
    if mark.known and mark.id is not None:
        candidates = [(mark.id, mark.probability), *candidates]
    if not candidates:
        return mark
    (first, said), *rest = candidates
    fitted = trust.probability(said)
    others = [MarkAlternative(mark=other, probability=p) for other, p in rest]
    if fitted >= NAMED_FROM:
        name = names.get(first, first)
        return MarkAnswer(id=first, name=name, known=True, probability=fitted, alternatives=others)
    every = [MarkAlternative(mark=first, probability=fitted), *others]
    return MarkAnswer(id=None, name=None, known=False, probability=fitted, alternatives=every)


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))
