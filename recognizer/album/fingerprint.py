"""What an answer depends on besides the picture: two short hashes, of the recipe and of the library."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from recognizer import __version__
from recognizer.sources.kit import Kit
from recognizer.sources.limits import Limits


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """``recipe``: program, models, missions, parameters. ``library``: the marks. ``said`` tells it in full.

    ``bounds`` are the limits on size and time: raising them is worth another try for what failed, and for
    nothing else.
    """

    recipe: str
    library: str
    bounds: str
    said: Mapping[str, Any]


def fingerprint(kit: Kit, dpi: float | None, limits: Limits, time_limit_s: float) -> Fingerprint:
    """The fingerprint of recognising with ``kit``, at a resolution told or found, within limits."""
    said = {
        "recognizer": __version__,
        "models": {name: [m.version, m.spec.get("sha256", "")] for name, m in sorted(kit.models.items())},
        "missions": _short(repr(kit.catalogue)),
        "dpi": dpi,
    }
    bounds = asdict(limits) | {"time_limit_s": time_limit_s}
    return Fingerprint(_hash_of(said), kit.library.version, _hash_of(bounds), said | {"bounds": bounds})


def _hash_of(said: Mapping[str, Any]) -> str:
    return _short(json.dumps(said, sort_keys=True))


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
