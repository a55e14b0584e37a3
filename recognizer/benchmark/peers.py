"""What others would write in an afternoon, as the bar to stand above.

``RootSift`` is the tutorial answer: local features of the picture as it is (no ink layer, no zones), Lowe's
ratio test, an affine map by MAGSAC, most inliers wins, a fixed count makes it known. ``Embedded`` is the
other one: a convolutional network turns a picture into a vector (training/embedding.py), the nearest wins.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.benchmark.dataset import Cut, Lesson
from recognizer.geometry import Box
from recognizer.stages.portrait import darkness, portray
from recognizer.types import Identification, Match

SIDE = 400  # pixels of the longer side a strike is brought to
RATIO = 0.8  # Lowe 2004
ERROR_PX = 5.0  # reprojection error that still counts as inlier
KNOWN = 16  # inliers from which a strike counts as named: chosen in its favour on real strikes

EMBEDDED_PX = 96  # side of the pictures the embedding sees
EMBEDDED_KNOWN = 0.9  # cosine from which a strike counts as named: such embeddings are sure of themselves

Features = tuple[NDArray[np.float32], NDArray[np.float32]]  # (N, 2) places, (N, 128) descriptors


class RootSift:
    """Root-normalised SIFT (Arandjelović and Zisserman 2012), every mark tried in turn."""

    name = "RootSIFT + MAGSAC"
    exhaustive = True  # a millisecond or two a mark

    def __init__(self) -> None:
        self._sift: Any = cv2.SIFT_create(contrastThreshold=0.02)  # type: ignore[attr-defined]
        self._known: list[tuple[str, Features]] = []

    def learn(self, lessons: Iterable[Lesson]) -> None:
        """Keep the features of every strike (or drawing, dark on white)."""
        self._known = []
        for lesson in lessons:
            self._known += [(lesson.mark, self._features(c)) for c in lesson.strikes]
            if lesson.die is not None:
                self._known.append((lesson.mark, self._detect(255 - lesson.die)))

    def identify(self, cut: Cut) -> Identification:
        """Most inliers of all references."""
        asked = self._features(cut)
        best: dict[str, int] = {}
        for mark, features in self._known:
            best[mark] = max(best.get(mark, 0), _inliers(asked, features))
        ranked = sorted(best.items(), key=lambda kv: -kv[1])
        known = bool(ranked) and ranked[0][1] >= KNOWN
        return Identification(known, tuple(Match(m, float(n), min(n / 40, 1.0)) for m, n in ranked[:5]))

    def _features(self, cut: Cut) -> Features:
        rows, columns = cut.box.slices(cut.pixels.shape[1], cut.pixels.shape[0])
        gray = cv2.cvtColor(cut.pixels[rows, columns], cv2.COLOR_RGB2GRAY)
        return self._detect(np.asarray(gray, np.uint8))

    def _detect(self, gray: NDArray[np.uint8]) -> Features:
        scale = SIDE / max(gray.shape)
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        points, found = self._sift.detectAndCompute(
            cv2.resize(gray, None, fx=scale, fy=scale, interpolation=way), None
        )
        if found is None:
            return np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32)
        root = np.sqrt(found / np.maximum(found.sum(1, keepdims=True), 1e-9))
        return np.array([p.pt for p in points], np.float32), root.astype(np.float32)


class Embedded:
    """Nearest neighbour among the vectors of a plain network; ``network`` is an ONNX file."""

    name = "CNN embedding"

    def __init__(self, network: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        providers = ["CPUExecutionProvider"]
        self._session: Any = onnxruntime.InferenceSession(str(network), options, providers=providers)
        self._marks: list[str] = []
        self._vectors = np.zeros((0, 1), np.float32)

    def learn(self, lessons: Iterable[Lesson]) -> None:
        """Keep a vector of every strike and drawing."""
        self._marks, vectors = [], []
        for lesson in lessons:
            for cut in lesson.strikes:
                self._marks.append(lesson.mark)
                vectors.append(self._vector(portray(darkness(cut.pixels, cut.box), cut.box).picture))
            if lesson.die is not None:
                rows, columns = np.nonzero(lesson.die > 127)
                box = Box(columns.min(), rows.min(), np.ptp(columns) + 1.0, np.ptp(rows) + 1.0)
                self._marks.append(lesson.mark)
                vectors.append(self._vector(portray(lesson.die, box).picture))
        self._vectors = np.stack(vectors)

    def identify(self, cut: Cut) -> Identification:
        """Highest cosine of all references."""
        asked = self._vector(portray(darkness(cut.pixels, cut.box), cut.box).picture)
        best: dict[str, float] = {}
        for n in np.argsort(-(self._vectors @ asked))[:50]:
            best.setdefault(self._marks[n], float(self._vectors[n] @ asked))
        ranked = sorted(best.items(), key=lambda kv: -kv[1])[:5]
        known = bool(ranked) and ranked[0][1] >= EMBEDDED_KNOWN
        return Identification(known, tuple(Match(m, c, max(c, 0.0)) for m, c in ranked))

    def _vector(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        small = cv2.resize(picture, (EMBEDDED_PX, EMBEDDED_PX), interpolation=cv2.INTER_AREA)
        out = self._session.run(None, {"picture": small[None, None].astype(np.float32) / 255})
        return np.asarray(out[0][0], np.float32)


def _inliers(asked: Features, reference: Features) -> int:
    if len(asked[0]) < 3 or len(reference[0]) < 3:
        return 0
    likeness = asked[1] @ reference[1].T
    order = np.argpartition(-likeness, 1, axis=1)[:, :2]
    two = np.sort(np.take_along_axis(likeness, order, 1), 1)[:, ::-1]
    far = np.sqrt(np.maximum(2 - 2 * two, 0))
    good = far[:, 0] < RATIO * far[:, 1]
    if good.sum() < 3:
        return 0
    target = likeness.argmax(1)[good]
    _, inside = cv2.estimateAffine2D(
        asked[0][good], reference[0][target], method=cv2.USAC_MAGSAC, ransacReprojThreshold=ERROR_PX
    )
    return 0 if inside is None else int(inside.sum())
