from __future__ import annotations

import numpy as np
import pytest

from recognizer.stages.compare import LAID_PX
from recognizer.training.matcher_pool import DIES, STRIKES, Family, make_family

torch = pytest.importorskip("torch")

from recognizer.training import comparer  # noqa: E402


@pytest.fixture(scope="module")
def family() -> Family:
    return make_family(np.random.default_rng(3), "american_dial")


def test_a_family_is_laid_on_one_frame(family: Family) -> None:
    rng = np.random.default_rng(0)
    strikes, references = comparer.laid_family(rng, family, drawings=1.0, jitter=0.0)
    assert len(strikes) == len(references) == DIES
    assert strikes[0].shape == (LAID_PX, LAID_PX)
    drawn = references[0].astype(float)
    apart = np.roll(drawn, (12, 12), (0, 1))
    alike, off = (np.corrcoef(drawn.ravel(), x.ravel())[0, 1] for x in (references[1], apart))
    assert alike > off + 0.2


def test_pairs_are_told_apart_by_their_numbers() -> None:
    asked, known, same = comparer.pairs_of(3)
    assert len(asked) == 3 * DIES * DIES + 3 * DIES
    assert int(same.sum()) == 3 * DIES
    assert torch.equal(asked[: DIES * DIES] // DIES, known[: DIES * DIES] // DIES)
    assert (asked[-3 * DIES :] // DIES != known[-3 * DIES :] // DIES).all()


def test_families_are_weighed_as_single_pairs_are(family: Family) -> None:
    torch.manual_seed(0)
    net = comparer.Comparer().eval()
    rng = np.random.default_rng(1)
    asked, known = comparer.draw_batch(rng, [family, family], comparer.ComparerParams(families=2))
    side = asked.shape[2]
    i, j, _ = comparer.pairs_of(2)
    with torch.no_grad():
        together, _ = comparer.all_pairs(net, asked, known)
        single = net(asked.reshape(-1, 1, side, side)[i], known.reshape(-1, 1, side, side)[j])
    assert torch.allclose(together, single, atol=1e-4)


def test_the_family_has_strikes_and_a_drawing(family: Family) -> None:
    assert family.pictures.shape[:2] == (DIES, STRIKES + 1)
