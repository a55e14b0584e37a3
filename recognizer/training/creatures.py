"""Animals, birds, plants and heads as line drawings, no two alike."""

from __future__ import annotations

import numpy as np

from recognizer.training.curves import Drawing, Rng, ellipse, smooth, wobbled


def beast(rng: Rng) -> Drawing:
    """A four-legged animal from the side: outline, legs, perhaps horns, hatching for the coat."""
    back, belly = rng.uniform(0.25, 0.42), rng.uniform(0.55, 0.66)
    hump = rng.uniform(0, 0.12)
    spine = [
        (0.12, back + 0.1),
        (0.25, back),
        (0.5, back + 0.03),
        (0.68, back - hump),
        (0.8, back - hump / 2),
    ]
    head = [
        (0.9, back + rng.uniform(-0.1, 0.12)),
        (0.97, back + 0.16),
        (0.88, back + 0.22),
        (0.78, back + 0.2),
    ]
    under = [(0.72, belly), (0.5, belly + 0.03), (0.28, belly), (0.14, belly - 0.08)]
    body = smooth(wobbled(rng, np.array(spine + head + under), 0.015), True)
    strokes = [np.vstack([body, body[:1]])]
    for x in (0.22, 0.32, 0.66, 0.74):
        foot = x + rng.uniform(-0.07, 0.07)
        w = rng.uniform(0.02, 0.035)
        strokes.append(
            smooth(
                np.array(
                    [
                        [x - w, belly - 0.02],
                        [foot - w, 0.75],
                        [foot - w, 0.93],
                        [foot + w, 0.93],
                        [x + w, belly],
                    ]
                )
            )
        )
    if rng.random() < 0.6:
        strokes += [
            smooth(np.array([[0.86 + s, back], [0.84 + 3 * s, back - 0.12], [0.9 + 5 * s, back - 0.2]]))
            for s in (0, 0.02)
        ]
    strokes.append(smooth(np.array([[0.12, back + 0.1], [0.05, back + 0.2], [0.08, belly]])))
    for _ in range(int(rng.integers(0, 22))):
        x, y = rng.uniform(0.2, 0.75), rng.uniform(back + 0.06, belly - 0.04)
        strokes.append(np.array([[x, y], [x + rng.uniform(-0.03, 0.03), y + rng.uniform(0.03, 0.08)]]))
    art: Drawing = {"strokes": strokes, "filled": [ellipse(0.88, back + 0.09, 0.012, 0.012)]}
    if rng.random() < 0.25:
        art["filled"].append(body)
        art["cleared"] = [ellipse(0.88, back + 0.09, 0.015, 0.015)]
    return art


def bird(rng: Rng) -> Drawing:
    y = rng.uniform(0.45, 0.55)
    body = smooth(
        np.array(
            [
                [0.05, y],
                [0.3, y - 0.1],
                [0.7, y - 0.08],
                [0.92, y - 0.12],
                [0.99, y - 0.06],
                [0.7, y + 0.1],
                [0.3, y + 0.08],
            ]
        ),
        True,
    )
    tip = rng.uniform(0.02, 0.2)
    strokes = [np.vstack([body, body[:1]])]
    for k in np.linspace(0, 0.22, int(rng.integers(3, 7))):
        strokes.append(
            smooth(np.array([[0.35 + k, y - 0.08], [0.3 + k * 0.6, tip + 0.15], [0.1 + k, tip + k * 0.5]]))
        )
        strokes.append(
            smooth(np.array([[0.35 + k, y + 0.06], [0.35 + k * 0.6, 0.8], [0.2 + k, 0.95 - k * 0.4]]))
        )
    return {"strokes": strokes, "filled": [ellipse(0.9, y - 0.07, 0.012, 0.012)]}


def plant(rng: Rng) -> Drawing:
    stem = smooth(wobbled(rng, np.array([[0.5, 0.98], [0.5, 0.7], [0.52, 0.4], [0.5, 0.3]]), 0.03))
    strokes = [stem]
    petals = int(rng.integers(5, 12))
    for a in np.linspace(0, 2 * np.pi, petals, endpoint=False):
        u, v = np.array([np.sin(a), np.cos(a)]), np.array([np.cos(a), -np.sin(a)])
        c = np.array([0.5, 0.28])
        strokes.append(
            smooth(np.stack([c, c + 0.14 * u + 0.05 * v, c + 0.24 * u, c + 0.14 * u - 0.05 * v]), True)
        )
    for s in (-1, 1):
        strokes.append(
            smooth(
                np.array([[0.5, 0.75], [0.5 + s * 0.2, 0.6], [0.5 + s * 0.36, 0.62], [0.5 + s * 0.2, 0.72]]),
                True,
            )
        )
    return {"strokes": strokes, "filled": [ellipse(0.5, 0.28, 0.05, 0.05)]}


def profile(rng: Rng) -> Drawing:
    """A head from the side, or from the front with a hat."""
    n = rng.normal(0, 0.012, 12)
    face_line = np.array(
        [
            [0.42, 0.12],
            [0.34, 0.25],
            [0.32, 0.36],
            [0.24, 0.47],
            [0.32, 0.5],
            [0.3, 0.57],
            [0.33, 0.62],
            [0.33, 0.72],
            [0.47, 0.75],
            [0.47, 0.9],
            [0.2, 0.98],
            [0.9, 0.98],
        ]
    )
    face_line[:, 0] += n
    back = smooth(
        np.array(
            [[0.42, 0.12], [0.6, 0.06], [0.78, 0.2], [0.8, 0.45], [0.7, 0.65], [0.72, 0.85], [0.9, 0.98]]
        )
    )
    hair = [
        smooth(wobbled(rng, np.array([[0.42 + k, 0.13], [0.55 + k, 0.25], [0.66 + k, 0.45]]), 0.02))
        for k in (0.0, 0.05, 0.1, 0.14)
    ]
    return {"strokes": [smooth(face_line), back, *hair], "filled": [ellipse(0.37, 0.38, 0.02, 0.012)]}
