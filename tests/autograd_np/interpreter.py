"""A program run again on new inputs, by NumPy alone."""

from dataclasses import replace
from typing import Any

from autograd_np.lowering.interpret import interpret
from autograd_np.program import Program, Ref


def replay(program: Program, inputs: dict[Ref, Any], outputs: list[Ref]) -> list[Any]:
    """The values of `outputs` when the program's inputs have the values in `inputs`.

    Inputs that are not given keep the value that they had in the recorded run.
    """
    given = {ref.index: value for ref, value in inputs.items()}
    return interpret(replace(program, outputs=outputs), given)[0]
