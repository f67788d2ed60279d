"""Code for the arrays of other libraries than NumPy, where NumPy's protocols do not reach.

The engine imports no such library. What it needs of one lies in a module of
`autograd_np.backends` that is named for it and imported with the first array of its kind, or is
handed to `register`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

# By the name of a library; None for those known to have none.
implementations: dict[str, Any] = {}


def register(library: str, implementation: Any) -> None:
    """Say how arrays of a library are read and written at an index.

    Parameters
    ----------
    library : str
        The top-level module in which the type of the arrays is defined.
    implementation : object
        A module, or anything else with a function ``index_add(values, index, shape)``: zeros of
        `shape`, with `values` added at `index`, repeated places adding up. It may also have
        ``getitem(a, index)``, ``index_set(a, index, value)`` and ``last_written(g, index, shape)``,
        and ``cholesky(a, upper)`` or ``svd(a, full_matrices)`` where its own is not as NumPy's.

    Examples
    --------
    >>> import types
    >>> from autograd_np.rules import backends
    >>> backends.register("mylibrary", types.SimpleNamespace(index_add=lambda v, i, shape: ...))
    >>> "mylibrary" in backends.implementations
    True
    """
    implementations[library] = implementation


def implementation(
    name: str, array: Any, default: Callable[..., Any] | None = None
) -> Callable[..., Any]:
    """The function called `name` for the library of `array`.

    Raises
    ------
    TypeError
        If there is neither that nor a default.
    """
    for cls in type(array).__mro__:
        found = getattr(_loaded(cls.__module__.partition(".")[0]), name, None)
        if found is not None:
            return found  # type: ignore[no-any-return]
    if default is not None:
        return default
    kind = f"{type(array).__module__}.{type(array).__qualname__}"
    library = kind.partition(".")[0]
    raise TypeError(
        f"{name} has no implementation for {kind}; expected a NumPy array, or one of a library "
        f"that was registered. Write autograd_np.rules.backends.register({library!r}, module), "
        f"with a function {name} in the module."
    )


def _loaded(library: str) -> Any:
    if library not in implementations:
        name = f"autograd_np.backends.{library}"
        try:
            implementations[library] = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
            implementations[library] = None
    return implementations[library]
