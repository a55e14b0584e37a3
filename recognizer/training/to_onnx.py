"""A finished network as an ONNX file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn


def to_onnx(
    net: nn.Module, example: Tensor, path: Path, axes: Mapping[str, Mapping[int, str]], opset: int = 14
) -> None:
    """Write a network of one input, as it answers when it is not trained.

    ``axes`` names the input and, after it, the outputs, each with the axes of it that may be of any size.
    """
    name, *outputs = axes
    torch.onnx.export(
        net.eval(),
        (example,),
        str(path),
        input_names=[name],
        output_names=outputs,
        opset_version=opset,
        dynamic_axes={name: dict(free) for name, free in axes.items()},
        dynamo=False,
    )
