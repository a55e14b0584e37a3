"""Small pictures without end for cachets, special cancels and stamps: animals, buildings, emblems, rockets.

Every drawing is ``{"filled": [...], "cleared": [...], "strokes": [...]}``: polygons and lines (N, 2) in the
unit square, x right, y down; what ``die.py`` takes as a ``drawing``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from recognizer.training.creatures import beast, bird, plant, profile
from recognizer.training.curves import Drawing, Rng, ellipse, smooth, wobbled

__all__ = ["SUBJECTS", "Drawing", "random_picture"]


def _building(rng: Rng) -> Drawing:
    base, roof = 0.92, rng.uniform(0.35, 0.55)
    left, right = rng.uniform(0.05, 0.2), rng.uniform(0.8, 0.95)
    strokes = [np.array([[left, base], [left, roof], [right, roof], [right, base], [left, base]])]
    strokes.append(
        np.array(
            [[left - 0.04, roof], [(left + right) / 2, roof - rng.uniform(0.1, 0.3)], [right + 0.04, roof]]
        )
    )
    columns, rows = int(rng.integers(2, 7)), int(rng.integers(1, 4))
    for x in np.linspace(left + 0.07, right - 0.07, columns):
        for y in np.linspace(roof + 0.08, base - 0.14, rows):
            strokes.append(
                np.array(
                    [
                        [x - 0.025, y],
                        [x + 0.025, y],
                        [x + 0.025, y + 0.08],
                        [x - 0.025, y + 0.08],
                        [x - 0.025, y],
                    ]
                )
            )
    if rng.random() < 0.6:
        x, w, top = rng.uniform(0.3, 0.7), rng.uniform(0.05, 0.1), rng.uniform(0.02, 0.2)
        strokes.append(
            np.array([[x - w, roof], [x - w, top + 0.15], [x, top], [x + w, top + 0.15], [x + w, roof]])
        )
        strokes.append(ellipse(x, top + 0.22, w * 0.5, w * 0.5))
    for y in np.linspace(roof + 0.03, base, int(rng.integers(0, 9)))[1:]:
        strokes.append(np.array([[left, y], [right, y]]))
    strokes.append(smooth(wobbled(rng, np.array([[0.0, 0.95], [0.3, 0.93], [0.7, 0.95], [1.0, 0.94]]))))
    return {"strokes": strokes}


def _rocket(rng: Rng) -> Drawing:
    w = rng.uniform(0.06, 0.1)
    hull = np.array(
        [
            [0.5, 0.02],
            [0.5 + w * 0.6, 0.15],
            [0.5 + w, 0.3],
            [0.5 + w, 0.75],
            [0.5 - w, 0.75],
            [0.5 - w, 0.3],
            [0.5 - w * 0.6, 0.15],
        ]
    )
    strokes = [np.vstack([hull, hull[:1]])]
    for s in (-1, 1):
        strokes.append(np.array([[0.5 + s * w, 0.45], [0.5 + s * w * 2.2, 0.75], [0.5 + s * w, 0.75]]))
        strokes.append(
            smooth(
                np.array(
                    [[0.5 + s * w, 0.78], [0.5 + s * 0.2, 0.9], [0.5 + s * rng.uniform(0.25, 0.45), 0.97]]
                )
            )
        )
    strokes += [smooth(wobbled(rng, np.array([[x, 0.78], [x, 0.88], [x, 0.98]]))) for x in (0.46, 0.5, 0.54)]
    strokes += [np.array([[0.5 - w, y], [0.5 + w, y]]) for y in (0.3, 0.5)]
    return {"strokes": strokes, "filled": [hull] if rng.random() < 0.3 else []}


def _globe(rng: Rng) -> Drawing:
    strokes = [ellipse(0.5, 0.55, 0.33, 0.33)]
    strokes += [ellipse(0.5, 0.55, 0.33 * k, 0.33) for k in (0.35, 0.75)]
    strokes += [
        np.array([[0.5 - np.sqrt(0.11 - d * d), 0.55 + d], [0.5 + np.sqrt(0.11 - d * d), 0.55 + d]])
        for d in (-0.2, 0.0, 0.2)
    ]
    tilt = rng.uniform(-0.6, 0.6)
    orbit = ellipse(0, 0, 0.48, 0.16) @ np.array(
        [[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]]
    ) + (0.5, 0.5)
    craft = orbit[int(rng.integers(32))]
    return {"strokes": [*strokes, orbit], "filled": [ellipse(float(craft[0]), float(craft[1]), 0.04, 0.04)]}


def _emblem(rng: Rng) -> Drawing:
    """A shield, star or wheel with rays and a charge."""
    n = int(rng.integers(3, 9))
    t = np.arange(2 * n + 1) * np.pi / n
    r = np.where(np.arange(2 * n + 1) % 2, rng.uniform(0.12, 0.3), rng.uniform(0.3, 0.42))
    star = np.stack([0.5 + r * np.sin(t), 0.5 - r * np.cos(t)], 1)
    strokes = [star] if rng.random() < 0.7 else []
    rays = int(rng.integers(8, 40))
    if rng.random() < 0.6:
        for a in np.linspace(0, 2 * np.pi, rays, endpoint=False):
            u = np.array([np.sin(a), np.cos(a)])
            strokes.append(np.stack([0.5 + u * 0.43, 0.5 + u * rng.uniform(0.46, 0.5)]))
    if rng.random() < 0.6:
        shield = np.array([[0.25, 0.2], [0.75, 0.2], [0.75, 0.55], [0.5, 0.85], [0.25, 0.55], [0.25, 0.2]])
        strokes.append(shield)
        strokes.append(
            np.array([[0.25, 0.2], [0.75, 0.55]])
            if rng.random() < 0.5
            else np.array([[0.5, 0.2], [0.5, 0.85]])
        )
    return {"strokes": strokes, "filled": [star] if rng.random() < 0.4 else [ellipse(0.5, 0.5, 0.05, 0.05)]}


def _horn(rng: Rng) -> Drawing:
    loop = ellipse(0.45, 0.45, 0.27, 0.22)
    bell = smooth(np.array([[0.45, 0.67], [0.7, 0.7], [0.95, 0.55], [0.97, 0.85], [0.7, 0.76], [0.45, 0.72]]))
    pipe = smooth(np.array([[0.45, 0.67], [0.25, 0.66], [0.06, 0.5 + rng.uniform(-0.1, 0.1)]]))
    return {"strokes": [loop, ellipse(0.45, 0.45, 0.23, 0.18), bell, pipe]}


def _ship(rng: Rng) -> Drawing:
    hull = smooth(np.array([[0.05, 0.65], [0.2, 0.85], [0.8, 0.85], [0.97, 0.6]]))
    strokes = [hull, np.array([[0.05, 0.65], [0.97, 0.6]])]
    for x in np.linspace(0.3, 0.7, int(rng.integers(1, 4))):
        top = rng.uniform(0.05, 0.2)
        strokes.append(np.array([[x, 0.64], [x, top]]))
        strokes.append(smooth(np.array([[x, top], [x + 0.17, 0.35], [x, 0.6], [x, top]])))
    strokes += [
        smooth(np.array([[0.0, y], [0.25, y - 0.02], [0.5, y], [0.75, y - 0.02], [1.0, y]]))
        for y in (0.9, 0.96)
    ]
    return {"strokes": strokes}


def _hills(rng: Rng) -> Drawing:
    xs = np.linspace(0, 1, 9)
    strokes = [
        smooth(np.stack([xs, rng.uniform(0.25, 0.7, 9)], 1)),
        smooth(np.stack([xs, rng.uniform(0.6, 0.9, 9)], 1)),
    ]
    strokes += [
        np.array([[x, y], [x, y + 0.1]])
        for x, y in zip(rng.random(9), rng.uniform(0.75, 0.9, 9), strict=True)
    ]
    strokes.append(ellipse(rng.uniform(0.2, 0.8), 0.18, 0.1, 0.1))
    return {"strokes": strokes}


SUBJECTS: dict[str, Callable[[Rng], Drawing]] = {
    "beast": beast,
    "bird": bird,
    "building": _building,
    "rocket": _rocket,
    "globe": _globe,
    "emblem": _emblem,
    "horn": _horn,
    "plant": plant,
    "profile": profile,
    "ship": _ship,
    "hills": _hills,
}


def random_picture(rng: Rng, subject: str | None = None) -> Drawing:
    """A small drawing, mirrored half the time."""
    names = list(SUBJECTS)
    art = SUBJECTS[subject or names[int(rng.integers(len(names)))]](rng)
    if rng.random() < 0.5:
        return art
    return {part: [line * (-1, 1) + (1, 0) for line in lines] for part, lines in art.items()}
