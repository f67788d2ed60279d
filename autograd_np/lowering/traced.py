"""Tracing a call: twice, so that what is no function of the arguments is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd_np.graph import Leaf, Node, ancestors
from autograd_np.handle import Handle, as_array, wrap
from autograd_np.lowering import failures
from autograd_np.lowering.rewriting import with_calls
from autograd_np.lowering.tensors_trace import Final
from autograd_np.lowering.tracing import Trace, tracing
from autograd_np.lowering.weak import number
from autograd_np.program import Program, Ref
from autograd_np.tensor import Tensor
from autograd_np.trees import Rebuild, flatten


@dataclass(slots=True)
class Traced:
    """A call as a program, and what it means for the world outside.

    Attributes
    ----------
    program : Program
        Its first inputs are those of the signature, in order; `outputs` are the leaves of what is
        returned, then the gradients that are left in Tensors.
    values : list
        What the outputs were in this call, as arrays.
    tensors : dict of int to Tensor
        By `Ref.index`: the captured Tensor behind each other input.
    updated : list of (Tensor, value)
        What Tensors hold after this call.
    gradients : list of Tensor
        Those whose `grad` is set; their gradients are the last outputs.
    cleared : list of Tensor
        Those whose `grad` is None at the end.
    fresh : list of Tensor
        Those whose `grad` must be None at the beginning.
    guards : list of (callable, value)
    roll_back : callable
        Puts back what callbacks changed in this call.
    rollbacks : list of (callable, callable)
        What reads something that callbacks change, and what restores it.
    rebuild : callable
        From the leaves of the result, `count` of them, to what is returned.
    is_leaf : bool
        Whether the result is a leaf itself.
    arrays : set of int
        The captured ones, by `Ref.index`, that are plain arrays.
    made_tensors : set of int
        Positions of results that are Tensors which the function makes of arrays.
    recorded : set of int
        The outputs, by `Ref.index`, that have a gradient with respect to Tensors from outside.
    argument_places : dict of int to int
        By `Ref.index`: which input of the signature it is.
    live : set of int
        Ids of the arrays among the constants that the function did not make itself.
    held
        Keeps those arrays, and so their ids.
    """

    program: Program
    values: list[Any]
    tensors: dict[int, Any]
    updated: list[tuple[Any, Any]]
    gradients: list[Any]
    cleared: list[Any]
    fresh: list[Any]
    guards: list[tuple[Callable[[], Any], Any]]
    roll_back: Callable[[], None]
    rollbacks: list[tuple[Callable[[], Any], Callable[[Any], object]]]
    rebuild: Rebuild
    count: int
    is_leaf: bool
    arrays: set[int]
    made_tensors: set[int]
    recorded: set[int]
    argument_places: dict[int, int]
    live: set[int]
    held: Any

    def target(self, tensor: Any) -> Any:
        """A Tensor, or which input it is where it is an argument: another one at each call."""
        return self.argument_places.get(tensor.node.index, tensor)


@dataclass(slots=True)
class _Run:
    trace: Trace
    leaves: list[Any]
    refs: list[Any]
    nodes: list[Node]
    rebuild: Rebuild
    updated: list[Final]
    gradients: list[Final]
    cleared: list[Any]
    result: Any
    places: dict[int, int]


def traced(
    call: Callable[[Sequence[Any]], Any], inputs: Sequence[Any], names: Sequence[str | None]
) -> Traced:
    """Trace a function twice, compute it once.

    Parameters
    ----------
    call : callable
        The function, as one of the inputs.
    inputs : sequence of arrays, Tensors and Python numbers
    names : sequence of str or None
        The inputs' names.

    Raises
    ------
    TraceError
        If the two runs differ, or a traced value decides what is done. Nothing has been updated.
    """
    trace = Trace()
    try:
        first = _run(call, inputs, names, trace)
        second = _run(call, inputs, names, Trace(trace))
        comparison = second.trace.comparison
        assert comparison is not None
        comparison.finish(second.refs, first.refs)
    except BaseException:
        trace.roll_back()
        raise
    # What the function makes anew in each run is no place to keep anything.
    lasting = {id(cell.tensor) for cell in second.trace.cells.values()}
    gradients = [each for each in first.gradients if id(each.tensor) in lasting]
    updated = [each for each in first.updated if id(each.tensor) in lasting]
    made = comparison.made_inside.keys() | comparison.made_of.keys()
    for index, array in comparison.made_of.items():
        trace.handles[index] = wrap(array)
    arrays = {handle.node.index for handle in trace.arrays.values()} | comparison.made_of.keys()
    return Traced(
        program=_program(first, comparison.made_inside, gradients, updated),
        values=first.leaves + [each.value for each in gradients],
        tensors={
            index: tensor
            for index, tensor in trace.handles.items()
            if index not in comparison.made_inside and index not in trace.arguments
        },
        updated=[(each.tensor, each.value) for each in updated],
        gradients=[each.tensor for each in gradients],
        cleared=[tensor for tensor in first.cleared if id(tensor) in lasting],
        fresh=[t for t in trace.fresh if id(t) in lasting],
        guards=trace.guards,
        roll_back=trace.roll_back,
        rollbacks=[(read, restore) for read, restore, _ in trace.rollbacks],
        rebuild=first.rebuild,
        count=len(first.leaves),
        is_leaf=isinstance(first.result, Handle),
        arrays=arrays,
        made_tensors={
            number
            for number, ref in enumerate(first.refs)
            if isinstance(ref, Ref) and ref.index in made | trace.copies
        },
        recorded={node.index for node in first.nodes if _is_recorded(node, trace, made)},
        argument_places=first.places,
        live=comparison.live,
        held=(first, second),
    )


def _run(
    call: Callable[[Sequence[Any]], Any],
    inputs: Sequence[Any],
    names: Sequence[str | None],
    trace: Trace,
) -> _Run:
    handles: list[Handle] = []
    places: dict[int, int] = {}
    for value, name in zip(inputs, names, strict=True):
        handle = _handle(value, name)
        index = trace.argument(handle)
        places.setdefault(index, len(handles))
        if isinstance(value, np.ndarray):
            trace.plain.add(index)
        handles.append(handle)
    try:
        with tracing(trace):
            result = call(handles)
            leaves, rebuild = flatten(result)
            for leaf in leaves:
                _check_result(leaf, trace)
            refs = [trace.ref(leaf) if isinstance(leaf, Handle) else leaf for leaf in leaves]
            nodes = [leaf.node for leaf in leaves if isinstance(leaf, Tensor)]
            leaves = [leaf._value if isinstance(leaf, Handle) else leaf for leaf in leaves]
            updated, gradients, cleared = trace.changes()
    finally:
        trace.restore()
    return _Run(trace, leaves, refs, nodes, rebuild, updated, gradients, cleared, result, places)


def _is_recorded(node: Node, trace: Trace, made: set[int]) -> bool:
    """Whether a value has a gradient with respect to a Tensor that the function did not make."""
    if not node.requires_grad:
        return False
    given = trace.handles.keys() - made
    return any(
        each.requires_grad and (each.index in given or each.index in trace.written)
        for each in ancestors(node)
        if each.derivative is None
    )


def _check_result(leaf: Any, trace: Trace) -> None:
    """Raise TraceError for an object that holds what the function computed."""
    held, _ = flatten(dict(getattr(leaf, "__dict__", {})))
    for each in () if isinstance(leaf, Handle) else held:
        if isinstance(each, Handle) and trace.made(each):
            raise failures.result_object(leaf)


def _handle(value: Any, name: str | None) -> Handle:
    """An argument as the traced function is given it."""
    if isinstance(value, Handle):
        return value
    if isinstance(value, (np.ndarray, np.generic)):
        array = as_array(value)
        handle = wrap(array)
        handle._node = Leaf(handle, array.shape, array.dtype, requires_grad=False)
        handle._node.name = name
        return handle
    return number(value, name)


def _program(
    run: _Run,
    made_inside: dict[int, Handle],
    gradients: list[Final],
    updated: list[Final],
) -> Program:
    trace = run.trace
    kept = {each.tensor.node.index for each in updated}
    program = Program(
        calls=list(trace.calls),
        inputs=[ref for ref in trace.inputs if ref.index not in made_inside],
        variables=dict(trace.variables),
        gradients=dict(trace.gradients),
        outputs=[*run.refs, *(each.ref for each in gradients)],
        updates={index: ref for index, ref in trace.updates.items() if index in kept},
    )
    for ref in program.inputs:
        # An optimizer may have moved the memory during the first run.
        value = trace.handles[ref.index]._value
        program.variables[ref.index] = replace(program.variables[ref.index], value=value)
    constants = {index: _constant(tensor._value) for index, tensor in made_inside.items()}
    return with_calls(program, program.calls, constants) if constants else program


def _constant(value: Any) -> Any:
    array = np.array(value)
    array.flags.writeable = False
    return array
