"""Models: a folder each with ``model.toml`` (what it is, hash, figures) and, for networks, ``model.onnx``."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer.errors import KitError
from recognizer.sources.shipped import shipped

_REMEDY = "Install the program again, or restore the file from the repository."


@dataclass(frozen=True)
class Model:
    """A model ready to run: ``spec`` is all of ``model.toml``; calling it runs the network once."""

    name: str
    version: str
    spec: Mapping[str, Any]
    network: Path | None
    threads: int = 1

    def __getstate__(self) -> dict[str, Any]:
        """Pickled without its session, which is opened again where the model is next called."""
        return {name: value for name, value in self.__dict__.items() if name != "_session"}

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False  # it would keep 70 MB of the largest calls, and is no faster
        return onnxruntime.InferenceSession(
            str(self.network), sess_options=options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, *inputs: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """Run the network on its inputs, in the order ``model.toml`` names them; its outputs likewise."""
        names = [i.name for i in self._session.get_inputs()]
        outputs: list[NDArray[np.float32]] = self._session.run(None, dict(zip(names, inputs, strict=True)))
        return outputs


def open_model(name: str, folder: Path | None = None, threads: int = 1) -> Model:
    """Open ``models/<name>``, checking that it is whole and unaltered.

    Raises KitError naming the file and the field when something is missing, unreadable or altered.
    """
    home = (folder or shipped("models")) / name
    card = home / "model.toml"
    try:
        spec = tomllib.loads(card.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise KitError("model-missing", f"{card}: the model is not there.", _REMEDY) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KitError("model-broken", f"{card}: can't be read ({error}).", _REMEDY) from None
    if not isinstance(spec.get("version"), str):
        raise KitError("model-broken", f"{card}: field 'version' is missing.", _REMEDY)
    network = None
    if "sha256" in spec:
        network = home / "model.onnx"
        try:
            found = hashlib.sha256(network.read_bytes()).hexdigest()
        except OSError as error:
            raise KitError("model-missing", f"{network}: can't be read ({error}).", _REMEDY) from None
        if found != spec["sha256"]:
            raise KitError(
                "model-altered", f"{network}: differs from field 'sha256' of {card.name}.", _REMEDY
            )
    return Model(name, spec["version"], spec, network, threads)
