"""What a trace holds for: containers, shapes, dtypes and memory layouts of the arguments.

Arrays and Python numbers are inputs, whatever else is a setting of the trace. The function that
compares is generated from the first call: it runs at every other, before a step of microseconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np

from autograd_np.handle import Handle
from autograd_np.lowering.settings import unchanged
from autograd_np.tensor import Tensor
from autograd_np.trees import flatten

# Given the arguments of a call, the values of its inputs, or None where the trace does not hold.
Match = Callable[[tuple[Any, ...], dict[str, Any]], "list[Any] | None"]


class Signature:
    """The inputs among the arguments of a call.

    Parameters
    ----------
    args, kwargs
        Of the call.
    static : collection of int or str
        Positions and names of arguments that are settings whatever they are.
    donated : collection of int
        Positions of arguments whose memory may be taken.

    Attributes
    ----------
    inputs : list
        The arrays, Tensors and Python numbers, in order.
    paths : list of str
        How each is reached, as Python expressions of ``args`` and ``kwargs``.
    donated : frozenset of int
        The inputs whose memory is taken.
    match : callable
        Finds the inputs in the arguments of another call, or None.

    Raises
    ------
    TypeError
        For an array of another library.
    """

    def __init__(
        self,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        static: Collection[int | str],
        donated: Collection[int] = (),
    ) -> None:
        self.inputs: list[Any] = []
        self.paths: list[str] = []
        self._static = frozenset(static)
        self._known: dict[str, Any] = {
            "ndarray": np.ndarray, "generic": np.generic, "Tensor": Tensor,
            "overlap": np.may_share_memory,
        }  # fmt: skip
        self._args, self._kwargs = args, kwargs
        self._leaf = 0
        # Which leaf of the arguments each input is.
        self._numbers: list[int] = []
        self._tests = [f"len(args) == {len(args)}", f"tuple(kwargs) == {tuple(kwargs)!r}"]
        self._values: list[str] = []
        # Those that are different ones.
        self._tensors: list[str] = []
        for position, value in enumerate(args):
            self._visit(value, f"args[{position}]", position in self._static)
        for name, value in kwargs.items():
            self._visit(value, f"kwargs[{name!r}]", name in self._static)
        self.donated = self._donated(donated)
        if len(self._tensors) > 1:
            self._test(f"len({{*map(id, ({', '.join(self._tensors)}))}}) == {len(self._tensors)}")
        self.match = self._generate()

    def _visit(self, value: Any, path: str, static: bool) -> None:
        if static or value is None:
            self._setting(value, path)
        elif isinstance(value, Handle):
            self._tensor(value, path)
        elif type(value) in (np.ndarray, int, float, complex) or isinstance(value, np.generic):
            self._array(value, path)
        elif isinstance(value, dict):
            self._test(f"type({path}) is {self._name(type(value))}")
            self._test(f"tuple({path}) == {self._name(tuple(value))}")
            for key, item in value.items():
                shown = repr(key) if isinstance(key, (str, int)) else self._name(key)
                self._visit(item, f"{path}[{shown}]", False)
        elif isinstance(value, (list, tuple)):
            self._test(f"type({path}) is {self._name(type(value))}")
            self._test(f"len({path}) == {len(value)}")
            for number, item in enumerate(value):
                self._visit(item, f"{path}[{number}]", False)
        elif hasattr(value, "__array_function__"):
            raise TypeError(
                f"a compiled function takes NumPy arrays, and was given a "
                f"{type(value).__module__}.{type(value).__name__}. Call the function itself, which "
                f"takes any: compiled.function(...)."
            )
        else:
            self._setting(value, path)

    def _input(self, value: Any, path: str) -> None:
        self.inputs.append(value)
        self.paths.append(path)
        self._values.append(path)
        self._numbers.append(self._leaf)
        self._leaf += 1

    def _array(self, value: Any, path: str) -> None:
        self._input(value, path)
        if not isinstance(value, (np.ndarray, np.generic)):
            self._test(f"type({path}) is {type(value).__name__}")
            return
        self._test(f"type({path}) is {self._name(type(value))}")
        self._layout(np.asarray(value), path)

    def _layout(self, array: Any, path: str) -> None:
        if array.ndim:
            self._test(f"{path}.shape == {array.shape}")
            # Where memory lies otherwise, BLAS may add up in another order.
            self._test(f"{path}.strides == {array.strides}")
        self._test(f"{path}.dtype == {self._name(array.dtype)}")

    def _tensor(self, tensor: Any, path: str) -> None:
        for other, known in zip(self.paths, self.inputs, strict=True):
            if known is tensor:
                self._test(f"{path} is {other}")
                break
        else:
            self._tensors.append(path)
        self._input(tensor, path)
        self._test(f"type({path}) is {self._name(type(tensor))}")
        self._test(f"{path}.requires_grad is {tensor.requires_grad}")
        if tensor.requires_grad:
            # What is computed from a recorded one must stay in its graph.
            self._test(f"{path}._node.derivative is None")
        self._layout(tensor._value, f"{path}._value")

    def _setting(self, value: Any, path: str) -> None:
        self._test(f"{self._name(unchanged(value))}({path})")
        # None holds no leaf.
        self._leaf += value is not None

    def _donated(self, positions: Collection[int]) -> frozenset[int]:
        """The donated inputs, whose memory nothing else that is passed may lie in."""
        found = set()
        for place, (value, path) in enumerate(zip(self.inputs, self.paths, strict=True)):
            if self.argument_of(place) not in positions or not isinstance(value, np.ndarray):
                continue
            self._test(f"{path}.flags.writeable is {value.flags.writeable}")
            shared = False
            for other, given in zip(self.paths, self.inputs, strict=True):
                if other != path and isinstance(given, np.ndarray):
                    overlap = np.may_share_memory(value, given)
                    shared |= overlap
                    self._test(f"overlap({path}, {other}) is {overlap}")
            if value.flags.writeable and not shared:
                found.add(place)
        return frozenset(found)

    def argument_of(self, place: int) -> int | None:
        """The position of the argument that an input is (in), None for a keyword's."""
        found = re.match(r"args\[(\d+)\]", self.paths[place])
        return None if found is None else int(found[1])

    def filled(self, values: Sequence[Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments with other values in the places of the inputs."""
        args = [_Setting(a) if i in self._static else a for i, a in enumerate(self._args)]
        named = {n: _Setting(a) if n in self._static else a for n, a in self._kwargs.items()}
        leaves, rebuild = flatten([args, named])
        leaves = [leaf.value if isinstance(leaf, _Setting) else leaf for leaf in leaves]
        for number, value in zip(self._numbers, values, strict=True):
            leaves[number] = value
        filled, kwargs = rebuild(leaves)
        return tuple(filled), kwargs

    def _test(self, test: str) -> None:
        self._tests.append(test)

    def _name(self, value: Any) -> str:
        name = f"known_{len(self._known)}"
        self._known[name] = value
        return name

    def _generate(self) -> Match:
        body = "\n        and ".join(self._tests)
        values = ", ".join(self._values)
        source = f"def match(args, kwargs):\n    if ({body}):\n        return [{values}]\n"
        exec(source, self._known)
        match: Match = self._known["match"]
        return match


class _Setting:
    """A setting as one leaf, whatever it holds."""

    def __init__(self, value: Any) -> None:
        self.value = value
