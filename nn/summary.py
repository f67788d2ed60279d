"""The table that `Module.summary` prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

import autograd_np as ag

if TYPE_CHECKING:
    from nn.module import Module


def summary(model: Module, x: Any = None, *, input_shape: tuple[int, ...] | None = None) -> str:
    """Return an aligned table: path, type, output shape (given an input) and parameters per module.

    Running the input builds layers whose width is found at their first call.

    Raises
    ------
    ValueError
        If both `x` and `input_shape` are given.
    """
    if x is not None and input_shape is not None:
        raise ValueError("give x or input_shape, not both: write summary(input_shape=x.shape)")
    if input_shape is not None:
        first = next(model.named_parameters(), None)
        x = np.zeros(input_shape, dtype=np.float64 if first is None else first[1].dtype)
    shapes: dict[int, str] = {} if x is None else _output_shapes(model, x)
    rows = [("layer", "type", *(["output"] if x is not None else []), "parameters")]
    for path, module in model.named_modules():
        count = sum(parameter.size for _, parameter in module.named_parameters())
        output = [shapes.get(id(module), "not called")] if x is not None else []
        number = f"{count:,}" if module.is_built() else "not built"
        rows.append((path, type(module).__name__, *output, number))
    return "\n".join([*_aligned(rows), _total(model)])


def _aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    for index, row in enumerate(rows):
        cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths[:-1], strict=True)]
        yield "  ".join([*cells, row[-1].rjust(widths[-1])])
        if index == 0:
            yield rule
    yield rule


def _total(model: Module) -> str:
    parameters = [parameter for _, parameter in model.named_parameters()]
    count = sum(parameter.size for parameter in parameters)
    size = sum(parameter.size * parameter.dtype.itemsize for parameter in parameters)
    pending = "" if model.is_built() else ", without the layers that are not built"
    return f"{count:,} parameters, {size:,} bytes{pending}"


def _output_shapes(model: Module, x: Any) -> dict[int, str]:
    shapes: dict[int, str] = {}
    modes = [(module, module.training) for module in model.modules()]
    try:
        model.eval()
        with _watched(model, shapes), ag.no_grad():
            model(x)
    finally:
        for module, mode in modes:
            module.training = mode
    return shapes


@contextmanager
def _watched(model: Module, shapes: dict[int, str]) -> Iterator[None]:
    """Shadow `forward` on each instance for one run, so that calls pay for no hooks otherwise."""
    modules = [module for module in model.modules() if "forward" not in vars(module)]

    def watch(module: Module) -> Callable[..., Any]:
        inner = module.forward

        def forward(*args: Any, **kwargs: Any) -> Any:
            output = inner(*args, **kwargs)
            shapes[id(module)] = str(getattr(output, "shape", type(output).__name__))
            return output

        return forward

    try:
        for module in modules:
            vars(module)["forward"] = watch(module)
        yield
    finally:
        for module in modules:
            vars(module).pop("forward", None)
