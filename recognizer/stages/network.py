"""What stages need of a network: a model to call, a picture made ready for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.imaging.shrink import shrunk
from recognizer.types import Rgb


class Network(Protocol):
    """A model as stages need it: its ``model.toml`` and a call that runs it."""

    @property
    def spec(self) -> Mapping[str, Any]: ...

    def __call__(self, *inputs: NDArray[np.float32]) -> list[NDArray[np.float32]]: ...


def network_input(pixels: Rgb, scale: float, pad: int) -> tuple[NDArray[np.float32], float]:
    """The picture at the network's scale, padded to multiples of 32, (1, 3, H, W), and its exact scale."""
    height, width = pixels.shape[:2]
    w, h = max(round(width * scale), 8), max(round(height * scale), 8)
    small = shrunk(pixels, w, h) if scale < 1 else cv2.resize(pixels, (w, h), interpolation=cv2.INTER_CUBIC)
    image = np.full((-(-h // 32) * 32, -(-w // 32) * 32, 3), pad, np.float32)
    image[:h, :w] = small
    return np.ascontiguousarray(image.transpose(2, 0, 1)[None] / np.float32(255)), w / width
