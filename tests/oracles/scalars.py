"""One real number from a sample, written so that each library can differentiate it."""

import numpy as np

from autograd_np.rules import RULES
from autograd_np.trees import flatten


class Unsupported(Exception):  # noqa: N818 - no error: a library need not have everything
    """A library has no such function, or refuses the arguments."""


def scalar_of(function, sample, library):
    """A function of the sample's float64 and complex128 arrays alone, and those arrays.

    Parameters
    ----------
    function : callable
        The library's own.
    sample : Sample
    library : module
        With `real`, `sum`, and `asarray`; other arrays of the sample are converted by it.
    """
    values, rebuild = flatten([list(sample.args), sample.kwargs])
    floating = (np.float64, np.complex128)
    places = [i for i, v in enumerate(values) if isinstance(v, np.ndarray) and v.dtype in floating]

    def scalar(*arrays):
        filled = list(values)
        for place, array in zip(places, arrays, strict=True):
            filled[place] = array
        args, kwargs = rebuild(filled)
        result = function(*args, **kwargs)
        operation = RULES.get(function)
        if operation is not None and operation.outputs:
            result = result[: operation.visible] if isinstance(result, tuple) else result
        total = 0
        for number, out in enumerate(flatten(result)[0]):
            kind = getattr(getattr(out, "dtype", None), "kind", "")
            if kind and kind in "fc":
                total = total + library.sum(library.real(weights(out.shape, kind, number) * out))
        return total

    return scalar, [values[place] for place in places]


def weights(shape, kind, number):
    """Fixed random numbers for a result, complex for a complex one."""
    rng = np.random.default_rng([number, *shape])
    real = rng.uniform(0.5, 1.5, shape)
    return real + 1j * rng.uniform(-1, 1, shape) if kind == "c" else real


def found_in(library, label, special):
    """The library's function that NumPy's (or SciPy's) of a label is called like."""
    path = label.split(".")
    owner = special if path[0] == "special" else library
    if len(path) == 1:
        raise Unsupported(label)
    for name in path[1:]:
        owner = getattr(owner, name, None)
        if owner is None:
            raise Unsupported(label)
    return owner
