"""Arrays and plain settings in a safetensors file, written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

__all__ = ["load_arrays", "save_arrays"]

Array: TypeAlias = np.ndarray[Any, Any]
_KEY = "nn"


def save_arrays(
    path: str | PathLike[str], arrays: Mapping[str, Any], settings: Mapping[str, Any] | None = None
) -> None:
    """Write named arrays and JSON-able settings to `path`.

    The file is written beside its place and moved there when it is complete, so that an
    interruption leaves the old file, or none.

    Raises
    ------
    ImportError
        If safetensors is not installed.
    TypeError
        If safetensors has no such dtype.

    Examples
    --------
    >>> import tempfile, pathlib, numpy as np
    >>> path = pathlib.Path(tempfile.mkdtemp(), "a.safetensors")
    >>> save_arrays(path, {"w": np.ones(2)}, {"epoch": 3})
    >>> load_arrays(path)
    ({'w': array([1., 1.])}, {'epoch': 3})
    """
    from_numpy = _safetensors().save
    # safetensors writes the bytes as they lie: they must be contiguous and little-endian.
    ready = {name: np.array(value, order="C") for name, value in arrays.items()}
    ready = {
        name: value.astype(value.dtype.newbyteorder("="), copy=False)
        for name, value in ready.items()
    }
    for name, value in ready.items():
        if value.dtype.kind not in "biuf" or value.dtype.itemsize > 8:
            raise TypeError(
                f"{name} is {value.dtype}, which safetensors cannot hold: write "
                f"{name}.astype(np.float64), or save its parts"
            )
    content = from_numpy(ready, metadata={_KEY: json.dumps(dict(settings or {}))})
    target = Path(path)
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with open(beside, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def load_arrays(
    path: str | PathLike[str], *, kind: str | None = None
) -> tuple[dict[str, Array], dict[str, Any]]:
    """Read what `save_arrays` wrote; files of other programs have empty settings.

    Parameters
    ----------
    path : path
    kind : str, optional
        What the file should hold; refused if it says that it holds something else.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is not a whole safetensors file, or of another kind.
    """
    safetensors = _safetensors()
    content = Path(path).read_bytes()
    try:
        arrays = dict(safetensors.load(content))
        settings = _settings(content)
    except Exception as error:
        raise ValueError(
            f"{path} is not a safetensors file, or only part of one ({error}); nothing was loaded"
        ) from None
    found = settings.get("kind")
    if kind is not None and found is not None and found != kind:
        raise ValueError(
            f"{path} holds a saved {found}, not a saved {kind}: write {found}.load({str(path)!r})"
        )
    return arrays, settings


def _settings(content: bytes) -> dict[str, Any]:
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    settings: dict[str, Any] = json.loads(header.get("__metadata__", {}).get(_KEY, "{}"))
    return settings


def _safetensors() -> Any:
    try:
        import safetensors.numpy
    except ImportError as error:
        raise ImportError(
            "saving and loading needs safetensors: pip install 'autograd-np[weights]'"
        ) from error
    return safetensors.numpy
