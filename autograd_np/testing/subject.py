"""The function under check, seen as one from a list of arrays to a list of arrays."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograd_np.handle import Handle, unwrap, wrap
from autograd_np.recording import no_grad
from autograd_np.testing.report import Diagnosis
from autograd_np.testing.space import pack, space_of, unpack
from autograd_np.transforms import vjp
from autograd_np.trees import flatten, paths

# pytest shows the lines of the user, not those of this file.
__tracebackhide__ = True

Array = np.ndarray[Any, Any]


class FaultError(Exception):
    """Something wrong: a diagnosis, and what else the `Report` shall say."""

    def __init__(self, diagnosis: Diagnosis | None, mode: str = "", **fields: Any) -> None:
        super().__init__(diagnosis and diagnosis.text)
        self.diagnosis = diagnosis
        self.mode = mode
        self.fields = fields


def fault(kind: str, text: str) -> FaultError:
    """What to raise where no numbers need to be shown."""
    return FaultError(Diagnosis(kind, text))


class Subject:
    """A function, and the inputs at which it is checked.

    Parameters
    ----------
    function : callable
        Of arrays or Tensors, or a module with `named_parameters` and `functional_call`.
    inputs : sequence
        Its arguments, or nested containers of them.
    allow_float32 : bool
        Whether inputs coarser than float64 and complex128 are accepted.

    Attributes
    ----------
    name : str
    inputs, outputs : list of Space
        The differentiated inputs, and the results that are real or complex numbers.
    arrays : list of array
        The values of the inputs; not shared with the caller.
    epsilon : float
        Spacing of the coarsest dtype of all inputs and results, relative to 1.
    resolution : float
        What cannot be told from zero in a result.

    Raises
    ------
    TypeError
        If there is no float or complex input, or one that is too coarse.
    """

    def __init__(
        self, function: Callable[..., Any], inputs: Sequence[Any], allow_float32: bool = False
    ) -> None:
        self.name = getattr(function, "__name__", type(function).__name__)
        self.function = function
        parameters = _parameters(function, inputs)
        leaves, self._rebuild = flatten([list(inputs), parameters])
        labels = [p for i, tree in enumerate(inputs) for p in paths(tree, f"input {i}")]
        labels += [f"parameter {name!r}" for name in parameters]
        self._leaves = [unwrap(leaf) for leaf in leaves]
        self._places = [i for i, leaf in enumerate(self._leaves) if _is_float(leaf)]
        self.arrays = [np.array(self._leaves[place]) for place in self._places]
        named = zip(self._places, self.arrays, strict=True)
        self.inputs = [space_of(labels[place], array) for place, array in named]
        for space in self.inputs:
            _check_dtype(space.label, space.dtype, allow_float32)
        if not self.arrays:
            raise TypeError(
                f"gradcheck found no float or complex array among the inputs of {self.name}, so "
                f"there is no gradient to check. Pass one: gradcheck(f, np.array([0.5, -1.0]))."
            )
        self._as_tensors = False
        self.resolution = 0.0
        self._describe_results()
        self.exact = all(space.dtype.type in (np.float64, np.complex128) for space in self.inputs)
        dtypes = {space.dtype for space in (*self.inputs, *self.outputs)}
        self.epsilon = max(float(np.finfo(dtype).eps) for dtype in dtypes)

    def plain(self, arrays: Sequence[Array]) -> list[Array]:
        """The float results for these inputs, without recording; the arrays may be written to."""
        given = [wrap(a) for a in arrays] if self._as_tensors else list(arrays)
        with no_grad(), np.errstate(all="ignore"):
            results = self._call(given)
        return [np.array(unwrap(result)) for result in self._floats(results)]

    def traced(self, *inputs: Any) -> list[Any]:
        """The float results as the function returns them, for a transform to run."""
        return [
            result if isinstance(result, Handle) else np.asarray(result)
            for result in self._floats(self._call(inputs))
        ]

    def weights(self, seed: int) -> list[Array]:
        """A random combination of the results."""
        rng = np.random.default_rng([seed, 1])
        return [
            space.array(rng.uniform(0.5, 1.5, space.size) * rng.choice([-1.0, 1.0], space.size))
            for space in self.outputs
        ]

    def gradient(self, seed: int) -> Subject:
        """The gradient of a random combination of the results, itself as a subject."""
        weights = self.weights(seed)

        def gradient(*inputs: Any) -> list[Any]:
            _, pullback = vjp(self.traced, *inputs)
            return list(pullback(weights))

        gradient.__name__ = self.name
        subject = Subject(gradient, self.arrays, allow_float32=True)
        subject.inputs = self.inputs
        # A slope much smaller than the function over its argument is lost in rounding.
        largest = max((float(np.abs(y).max(initial=0)) for y in self.plain(self.arrays)), default=0)
        reach = max((float(np.abs(x).max(initial=0)) for x in self.arrays), default=0)
        subject.resolution = self.epsilon * largest / max(1.0, reach)
        subject.outputs = [
            replace(space, label=f"the gradient of {given.label}")
            for space, given in zip(subject.outputs, self.inputs, strict=True)
        ]
        return subject

    def unpack(self, vector: Array) -> list[Array]:
        """A flat vector as arrays like the inputs, with memory of their own."""
        return unpack(vector, self.inputs)

    def rounded(self, vector: Array) -> Array:
        """The vector that the inputs' dtypes can hold."""
        return vector if self.exact else pack(self.unpack(vector))

    def _call(self, inputs: Sequence[Any]) -> list[Any]:
        leaves = list(self._leaves)
        for place, value in zip(self._places, inputs, strict=True):
            leaves[place] = value
        args, parameters = self._rebuild(leaves)
        call = self.function
        if parameters:
            call = functools.partial(call.functional_call, parameters)  # type: ignore[attr-defined]
        return flatten(call(*args))[0]

    def _floats(self, results: list[Any]) -> list[Any]:
        if len(results) != self._count:
            raise fault(
                "value",
                f"the function returned {self._count} results at first, and then {len(results)}.",
            )
        return [results[i] for i in self._float_results]

    def _results_of_tensors(self, error: Exception) -> list[Any]:
        """Run the function on Tensors, after arrays gave an error."""
        self._as_tensors = True
        try:
            with no_grad():
                return self._call([wrap(array.copy()) for array in self.arrays])
        except Exception:
            if isinstance(error, AttributeError) and "ndarray" in str(error):
                # It was written for Tensors, so what it says of arrays would mislead.
                raise
            raise error from None

    def _describe_results(self) -> None:
        """Run the function once on arrays (on constant Tensors if it wants those) to see."""
        given = [array.copy() for array in self.arrays]
        try:
            with no_grad(), np.errstate(all="ignore"):
                results = self._call(given)
        except Exception as error:
            results = self._results_of_tensors(error)
        for space, before, after in zip(self.inputs, self.arrays, given, strict=True):
            if before.tobytes() != after.tobytes():
                raise fault(
                    "mutated",
                    f"{self.name} writes into {space.label}, which is the caller's. Let it work "
                    f"on a copy: x = x.copy().",
                )
        self._count = len(results)
        self._float_results = [i for i, r in enumerate(results) if _is_float(unwrap(r))]
        if not self._float_results:
            raise TypeError(
                f"gradcheck needs a function that returns float or complex arrays, and {self.name} "
                f"returned {_described(results)}. Return the value to be checked."
            )
        several = len(results) > 1
        self.outputs = [
            space_of(f"result {i}" if several else "the result", np.asarray(unwrap(results[i])))
            for i in self._float_results
        ]


