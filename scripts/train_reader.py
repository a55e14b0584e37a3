"""Train the reader on drawn strips and write models/reader: about an hour on one core.

    python scripts/train_reader.py --work /tmp/reader --fonts /usr/share/fonts --minutes 60

Stopped, it goes on from ``state.pt`` in the work folder. More faces under ``--fonts`` make a better reader;
the faces
that come with matplotlib are always used.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main() -> int:
    import cv2
    import matplotlib
    import torch

    from recognizer.training.reader import ReaderRecipe, ship, train
    from recognizer.training.strips import Faces

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, required=True, help="folder for the training's state")
    parser.add_argument(
        "--fonts", type=Path, action="append", default=[], help="folder with fonts, repeatable"
    )
    parser.add_argument("--minutes", type=float, default=ReaderRecipe.minutes)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--again", action="store_true", help="a new schedule from the weights found there")
    parser.add_argument("--half", action="store_true", help="bfloat16 arithmetic, where the processor has it")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).resolve().parent.parent / "models" / "reader"
    )
    parser.add_argument(
        "--ship-only", action="store_true", help="write the model from the state as it stands"
    )
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    cv2.setNumThreads(1)
    faces = Faces.found([*a.fonts, Path(matplotlib.get_data_path()) / "fonts" / "ttf"])
    recipe = ReaderRecipe(minutes=0.0 if a.ship_only else a.minutes, half=a.half)
    net = train(a.work, faces, recipe, report=lambda line: print(line, flush=True), again=a.again)
    ship(net, faces, a.out, minutes=a.minutes, work=a.work)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
