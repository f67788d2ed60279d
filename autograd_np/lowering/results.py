"""What a compiled function returns: arrays, or Tensors where Tensors came in, in containers."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from autograd_np.graph import Node
from autograd_np.handle import Handle, as_array, wrap
from autograd_np.lowering.rewriting import operands
from autograd_np.lowering.signature import Signature
from autograd_np.lowering.traced import Traced
from autograd_np.program import Program, Ref, Variable
from autograd_np.reverse import own
from autograd_np.trees import flatten


class Results:
    """How the outputs of a program become the result of the function.

    Parameters
    ----------
    trace : Traced
    signature : Signature
    """

    def __init__(self, trace: Traced, signature: Signature) -> None:
        # The traced one would keep the values of the trace.
        _, self._rebuild = flatten(trace.rebuild(list(range(trace.count))))
        self._gradients = [trace.target(tensor) for tensor in trace.gradients]
        self._tensors = bool(set(trace.tensors) - trace.arrays) or any(
            isinstance(value, Handle) for value in signature.inputs
        )
        places = trace.argument_places
        donated_inputs = [
            (index, place) for index, place in places.items() if place in signature.donated
        ]
        updates = dict(trace.program.updates)
        outputs: list[Any] = []
        self._nodes: list[Node | None] = []
        # For each leaf of the result: the number of an output, the place of an input, a constant.
        self._leaves: list[tuple[str, Any]] = []
        leaves = trace.program.outputs[: len(trace.program.outputs) - len(trace.gradients)]
        matched = _matched(leaves, donated_inputs, trace.program)
        for number, leaf in enumerate(leaves):
            if number in matched:
                taken = matched[number]
                if taken[0] != leaf.index:
                    updates[taken[0]] = leaf
                self._leaves.append(("input", taken[1]))
            elif isinstance(leaf, Ref):
                made = number in trace.made_tensors
                self._leaves.append(("made" if made else "output", len(outputs)))
                outputs.append(leaf)
                recorded = leaf.index in trace.recorded
                self._nodes.append(_cut(trace.program.variables[leaf.index]) if recorded else None)
            elif isinstance(leaf, np.ndarray) and id(leaf) not in trace.live:
                # The function makes it anew each time.
                kind = "tensor" if number in trace.made_tensors else "array"
                self._leaves.append((kind, np.array(leaf)))
            else:
                self._leaves.append(("constant", leaf))
        self._returned = len(outputs)
        outputs += trace.program.outputs[len(leaves) :]
        self._outputs, self._updates = outputs, updates
        # One number or array, as most steps return, needs no container.
        self._single = self._leaves == [("output", 0)] and not self._gradients and trace.is_leaf

    def forget(self, inputs: list[Any]) -> None:
        """Let go of the gradients that a call is going to replace: they take memory."""
        for target in self._gradients:
            tensor = inputs[target] if isinstance(target, int) else target
            tensor._grad = None

    def asked_of(self, program: Program) -> Program:
        """The traced program, with updates for the results that go into donated memory."""
        return replace(program, outputs=self._outputs, updates=self._updates)

    def handed_out(self, outputs: tuple[Any, ...], inputs: list[Any]) -> Any:
        """The result of a call, from the outputs of its program."""
        if self._single:
            return self._leaf(outputs[0], self._nodes[0])
        for target, gradient in zip(self._gradients, outputs[self._returned :], strict=True):
            tensor = inputs[target] if isinstance(target, int) else target
            tensor._grad = as_array(gradient)
        leaves = []
        for kind, what in self._leaves:
            if kind == "output":
                leaves.append(self._leaf(outputs[what], self._nodes[what]))
            elif kind == "made":
                leaves.append(wrap(as_array(outputs[what]), self._nodes[what]))
            elif kind == "array":
                leaves.append(np.array(what))
            elif kind == "tensor":
                leaves.append(wrap(np.array(what)))
            else:
                leaves.append(inputs[what] if kind == "input" else what)
        return self._rebuild(leaves)

    def first(self, trace: Traced, inputs: list[Any]) -> Any:
        """The result of the traced call, whose updates are made now."""
        values = [own(v) if isinstance(v, (np.ndarray, np.generic)) else v for v in trace.values]
        # A new value may be the memory of another that is updated.
        updates = [(tensor, own(value)) for tensor, value in trace.updated]
        for tensor, value in updates:
            tensor._write(Ellipsis, value)
        outputs = []
        for (kind, what), value in zip(self._leaves, values, strict=False):
            if kind in ("output", "made"):
                outputs.append(value)
            elif kind == "input" and value is not None:
                inputs[what][...] = value
        return self.handed_out((*outputs, *values[len(self._leaves) :]), inputs)

    def _leaf(self, value: Any, node: Node | None = None) -> Any:
        if not hasattr(value, "dtype"):
            return value
        array = as_array(value)
        return wrap(array, node) if self._tensors else array


class _Cut:
    """The derivative of a result whose graph the compiled function did not keep."""

    sources = names = constants = ()
    operation = SimpleNamespace(name="compiled")

    @staticmethod
    def pull(g: Any, saved: Any, parents: Any) -> tuple[Any, ...]:
        """Raise RuntimeError: a gradient would be lost in silence."""
        raise RuntimeError(
            "a gradient was asked of the result of a compiled function, which keeps no graph. "
            "Take the gradient inside of it (ag.value_and_grad, backward()), or call "
            "compiled.function, which is recorded."
        )


def _cut(variable: Variable) -> Node:
    """A node for results that would have a gradient, were they not compiled; shared by all."""
    return Node(_Cut(), (), (), variable.shape, variable.dtype)


def _matched(
    leaves: list[Any], donated: list[tuple[int, int]], program: Program
) -> dict[int, tuple[int, int]]:
    """The donated inputs, (index, place), into whose memory leaves of the result go.

    A result goes where an input was that it was computed from, else where it fits, the last ones
    first: a loss comes before new parameters.
    """
    free, matched = list(donated), {}
    for related in (True, False):
        for number, leaf in reversed(list(enumerate(leaves))):
            if number in matched or not isinstance(leaf, Ref):
                continue
            read = {leaf.index} | {
                ref.index
                for call in program.calls
                if leaf in call.outputs
                for ref in operands(call)
            }
            for each in free:
                if _fits(program, leaf, each[0]) and (not related or each[0] in read):
                    matched[number] = each
                    free.remove(each)
                    break
    return matched


def _fits(program: Program, leaf: Ref, index: int) -> bool:
    new, old = program.variables[leaf.index], program.variables[index]
    return (old.shape, old.dtype, False) == (new.shape, new.dtype, new.weak)
