"""How fast the press is: training strikes and covers a second on one core (processor time, this machine).

python scripts/benchmark_press.py [--seconds 10]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import cv2
import numpy as np

from recognizer.training.backdrops import SHELF, backdrop
from recognizer.training.covers import compose
from recognizer.training.designs import random_design
from recognizer.training.press import press_strike


def rate(work: Callable[[], int], seconds: float) -> float:
    """Things done a second of processor time."""
    start, count = time.process_time(), 0
    while time.process_time() - start < seconds:
        count += work()
    return count / (time.process_time() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=10)
    seconds = parser.parse_args().seconds
    cv2.setNumThreads(1)
    rng = np.random.default_rng(1)
    for number in range(SHELF):
        backdrop(number)

    def strikes(size: int) -> Callable[[], int]:
        def four() -> int:  # of one die, as a batch of siblings has them
            design = random_design(rng)
            for _ in range(4):
                press_strike(rng, design, size)
            return 4

        return four

    def cover() -> int:
        compose(rng, (1200, 800))
        return 1

    for size in (192, 224, 256):
        found = rate(strikes(size), seconds)
        print(f"strikes of {size} px, a new die every four: {found:.0f} a second")
    print(f"covers of 1200 x 800: {rate(cover, seconds):.1f} a second")


if __name__ == "__main__":
    main()
