"""The page that says, function by function, what is differentiated."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from autograd_np.conversions import TWINS
from autograd_np.rules import RULES
from autograd_np.rules.families import load_all
from autograd_np.rules.registry import CONSTANTS, REFUSED
from autograd_np.testing import CATALOGUE
from autograd_np.testing.catalogue import Sample, label
from autograd_np.trees import flatten
from tests.autograd_np.other_arrays.dask_support import IN_ONE_CHUNK, SUPPORTED
from tests.coverage.listed import listed
from tests.coverage.notes import NOTES

_ROOT = Path(__file__).parents[2]
COUNTS = Path(__file__).with_name("counts.json")
PAGE = _ROOT / "docs" / "coverage.md"

_INTRODUCTION = """# Coverage

Written by `python -m tests.coverage page` from the table of rules and the catalogue of samples.

Every function below is checked on each of its samples, to the order given, against central
differences in float64, in reverse and in forward mode, and once more on arrays of a strict
make-believe device that has nothing but NumPy's protocols. "By" says whether a function has a rule
of its own (of zeros, where its derivative is zero almost everywhere) or is written with others;
"Dask" whether its samples pass with Dask's arrays, as far as Dask has their arguments
(`tests/autograd_np/other_arrays/dask_support.py`). What the device cannot do without reading values
stands in `tests/autograd_np/other_arrays/test_device.py`.
"""

_ROW = "| {} | {} | {} | {} | {} | {} |"


def page() -> str:
    """The text of the page."""
    load_all()
    parts = [_INTRODUCTION]
    if COUNTS.exists():
        parts.append(_side_by_side(json.loads(COUNTS.read_text())))
    parts += [_family(family, names) for family, names in listed().items()]
    parts.append(_others())
    return "\n".join(parts)


def _side_by_side(counts: dict[str, Any]) -> str:
    titles = {"ours": "autograd_np", "hips": "HIPS autograd", "mygrad": "MyGrad", "jax": "JAX"}
    shown = [name for name in titles if name in counts]
    heads = [f"{titles[name]} {counts[name]['version']}".strip() for name in shown]
    lines = [
        "## Side by side\n",
        "Functions whose gradient is right in every sample of the catalogue (in brackets: in the",
        "first, plainest one), by `python -m tests.coverage`, which anyone can run after",
        "`pip install -e '.[bench]'`. The samples are calls of NumPy: a library that lacks an",
        "argument of NumPy's is not right where a sample gives it.\n",
        f"| | of | {' | '.join(heads)} |",
        f"|---|---|{'---|' * len(shown)}",
    ]
    lines += [
        _count_row(family, [counts[name]["families"][family] for name in shown])
        for family in counts[shown[0]]["families"]
    ]
    totals = [
        {
            key: sum(each[key] for each in counts[name]["families"].values())
            for key in ("every", "first", "all")
        }
        for name in shown
    ]
    lines.append(_count_row("**all**", totals))
    return "\n".join(lines) + "\n"


def _count_row(family: str, rows: list[dict[str, int]]) -> str:
    cells = " | ".join(f"{row['every']} ({row['first']})" for row in rows)
    return f"| {family} | {rows[0]['all']} | {cells} |"


def _family(family: str, names: dict[str, list[Callable[..., Any]]]) -> str:
    lines = [
        f"## {family[0].upper()}{family[1:]}\n",
        _ROW.format(*_HEAD),
        "|---|---|---|---|---|---|",
    ]
    lines += [_row(name, functions) for name, functions in names.items()]
    return "\n".join(lines) + "\n"


_HEAD = ("function", "by", "samples", "numbers", "Dask", "notes")


def _row(name: str, functions: list[Callable[..., Any]]) -> str:
    samples = [sample for function in functions for sample in CATALOGUE[function]]
    shown = name if len(functions) == 1 else f"{name} ({len(functions)} functions)"
    return _ROW.format(
        f"`{shown}`",
        _how(functions),
        _checked(samples),
        _numbers(samples),
        _dask([label(function) for function in functions]),
        NOTES.get(name, ""),
    )


def _dask(labels: list[str]) -> str:
    """Whether Dask's arrays pass through, in several chunks or in one."""
    known = [name in SUPPORTED for name in labels]
    if not all(known):
        return "in part" if any(known) else ""
    return "in one chunk" if any(name in IN_ONE_CHUNK for name in labels) else "yes"


def _how(functions: list[Callable[..., Any]]) -> str:
    kinds = set()
    for function in functions:
        if function in RULES:
            formulas = RULES[function].formulas.values()
            flat = [f for each in formulas for f in ((each,) if callable(each) else each.values())]
            zero = bool(flat) and all(_is_zero(formula) for formula in flat)
            kinds.add("rule, zero" if zero else "rule")
        else:
            kinds.add("others")
    return " or ".join(sorted(kinds))


def _is_zero(formula: Callable[..., Any]) -> bool:
    return formula.__code__.co_names == ("np", "zeros_like")


def _checked(samples: Iterable[Sample]) -> str:
    samples = list(samples)
    orders = sorted({sample.order for sample in samples})
    return f"{len(samples)}, to order {' or '.join(map(str, orders))}"


def _numbers(samples: Iterable[Sample]) -> str:
    kinds = {
        value.dtype.kind
        for sample in samples
        for value in flatten([list(sample.args), sample.kwargs])[0]
        if isinstance(value, np.ndarray) and value.dtype.kind in "fc"
    }
    return "real, complex" if "c" in kinds else "real"


def _others() -> str:
    """Functions that return plain arrays, and those that refuse."""
    plain = sorted({label(f) for f in CONSTANTS if label(f).startswith("np.")})
    refused = sorted((label(f), advice) for f, advice in REFUSED.items())
    lines = [
        "## Without a derivative\n",
        "These return plain arrays (in a full recording they are traced):",
        ", ".join(f"`{name}`" for name in plain) + ".\n",
        "## Refused, with advice\n",
        "| function | instead |",
        "|---|---|",
        *(f"| `{name}` | {advice} |" for name, advice in refused),
        "| `ufunc.at` | `t[index] += value` |",
        "| `out=`, `array += t` | a new name: `array = array + t` |",
        "| `where=` of a ufunc | `np.where(mask, np.exp(t), other)` |\n",
        "## What NumPy cannot hand over\n",
        "These convert their arguments before anybody is asked; a recorded Tensor raises there.\n",
        "| function | instead |",
        "|---|---|",
        "| `np.array([t, u])`, `np.asarray` | `ag.array([t, u])`, `np.stack([t, u])` |",
        "| `np.r_[t, u]`, `np.c_[t, u]` | `ag.r_[t, u]`, `ag.c_[t, u]` |",
        "| `np.random.normal(t, s)` | `t + s * rng.normal(size=...)` |",
        "| `np.vectorize(f)(t)`, `np.frompyfunc` | NumPy's functions on arrays, `ag.custom_op` |",
        "| `np.isscalar(t)` | `t.ndim == 0` (it returns False) |",
        "| `math.exp(t)` | `np.exp(t)` |",
        *(f"| `scipy.special.{f}` | `autograd_np.scipy.special.{f}` |" for f in TWINS),
    ]
    return "\n".join(lines) + "\n"
