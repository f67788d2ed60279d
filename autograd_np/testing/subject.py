"""The function under check, seen as one from a list of arrays to a list of arrays."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_np.handle import Handle, unwrap, wrap
from autograd_np.recording import no_grad
from autograd_np.testing.report import Diagnosis
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
        Whether inputs coarser than float64 are accepted.

    Attributes
    ----------
    name : str
    labels : list of str
        For each differentiated input, how the user knows it.
    arrays : list of array
        Their values; not shared with the caller.
    results : list of str
        The same for the results of kind float.
    shapes, dtypes : lists
        Of those results.
    epsilon : float
        Spacing of the coarsest dtype of all inputs and results, relative to 1.
    resolution : float
        What cannot be told from zero in a result.

    Raises
    ------
    TypeError
        If there is no float input, or one that is too coarse.
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
        self.labels = [labels[place] for place in self._places]
        self.arrays = [np.array(self._leaves[place]) for place in self._places]
        for label, array in zip(self.labels, self.arrays, strict=True):
            _check_dtype(label, array.dtype, allow_float32)
        if not self.arrays:
            raise TypeError(
                f"gradcheck found no float array among the inputs of {self.name}, so there is no "
                f"gradient to check. Pass one: gradcheck(f, np.array([0.5, -1.0]))."
            )
        self._as_tensors = False
        self.resolution = 0.0
        self._describe_results()
        self.exact = all(array.dtype == np.float64 for array in self.arrays)
        dtypes = {*self.dtypes, *(array.dtype for array in self.arrays)}
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
            np.asarray(rng.uniform(0.5, 1.5, shape) * rng.choice([-1.0, 1.0], shape)).astype(dtype)
            for shape, dtype in zip(self.shapes, self.dtypes, strict=True)
        ]

    def gradient(self, seed: int) -> Subject:
        """The gradient of a random combination of the results, itself as a subject."""
        weights = self.weights(seed)

        def gradient(*inputs: Any) -> list[Any]:
            _, pullback = vjp(self.traced, *inputs)
            return list(pullback(weights))

        gradient.__name__ = self.name
        subject = Subject(gradient, self.arrays, allow_float32=True)
        subject.labels = self.labels
        # A slope much smaller than the function over its argument is lost in rounding.
        largest = max((float(np.abs(y).max(initial=0)) for y in self.plain(self.arrays)), default=0)
        reach = max((float(np.abs(x).max(initial=0)) for x in self.arrays), default=0)
        subject.resolution = self.epsilon * largest / max(1.0, reach)
        subject.results = [f"the gradient of {label}" for label in self.labels]
        return subject

    def pack(self, arrays: Sequence[Any]) -> Array:
        """Arrays as one flat vector of float64."""
        return np.concatenate([np.asarray(array, float).reshape(-1) for array in arrays])

    def unpack(self, vector: Array) -> list[Array]:
        """A flat vector as arrays of the inputs' shapes and dtypes, with memory of their own."""
        arrays, start = [], 0
        for like in self.arrays:
            part = vector[start : start + like.size]
            arrays.append(part.astype(like.dtype).reshape(like.shape))
            start += like.size
        return arrays

    def rounded(self, vector: Array) -> Array:
        """The vector that the inputs' dtypes can hold."""
        return vector if self.exact else self.pack(self.unpack(vector))

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

    def _refuse_complex(self, results: list[Any]) -> None:
        for label, i in zip(self.results, self._float_results, strict=True):
            if np.iscomplexobj(unwrap(results[i])):
                raise TypeError(
                    f"gradcheck: {label} of {self.name} is complex. Return its real and imaginary "
                    f"parts: return np.real(y), np.imag(y)."
                )

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
        for label, before, after in zip(self.labels, self.arrays, given, strict=True):
            if before.tobytes() != after.tobytes():
                raise fault(
                    "mutated",
                    f"{self.name} writes into {label}, which is the caller's. Let it work on a "
                    f"copy: x = x.copy().",
                )
        self._count = len(results)
        self._float_results = [i for i, r in enumerate(results) if _is_float(unwrap(r))]
        if not self._float_results:
            raise TypeError(
                f"gradcheck needs a function that returns float arrays, and {self.name} returned "
                f"{_described(results)}. Return the value to be checked."
            )
        several = len(results) > 1
        self.results = [f"result {i}" if several else "the result" for i in self._float_results]
        self._refuse_complex(results)
        self.shapes = [np.shape(unwrap(results[i])) for i in self._float_results]
        self.dtypes = [np.asarray(unwrap(results[i])).dtype for i in self._float_results]


def _parameters(function: Any, inputs: Sequence[Any]) -> dict[str, Any]:
    """The parameters of a module by path; {} for a plain function."""
    if not (hasattr(function, "named_parameters") and hasattr(function, "functional_call")):
        return {}
    with no_grad():
        # A layer may make its parameters when it first sees an input.
        function(*inputs)
    return {name: parameter.numpy() for name, parameter in function.named_parameters()}


def _is_float(value: Any) -> bool:
    if isinstance(value, (float, np.floating)):
        return True
    return isinstance(value, np.ndarray) and value.dtype.kind in "fc"


def _check_dtype(label: str, dtype: np.dtype[Any], allow_float32: bool) -> None:
    if dtype.kind == "c":
        raise TypeError(
            f"gradcheck: {label} is complex, of dtype {dtype}. Check a function of its real and "
            f"imaginary parts: gradcheck(lambda re, im: f(re + 1j * im), z.real, z.imag)."
        )
    if dtype == np.float16:
        raise TypeError(
            f"gradcheck: {label} is of dtype float16, too coarse for finite differences to say "
            f"anything. Write gradcheck(f, x.astype(np.float64))."
        )
    if dtype.itemsize < 8 and not allow_float32:
        raise TypeError(
            f"gradcheck: {label} is of dtype {dtype}, too coarse for finite differences to tell a "
            f"right gradient from one that is wrong by less than a percent. Write "
            f"gradcheck(f, x.astype(np.float64)), or gradcheck(f, x, allow_float32=True) to check "
            f"as far as {dtype} allows."
        )


def _described(results: list[Any]) -> str:
    if not results:
        return "None"
    dtypes = {str(getattr(unwrap(r), "dtype", type(r).__name__)) for r in results}
    return "only " + ", ".join(sorted(dtypes))
