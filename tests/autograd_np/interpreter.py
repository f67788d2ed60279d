"""A program run again on new inputs, by NumPy alone."""

from typing import Any

from autograd_np.program import Program, Ref


def replay(program: Program, inputs: dict[Ref, Any], outputs: list[Ref]) -> list[Any]:
    """The values of `outputs` when the program's inputs have the values in `inputs`.

    Inputs that are not given keep the value that they had in the recorded run.
    """
    values = {ref.index: program.variables[ref.index].value for ref in program.inputs}
    values.update({ref.index: value for ref, value in inputs.items()})

    def fill(value: Any) -> Any:
        if isinstance(value, Ref):
            return values[value.index]
        if isinstance(value, (list, tuple)):
            return type(value)(fill(item) for item in value)
        return value

    for call in program.calls:
        args = [fill(value) for value in call.args]
        kwargs = {name: fill(value) for name, value in call.kwargs.items()}
        result = call.function(*args, **kwargs)
        results = result if len(call.outputs) > 1 else (result,)
        for ref, each in zip(call.outputs, results, strict=True):
            values[ref.index] = each
    return [values[ref.index] for ref in outputs]
