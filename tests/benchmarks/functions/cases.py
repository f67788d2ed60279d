"""The tables read: what is called, of whom, and with which arrays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tests.benchmarks.functions import algebra, arrays, elementwise
from tests.benchmarks.functions.inputs import MAKERS
from tests.coverage.listed import FAMILIES

TABLES = {
    "ufuncs": elementwise.UFUNCS,
    "reductions": arrays.REDUCTIONS,
    "statistics": arrays.STATISTICS,
    "shapes": arrays.SHAPES,
    "indexing": arrays.INDEXING,
    "sorting and selection": arrays.SORTING,
    "linear algebra": algebra.LINEAR_ALGEBRA,
    "polynomials": algebra.POLYNOMIALS,
    "Fourier transforms": algebra.FOURIER,
    "scipy.special": elementwise.SPECIAL,
    "activations and losses": elementwise.ACTIVATIONS,
}

# Calls that stand for a listed name that is no function of NumPy's.
_STAND_INS = {"operators": "x + y", "__getitem__": "x[places]", "iteration": "list(A)"}


class Case(NamedTuple):
    """One call, as NumPy's users and as PyTorch's would write it.

    Attributes
    ----------
    family : str
    call : str
        With `np`, `special` or `ag`, and the names of the inputs.
    pytorch : str
        With `torch` or `functional`; "-" where PyTorch has nothing of the kind.
    """

    family: str
    call: str
    pytorch: str

    @property
    def inputs(self) -> list[str]:
        """Names of the arrays that the call reads, in order."""
        return [name for name in MAKERS if re.search(rf"(?<![\w.]){name}(?!\w)", self.call)]

    def of(self, name: str) -> bool:
        """Whether this is the call `name`, or one of the function `name`.

        Examples
        --------
        >>> case = Case("ufuncs", "np.exp(x)", "torch.exp(x)")
        >>> case.of("np.exp"), case.of("np.exp(x)"), case.of("np.exp2")
        (True, True, False)
        """
        return (
            self.call == name or re.search(rf"(?<![\w.]){re.escape(name)}\(", self.call) is not None
        )


def cases(families: Sequence[str] = (), functions: Sequence[str] = ()) -> list[Case]:
    """The cases of the families, and of them those of the functions; by default all.

    A table has a line for each: NumPy's call, `|` and PyTorch's, which is left out where it reads
    the same with `torch` for `np`.

    Raises
    ------
    ValueError
        If a function has no case.

    Examples
    --------
    >>> [case.pytorch for case in cases(functions=["np.exp"])][0]
    'torch.exp(x)'
    """
    found = [
        _read(family, line)
        for family in families or TABLES
        for line in TABLES[family].strip().splitlines()
    ]
    if unknown := [name for name in functions if not any(case.of(name) for case in found)]:
        raise ValueError(
            f"nothing to time is called {', '.join(unknown)}: write, for example, np.exp, "
            f"special.erf, or a whole call as it stands in tests/benchmarks/functions"
        )
    return [case for case in found if not functions or any(map(case.of, functions))]


def _read(family: str, line: str) -> Case:
    call, _, pytorch = (part.strip() for part in line.partition("|"))
    same = re.sub(r"\bspecial\.", "torch.special.", re.sub(r"\bnp\.", "torch.", call))
    return Case(family, call, pytorch or same)


def left_out(timed: Iterable[Case]) -> list[str]:
    """Names of the coverage list that no case calls.

    Examples
    --------
    >>> left_out(cases())
    []
    """
    timed = list(timed)
    calls = " ".join(case.call for case in timed)
    missing = []
    for names in FAMILIES.values():
        for name in names.split():
            wanted = _STAND_INS.get(name) or name.removeprefix("ufunc") + "("
            if not name.startswith("ufunc.") and name not in _STAND_INS:
                wanted = "." + wanted
            if wanted not in calls:
                missing.append(name)
    return missing
