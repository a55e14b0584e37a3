"""The weights of a network that ships, taken up to train on: checkpoints get lost, ``model.onnx`` stays.

An ONNX file holds weights under names of its own, transposed, cut apart, in eight bits, the norms folded into
the convolutions before them. Where each weight lives is found out by planting: a network of the same kind,
filled with numbers that occur once, is written the same way, and where its numbers lie, the shipped ones lie.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recognizer.errors import KitError

Array = NDArray[np.float32]
Place = tuple[str, int]  # a node of the file, and which of its inputs
_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)
_ROW = 0.08  # root mean square of a convolution's weights after which a norm comes: their size is free


@torch.no_grad()  # type: ignore[untyped-decorator]
def take_up_shipped(net: nn.Module, network: Path, write: Callable[[Path], None]) -> list[str]:
    """Give ``net`` the weights in a shipped ONNX file; the names of parameters it lacks, left alone.

    ``write`` writes ``net`` into a file as it ships, before it is brought to eight bits. The norms answer as
    those folded into the file, until ``settle`` has seen what passes through them.
    """
    kept = {name: value.clone() for name, value in net.named_parameters()}
    places = _places(net, write)
    shipped = _weights(network)
    for place, (name, view) in places.items():
        if place not in shipped or shipped[place].shape != view.shape:
            raise KitError(
                "model",
                f"{network}: it has no weights for {name}.",
                "It was made by another release: train anew.",
            )
        view[...] = torch.tensor(shipped[place])
    _size(net, {place: name for place, (name, _) in places.items()})
    left = _planted(net) - {name for name, _ in places.values()}
    for name in left:
        net.get_parameter(name).copy_(kept[name])
    return sorted(left)


def _places(net: nn.Module, write: Callable[[Path], None]) -> dict[Place, tuple[str, Tensor]]:
    """Where the file holds what: of each place the parameter's name, and the part of it that stands there."""
    for norm in _norms(net):
        norm.running_mean.zero_()
        norm.running_var.fill_(1 - norm.eps)
        norm.weight.fill_(1)
    draw = torch.Generator().manual_seed(1)
    for name in sorted(_planted(net)):
        value = net.get_parameter(name)
        value.copy_(torch.rand(value.shape, generator=draw))
    # Without gradients torch takes ways through a network that ONNX lacks.
    with tempfile.TemporaryDirectory() as work, torch.enable_grad():
        write(Path(work) / "planted.onnx")
        planted = _weights(Path(work) / "planted.onnx")
    views = [(name, view) for name in _planted(net) for view in _views(net.get_parameter(name))]
    return {
        place: (name, view)
        for place, numbers in planted.items()
        for name, view in views
        if view.shape == numbers.shape and np.allclose(view, numbers, atol=2e-6)
    }


@torch.no_grad()  # type: ignore[untyped-decorator]
def settle(net: nn.Module, pictures: Iterable[Tensor]) -> None:
    """Part the folded norms from their convolutions again, by what passes through them; the answers stay."""
    sums: dict[nn.Module, list[Tensor]] = {}

    def seen(norm: nn.Module, inputs: tuple[Tensor]) -> None:
        x = inputs[0].double().transpose(0, 1).flatten(1)
        sums.setdefault(norm, []).append(torch.stack([x.mean(1), (x * x).mean(1)]))

    hooks = [norm.register_forward_pre_hook(seen) for norm in _norms(net)]
    net.eval()
    for picture in pictures:
        net(picture)
    for hook in hooks:
        hook.remove()
    for norm, each in sums.items():
        mean, square = torch.stack(each).mean(0)
        spread = (square - mean * mean).clamp_min(0)
        norm.bias += norm.weight * mean.float()
        norm.weight *= (spread + norm.eps).sqrt().float()
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(spread)


def _size(net: nn.Module, held: Mapping[Place, str]) -> None:
    """Give convolutions before a norm weights of the usual size, on which the pace of learning hangs."""
    after = {f"{name}.bias": norm for name, norm in net.named_modules() if isinstance(norm, _NORMS)}
    for (node, which), name in held.items():
        norm = after.get(held.get((node, 2), "")) if which == 1 else None
        if norm is not None:
            weight = net.get_parameter(name)
            size = weight.square().flatten(1).mean(1).sqrt().clamp_min(1e-6) / _ROW
            weight /= size.reshape(-1, *(1,) * (weight.ndim - 1))
            norm.weight *= size


def _norms(net: nn.Module) -> Iterator[Any]:
    return (m for m in net.modules() if isinstance(m, _NORMS))


def _planted(net: nn.Module) -> set[str]:
    """All parameters but the scales of norms, which files hold multiplied into convolutions."""
    scales = {id(norm.weight) for norm in _norms(net)}
    return {name for name, value in net.named_parameters() if id(value) not in scales}


def _views(value: nn.Parameter) -> Iterator[Tensor]:
    """A parameter as files hold it: whole, turned over, or in thirds (queries, keys and values)."""
    thirds = value.data.chunk(3) if value.ndim in (1, 2) and len(value) % 3 == 0 else ()
    for part in (value.data, *thirds):
        yield part
        if part.ndim == 2:
            yield part.T


def _weights(path: Path) -> dict[Place, Array]:
    """What each node of an ONNX file is given that is not computed, in full precision."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(path)).graph
    held = {w.name: numpy_helper.to_array(w) for w in graph.initializer}
    for node in sorted(graph.node, key=lambda node: node.op_type, reverse=True):
        if node.op_type == "Identity" and node.input[0] in held:
            held[node.output[0]] = held[node.input[0]]
        if node.op_type == "DequantizeLinear" and node.input[0] in held:
            whole, scale, zero = (held[name] for name in node.input)
            shape = (-1, *(1,) * (whole.ndim - 1)) if scale.ndim else ()
            level = (whole.astype(np.float32) - zero.reshape(shape)) * scale.reshape(shape)
            held[node.output[0]] = level.astype(np.float32)
    return {
        (node.name, i): np.asarray(held[name], np.float32)
        for node in graph.node
        if node.op_type not in ("DequantizeLinear", "QuantizeLinear")
        for i, name in enumerate(node.input)
        if name in held and held[name].dtype == np.float32
    }
