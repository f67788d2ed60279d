"""What is explained: the program of a Tensor, or of one call of a function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import numpy as np

from autograd_np.ancestry import program_of
from autograd_np.ancestry.holders import is_module
from autograd_np.ancestry.programs import checked
from autograd_np.arguments import check_floats, checked_number, name_of, plain_array
from autograd_np.full_recording import record
from autograd_np.graph import RecordedNode
from autograd_np.handle import Handle, unwrap
from autograd_np.listing import is_lean
from autograd_np.lowering.naming import input_names
from autograd_np.program import Program
from autograd_np.recording import enable_grad, outermost
from autograd_np.tensor import Tensor
from autograd_np.trees import flatten, paths


@dataclass
class Subject:
    """A program, and what is to be said of it.

    Attributes
    ----------
    title : str
    program : Program
    notes : list of str
    """

    title: str
    program: Program
    notes: list[str] = field(default_factory=list)


def of_tensor(tensor: Any, args: tuple[Any, ...], argnums: Any, frame: FrameType | None) -> Subject:
    """The computation of a Tensor."""
    if args or argnums is not None:
        raise TypeError(
            "explain() was given a Tensor and more. A Tensor is explained by itself: write "
            "ag.explain(loss), or ag.explain(f, *args) with the function that computes it."
        )
    checked(tensor, "explain")
    program, notes = _with_gradient(tensor, frame)
    subject = Subject("result", program, notes)
    variable = program.variables[program.outputs[0].index]
    if variable.name is None and variable.label is None:
        variable.label = subject.title
    subject.title = variable.name or variable.label or subject.title
    if is_lean(program) or not isinstance(tensor._node, RecordedNode):
        subject.notes.append(
            "Not all was recorded: values are shown where the reverse pass needs them, and lines "
            "and modules are missing. For all of it compute under “with ag.record():”, or write "
            "ag.explain(f, *args)."
        )
    return subject


def of_function(function: Any, args: tuple[Any, ...], argnums: Any) -> Subject:
    """One call of a function, or of a module with data."""
    if not callable(function) or isinstance(function, type):
        raise TypeError(_advice(function))
    if is_module(function) and not args:
        raise TypeError(
            f"explain() was given the module {type(function).__name__} and nothing to call it "
            f"with. Write ag.explain(model, x)."
        )
    title = type(function).__name__ if is_module(function) else name_of(function)
    leaves, rebuild = flatten(args)
    wanted = _wanted(function, args, leaves, argnums, by_default=not is_module(function))
    names = input_names(getattr(function, "forward", function), paths(args, "args"))
    given = [
        _input(*each) if _is_floating(each[0]) else each[0]
        for each in zip(leaves, wanted, names, strict=True)
    ]
    with outermost(), enable_grad(), record(), np.errstate(all="ignore"):
        # The page says itself what is not finite.
        returned = function(*rebuild(given))
    result = _result(returned, title)
    program, notes = _with_gradient(result, None)
    subject = Subject("the function" if title == "<lambda>" else title, program, notes)
    _name_the_rest(program, leaves, names)
    return subject


def _with_gradient(tensor: Any, frame: FrameType | None) -> tuple[Program, list[str]]:
    """The program of a Tensor, with the reverse pass where there can be one."""
    if unwrap(tensor).dtype.kind not in "fc" or not tensor.requires_grad:
        note = "Nothing in this computation wants a gradient: there is no reverse pass."
        return program_of((tensor,), frame, "explain"), [note]
    try:
        with np.errstate(all="ignore"):
            program = program_of((tensor,), frame, "explain", backward=True)
    except RuntimeError as error:
        # What the rules read was freed: the forward pass can still be shown.
        text = str(error)
        return program_of((tensor,), frame, "explain"), [text[:1].upper() + text[1:]]
    if tensor.shape == ():
        return program, []
    note = (
        f"The result has shape {tensor.shape}, so the reverse pass starts from ones: "
        f"what is shown is the gradient of its sum."
    )
    return program, [note]


def _wanted(
    function: Any, args: tuple[Any, ...], leaves: list[Any], argnums: Any, by_default: bool
) -> list[bool]:
    """For each leaf of the arguments, whether it gets a gradient."""
    if argnums is None:
        return [
            _wants(leaf) if isinstance(leaf, Handle) else by_default and _is_floating(leaf)
            for leaf in leaves
        ]
    given: Sequence[Any] = argnums if isinstance(argnums, (tuple, list, range)) else (argnums,)
    numbers = [checked_number(number, args, function) % len(args) for number in given]
    trees = [args[number] for number in numbers]
    check_floats(function, numbers, trees, flatten(trees)[0])
    return [number in numbers for number, arg in enumerate(args) for _ in flatten(arg)[0]]


def _is_floating(leaf: Any) -> bool:
    if hasattr(leaf, "__array_function__") or isinstance(leaf, np.generic):
        return plain_array(leaf).dtype.kind in "fc"
    return isinstance(leaf, (float, complex))


def _wants(tensor: Any) -> bool:
    return tensor._node is not None and bool(tensor._node.requires_grad)


def _input(leaf: Any, requires_grad: bool, name: str) -> Tensor:
    known = leaf._node.name if isinstance(leaf, Handle) and leaf._node is not None else None
    return Tensor(unwrap(leaf), requires_grad=requires_grad, name=known or name)


def _result(returned: Any, title: str) -> Any:
    """The result that is explained: the first that has a gradient, else the first recorded."""
    tensors = [leaf for leaf in flatten(returned)[0] if isinstance(leaf, Handle)]
    recorded = [tensor for tensor in tensors if isinstance(tensor._node, RecordedNode)]
    found = [tensor for tensor in recorded if _wants(tensor)] or recorded
    if not found:
        raise TypeError(
            f"explain() shows what the result of {title} was computed by, and it returned "
            f"{'None' if returned is None else _one(returned)} that nothing was recorded for. "
            f"Return what NumPy computes from its arguments: `return np.sum(x * x)`."
        )
    return found[0]


def _name_the_rest(program: Program, leaves: list[Any], names: list[str]) -> None:
    """Name the arrays that passed through, and the result where nobody did."""
    known = {id(leaf): name for leaf, name in zip(leaves, names, strict=True)}
    for ref in program.inputs:
        variable = program.variables[ref.index]
        if variable.constant and id(variable.value) in known:
            variable.name = known[id(variable.value)]
    result = program.variables[program.outputs[0].index]
    if result.name is None and result.label is None:
        result.label = "result"


def _one(value: Any) -> str:
    """What a value is one of, with its article."""
    kind = type(value).__name__
    if isinstance(value, np.ndarray):
        return "an array"
    return f"{'an' if kind[0].lower() in 'aeiou' else 'a'} {kind}"


def _advice(value: Any) -> str:
    given = f"explain() walks through a computation, and was given {_one(value)}. "
    if isinstance(value, type):
        given = f"explain() walks through a computation, and was given the class {value.__name__}. "
        return f"{given}Make one and write ag.explain(model, x)."
    if isinstance(value, Program):
        return f"{given}Write ag.explain(loss), with the Tensor that was computed under record()."
    if isinstance(value, (tuple, list)):
        return f"{given}Write ag.explain(loss), with one Tensor, or ag.explain(f, *args)."
    if isinstance(value, (np.ndarray, np.generic)):
        return (
            f"{given}It knows nothing of where it is from: write ag.explain(f, x), with the "
            f"function f that computes it, or ag.explain(loss) of a Tensor."
        )
    return f"{given}Write ag.explain(f, *args), with a function, or ag.explain(loss), of a Tensor."
