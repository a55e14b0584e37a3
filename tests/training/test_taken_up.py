"""A network that ships is taken up again: it answers as it did, and can be trained on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from recognizer.errors import KitError  # noqa: E402
from recognizer.sources.models import Model  # noqa: E402
from recognizer.training.layers import Block, conv  # noqa: E402
from recognizer.training.quantise import quantise  # noqa: E402
from recognizer.training.taken_up import settle, take_up_shipped  # noqa: E402
from recognizer.training.to_onnx import to_onnx  # noqa: E402

SIDE = 16


class _Small(torch.nn.Module):  # type: ignore[misc]
    """Convolutions, attention, a head: what the networks here are made of, and a head that only teaches."""

    def __init__(self, width: int = 12) -> None:
        super().__init__()
        self.see = torch.nn.Sequential(conv(1, width, 2), Block(width), conv(width, width, 2))
        self.where = torch.nn.Parameter(torch.randn(1, width, (SIDE // 4) ** 2))
        self.look = torch.nn.MultiheadAttention(width, 2, batch_first=True)
        self.norm, self.head = torch.nn.LayerNorm(width), torch.nn.Linear(width, 5)
        self.teaches = torch.nn.Linear(width, 3)

    def forward(self, x: Any) -> Any:
        seen = self.see(x).flatten(2)
        keys = (seen + self.where).transpose(1, 2)
        told = self.look(keys, keys, seen.transpose(1, 2), need_weights=False)[0]
        return self.head(self.norm(told.mean(1)))


def _write(net: Any, path: Path) -> None:
    to_onnx(net, torch.zeros(1, 1, SIDE, SIDE), path, {"image": {0: "n"}, "told": {0: "n"}})


def _pictures(seed: int) -> Any:
    return np.random.default_rng(seed).random((24, 1, SIDE, SIDE), np.float32)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that was trained a little and shipped in eight bits."""
    torch.manual_seed(1)
    net, path = _Small(), tmp_path_factory.mktemp("net") / "model.onnx"
    optimiser = torch.optim.AdamW(net.parameters(), 0.01)
    for step in range(20):
        net(torch.from_numpy(_pictures(step))).square().mean().sub(1).abs().backward()
        optimiser.step()
        optimiser.zero_grad()
    _write(net, path)
    quantise(path, "image", [_pictures(90)], kinds=("Conv",))
    return path


def _other(width: int = 12) -> Any:
    torch.manual_seed(2)
    return _Small(width).to(memory_format=torch.channels_last)


def test_it_answers_as_what_ships_and_keeps_what_does_not(network: Path) -> None:
    net, pictures = _other(), _pictures(5)
    teaches = net.teaches.weight.detach().clone()
    left = take_up_shipped(net, network, lambda path: _write(net, path))
    assert left == ["teaches.bias", "teaches.weight"]
    assert torch.equal(net.teaches.weight, teaches)
    (wanted,) = Model("small", "", {}, network)(pictures)
    with torch.no_grad():
        told = net.eval()(torch.from_numpy(pictures)).numpy()
    assert np.abs(told - wanted).mean() < 0.05 * np.abs(wanted - wanted.mean(0)).mean()


def test_settled_it_answers_alike_while_it_is_trained(network: Path) -> None:
    net, pictures = _other(), torch.from_numpy(_pictures(6))
    take_up_shipped(net, network, lambda path: _write(net, path))
    with torch.no_grad():
        before = net.eval()(pictures)
        settle(net, [pictures])
        after, trained = net.eval()(pictures), net.train()(pictures)
    assert torch.allclose(after, before, atol=1e-5)
    assert torch.allclose(trained, before, atol=1e-5)


def test_a_file_of_another_kind_of_network_is_named(network: Path) -> None:
    net = _other(width=8)
    with pytest.raises(KitError, match=r"model\.onnx: it has no weights for"):
        take_up_shipped(net, network, lambda path: _write(net, path))