def _parameters(function: Any, inputs: Sequence[Any]) -> dict[str, Any]:
    """The parameters of a module by path; {} for a plain function."""
    if not (hasattr(function, "named_parameters") and hasattr(function, "functional_call")):
        return {}
    with no_grad():
        # A layer may make its parameters when it first sees an input.
        function(*inputs)
    return {name: parameter.numpy() for name, parameter in function.named_parameters()}


def _is_float(value: Any) -> bool:
    if isinstance(value, (float, complex, np.inexact)):
        return True
    return isinstance(value, np.ndarray) and value.dtype.kind in "fc"


def _check_dtype(label: str, dtype: np.dtype[Any], allow_float32: bool) -> None:
    if dtype == np.float16:
        raise TypeError(
            f"gradcheck: {label} is of dtype float16, too coarse for finite differences to say "
            f"anything. Write gradcheck(f, x.astype(np.float64))."
        )
    precise = "complex128" if dtype.kind == "c" else "float64"
    if np.finfo(dtype).bits < 64 and not allow_float32:
        raise TypeError(
            f"gradcheck: {label} is of dtype {dtype}, too coarse for finite differences to tell a "
            f"right gradient from one that is wrong by less than a percent. Write "
            f"gradcheck(f, x.astype(np.{precise})), or gradcheck(f, x, allow_float32=True) to "
            f"check as far as {dtype} allows."
        )


def _described(results: list[Any]) -> str:
    if not results:
        return "None"
    dtypes = {str(getattr(unwrap(r), "dtype", type(r).__name__)) for r in results}
    return "only " + ", ".join(sorted(dtypes))
