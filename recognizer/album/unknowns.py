"""The strikes an album left unnamed, sorted by die; each group on a page with what it looks like and says."""

from __future__ import annotations

import base64
import html
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from recognizer.album.catalogue import CATALOGUE, Catalogue
from recognizer.album.files import FILES
from recognizer.album.groups import Group, Unnamed, add_to_groups, groups_of, new_group, unnamed
from recognizer.files import write_atomically
from recognizer.geometry import Box
from recognizer.stages.grouping import group_strikes
from recognizer.stages.learn import consensus
from recognizer.stages.legend import read_legend
from recognizer.stages.strikes import lift_strike
from recognizer.types import Ink, LearntStrike

SHEET = "unknowns.html"
SHOWN = 40  # strikes of a group on the page
AVERAGED = 12  # strikes the consensus picture is made of: more make it no clearer
READ = 3  # strikes of a group whose legends are read
WORDS = 3  # lines told of them
LEAST_SURE = 0.55  # mean probability of a line's letters from which it is worth telling


def group_unknowns(catalogue: Catalogue, folder: Path, models: Mapping[str, Any]) -> list[Group]:
    """Sort the unnamed strikes that are in no group yet; returns all open groups, the largest first.

    ``models`` are the kit's. Groups that are there stay, and grow.
    """
    strikes = unnamed(catalogue)
    every = groups_of(catalogue, None)
    taken = {strike for group in every for strike in group.strikes}
    fresh = [(s, picture) for s in strikes.values() if s.id not in taken and (picture := load(s, folder))]
    there = groups_of(catalogue)
    known = [[p for s in g.strikes[:SHOWN] if (p := load(strikes[s], folder))] for g in there]
    kept = [n for n, pictures in enumerate(known) if pictures]
    found = group_strikes(
        [picture for _, picture in fresh],
        [known[n] for n in kept],
    )
    names = [[fresh[i][0].id for i in numbers] for numbers in found]
    add_to_groups(catalogue, [(there[n].id, joined) for n, joined in zip(kept, names, strict=False)])
    for numbers in found[len(kept) :]:
        says = _says([fresh[i][1] for i in numbers[:READ]], models.get("reader"))
        new_group(catalogue, [fresh[i][0].id for i in numbers], says)
    return groups_of(catalogue)


def load(strike: Unnamed, folder: Path) -> LearntStrike | None:
    """A strike's kept picture; None when it is gone."""
    try:
        data = np.frombuffer((folder / FILES / strike.cut.file).read_bytes(), np.uint8)
    except OSError:
        return None
    bgr = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    if bgr is None:
        return None
    pixels = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)
    return LearntStrike(pixels, Box(*map(float, strike.cut.core)))


def _says(strikes: Sequence[LearntStrike], reader: Any) -> str | None:
    """The lines most surely read on a few strikes."""
    if reader is None:
        return None
    found: Counter[str] = Counter()
    for strike in strikes:
        lifted = lift_strike(strike.pixels, strike.core, None)
        for line in read_legend(lifted, reader).texts:
            sure = float(np.mean(line.probabilities))
            if sure >= LEAST_SURE:
                found[line.text] += round(100 * sure * len(line.text))
    return " · ".join(text for text, _ in found.most_common(WORDS)) or None


def write_sheet(groups: Sequence[Group], catalogue: Catalogue, folder: Path) -> Path:
    """Write ``unknowns.html``: each group with its consensus picture, its strikes, the call that names it."""
    strikes = unnamed(catalogue)
    album = f"--album {shlex.quote(str(folder))}"
    if catalogue.where != str(folder / CATALOGUE):
        album += " --catalog URL"  # not told: it may hold a password
    parts = [_section(group, [strikes[s] for s in group.strikes], folder, album) for group in groups]
    body = "\n".join(parts) or "<p>No strike is left unnamed.</p>"
    path = folder / SHEET
    write_atomically(path, (_HEAD + body + "\n</body></html>\n").encode())
    return path


def _section(group: Group, strikes: Sequence[Unnamed], folder: Path, album: str) -> str:
    loaded = [(s, picture) for s in strikes[:SHOWN] if (picture := load(s, folder))]
    together = consensus([picture for _, picture in loaded[:AVERAGED]])
    figures = (
        [f"<figure>{_img(_png(together.picture))}<figcaption>together</figcaption></figure>"]
        if together
        else []
    )
    for strike, _ in loaded:
        data = (folder / FILES / strike.cut.file).read_bytes()
        words = " ".join(w for w in (strike.date, strike.ink) if w)
        caption = f"{html.escape(strike.id)}<br>{html.escape(words)}"
        figures.append(f"<figure>{_img(data, 'jpeg')}<figcaption>{caption}</figcaption></figure>")
    says = f"<p>says: {html.escape(group.says)}</p>" if group.says else ""
    call = html.escape(f"recognizer name {group.id} ID {album}")
    count = f"{len(strikes)} strike{'s' * (len(strikes) != 1)}"
    title = f"<h2>Group {group.id}: {count}</h2>"
    return f"<section>{title}{says}<p><code>{call}</code></p><div>{''.join(figures)}</div></section>"


def _img(data: bytes, kind: str = "png") -> str:
    return f'<img src="data:image/{kind};base64,{base64.b64encode(data).decode()}" alt="">'


def _png(ink: Ink) -> bytes:
    """Black ink on white."""
    return bytes(cv2.imencode(".png", 255 - ink)[1].tobytes())


_HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Unknown strikes</title>
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.4 system-ui, sans-serif; margin: 1rem; }
section { border-top: 1px solid #8886; padding: .5rem 0 1rem; }
h2 { font-size: 1.05rem; margin: .3rem 0; } p { margin: .2rem 0; }
div { display: flex; flex-wrap: wrap; gap: .6rem; margin-top: .5rem; }
figure { margin: 0; width: 170px; font-size: .8em; overflow-wrap: anywhere; }
img { width: 170px; height: 170px; object-fit: contain; background: #fff; border: 1px solid #8884; }
</style></head><body><h1>Unknown strikes</h1>
"""
