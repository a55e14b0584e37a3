"""What kind of thing a strike is, once its die is known: boxed cancels and hand stamps look alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from recognizer.records import MarkSpec
from recognizer.types import Identification, Region


def as_named(region: Region, named: Identification, specs: Mapping[str, MarkSpec]) -> Region:
    """The region as its die's card has it; a learnt card says ``postmark`` also where nobody was asked."""
    spec = specs.get(named.best.mark) if named.known and named.best else None
    if spec is None or (spec.status == "learnt" and spec.kind == "postmark"):
        return region
    return replace(region, kind=spec.kind)
