"""What a training keeps so that it can go on: written whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import nn


class Stateful(Protocol):
    """A network or an optimiser."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state_dict: dict[str, Any]) -> Any: ...


def keep(path: Path, parts: Mapping[str, Stateful], **counts: float) -> None:
    """Write the states of ``parts`` and how far the training is, replacing the file in one go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    torch.save({name: part.state_dict() for name, part in parts.items()} | counts, beside)
    beside.replace(path)


def take_up(path: Path, parts: Mapping[str, Stateful], device: Any = "cpu") -> dict[str, Any]:
    """Load what ``keep`` wrote into ``parts``, and return all of it; a part it lacks stays as it is."""
    kept: dict[str, Any] = torch.load(path, map_location=device, weights_only=True)
    for name, part in parts.items():
        if name in kept:
            part.load_state_dict(kept[name])
    return kept


@torch.no_grad()  # type: ignore[untyped-decorator]
def follow(smooth: nn.Module, net: nn.Module, step: int, most: float) -> None:
    """Let a network's running mean follow it: quickly at first, so that it forgets the first steps."""
    hold = min(most, (1 + step) / (10 + step))
    for mine, new in zip(smooth.state_dict().values(), net.state_dict().values(), strict=True):
        if mine.dtype.is_floating_point:
            mine.lerp_(new, 1 - hold)
        else:
            mine.copy_(new)
