"""Where NaN and inf arose, as far as the values of a program are known."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_np.lowering.rewriting import operands
from autograd_np.program import Call, Program


class Faults:
    """What is not finite among the values of a program.

    Examples
    --------
    >>> import autograd_np as ag
    >>> x = ag.Tensor([0.0, 1.0], requires_grad=True)
    >>> with ag.record() as program, np.errstate(divide="ignore"):
    ...     y = (np.log(x) + 1.0).sum()
    >>> faults = Faults(program)
    >>> [faults.made_by(call) for call in program.calls]
    ['inf', '', '']
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.kinds = {
            index: kind
            for index, variable in program.variables.items()
            if (kind := kind_of(variable.value))
        }

    def has(self, index: int) -> bool:
        """Whether a value is known not to be finite."""
        return index in self.kinds

    def kind(self, index: int) -> str:
        """``"NaN"``, ``"inf"`` or, of a finite value, nothing."""
        return self.kinds.get(index, "")

    def made_by(self, call: Call) -> str:
        """What a call made of values that are known to be finite."""
        for ref in operands(call):
            if self.has(ref.index) or self.program.variables[ref.index].value is None:
                return ""
        kinds = [self.kind(ref.index) for ref in call.outputs]
        return "NaN" if "NaN" in kinds else "inf" if "inf" in kinds else ""


def kind_of(value: Any) -> str:
    """What a value holds that is not finite; nothing where all is, or where it is not known."""
    if isinstance(value, (bool, int)) or value is None:
        return ""
    if not isinstance(value, (float, complex, np.ndarray, np.generic)):
        return ""
    array = np.asarray(value)
    if array.dtype.kind not in "fc" or np.isfinite(array).all():
        return ""
    return "NaN" if np.isnan(array).any() else "inf"
