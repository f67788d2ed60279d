"""The one table of derivative rules, looked up by function object."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

import numpy as np

from autograd_np.rules.derivative import Derivative, Formula, Wanted, reads

F = TypeVar("F", bound=Callable[..., Any])
Formulas = Mapping[str, "Formula | Mapping[str, Formula]"]

_UFUNC_ARGUMENTS = {1: "x", 2: "x, y", 3: "x, y, z"}
_UFUNC_SETTINGS = "dtype=None, casting='same_kind', order='K', subok=True"
_GUFUNC_SETTINGS = f"{_UFUNC_SETTINGS}, axes=None, axis=None, keepdims=False"


class Operation:
    """A function with a rule.

    Attributes
    ----------
    function : callable
        What users call.
    compute : callable
        The same on arrays, without the detour by which a function of ours finds Tensors.
    name : str
        For people.
    parameters : tuple of str
        Names of the function's parameters, in order.
    differentiable : frozenset of int
        Positions of the arguments that have a formula.
    formulas : mapping
        For each differentiable argument its formula, or one formula per output that has a
        derivative.
    outputs : tuple of str
        Names of the outputs of a function that returns several; else empty.
    visible : int
        How many of them the user is handed (one: by itself); the rest are there for the formulas.
    lists : frozenset of str
        Arguments that are lists of arrays.
    shared : mapping of str to formula
        What several formulas read and is computed once.
    checked : bool
        Whether what the formulas return is looked at: see `verified`.
    """

    __slots__ = (
        "_bind",
        "_derivatives",
        "_signature",
        "checked",
        "compute",
        "differentiable",
        "formulas",
        "function",
        "lists",
        "name",
        "out",
        "outputs",
        "parameters",
        "shared",
        "visible",
    )

    def __init__(
        self,
        function: Callable[..., Any],
        signature: str | None,
        outputs: Iterable[str],
        visible: int | None,
        lists: Iterable[str],
        formulas: Formulas,
        shared: Mapping[str, Formula],
        checked: bool,
    ) -> None:
        self.function = function
        self.compute: Callable[..., Any] = getattr(function, "implementation", function)
        self.name = name_of(function)
        self.outputs = tuple(outputs)
        self.visible = max(1, len(self.outputs)) if visible is None else visible
        self.lists = frozenset(lists)
        self.formulas = formulas
        self.shared = shared
        self.checked = checked
        self._signature, self.parameters = _signature(function, signature)
        # Where `out` would stand if it were given by position.
        self.out = self.parameters.index("out") if "out" in self.parameters else sys.maxsize
        self.differentiable = frozenset(
            position for position, name in enumerate(self.parameters) if name in formulas
        )
        self._derivatives: dict[Wanted, Derivative] = {}
        self._bind: Callable[..., tuple[Any, ...]] | None = None
        self._check_names()

    def bind(self, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """The values of all parameters in a call, in order; TypeError as the function's own."""
        if self._bind is None:
            # Generated: inspect.Signature.bind takes forty times as long.
            text, names = self._signature
            values = "".join(f"{name}, " for name in self.parameters)
            name = self.function.__name__
            plain = name if name.isidentifier() else "call"
            exec(f"def {plain}({text}):\n    return ({values})", names)
            self._bind = names[plain]
        return self._bind(*args, **kwargs)

    def derivative(self, wanted: Wanted) -> Derivative:
        """The rule specialised to the `wanted` arguments, made at the first call."""
        derivative = self._derivatives.get(wanted)
        if derivative is None:
            derivative = self._derivatives[wanted] = Derivative(self, wanted)
        return derivative

    def with_lists(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """The bound values with every argument that is a list of arrays as a list."""
        if not self.lists:
            return values
        return tuple(
            list(value) if name in self.lists and value is not None else value
            for name, value in zip(self.parameters, values, strict=True)
        )

    def refuse(self, position: int) -> None:
        """Raise TypeError for a recorded Tensor as an argument that has no formula."""
        name = self.parameters[position]
        raise TypeError(
            f"{self.name} cannot be differentiated with respect to its argument {name!r}, "
            f"and was given a recorded Tensor there. Write {name}=t.detach()."
        )

    def defaults(self) -> tuple[Any, ...]:
        """The default value of each parameter, None where it has none."""
        settings = self.settings()
        return tuple(settings.get(name) for name in self.parameters)

    def settings(self) -> dict[str, Any]:
        """The parameters that have a default value, and that."""
        text, names = self._signature
        names = dict(names)
        exec(f"def probe({text}): pass", names)
        probe = names["probe"]
        positional = self.parameters[: probe.__code__.co_argcount]
        given = probe.__defaults__ or ()
        values = dict(zip(positional[len(positional) - len(given) :], given, strict=True))
        return {**values, **(probe.__kwdefaults__ or {})}

    def _check_names(self) -> None:
        known = {"g", *self.parameters, *(f"{name}_like" for name in self.parameters)}
        known |= set(self.outputs) if self.outputs else {"out"}
        for name, each in self.shared.items():
            self._check_reads(name, each, known)
        known |= set(self.shared)
        for argument, formula in self.formulas.items():
            if argument not in self.parameters:
                raise TypeError(
                    f"rule({self.name}): {self.name} has no argument {argument!r}; "
                    f"it has {', '.join(self.parameters)}."
                )
            by_output = {"": formula} if callable(formula) else formula
            for each in by_output.values():
                self._check_reads(argument, each, known)

    def _check_reads(self, argument: str, formula: Formula, known: set[str]) -> None:
        unknown = [name for name in reads(formula) if name not in known]
        if unknown:
            raise TypeError(
                f"rule({self.name}, {argument}=...): the formula reads {unknown[0]!r}, "
                f"which is none of {', '.join(sorted(known))}."
            )

    def __repr__(self) -> str:
        return f"<Operation {self.name}({', '.join(self.parameters)})>"


RULES: dict[Callable[..., Any], Operation] = {}
COMPOSITES: dict[Callable[..., Any], Callable[..., Any]] = {}
CONSTANTS: set[Callable[..., Any]] = set()
REFUSED: dict[Callable[..., Any], str] = {}

# What users write, by the function that it comes down to.
WRITTEN: dict[Callable[..., Any], str] = {}

# What others derived from the rules, by function: a new rule makes it stale.
CACHES: list[dict[Any, Any]] = []


def rule(
    function: Callable[..., Any],
    signature: str | None = None,
    /,
    *,
    outputs: Iterable[str] = (),
    visible: int | None = None,
    lists: Iterable[str] = (),
    shared: Mapping[str, Formula] | None = None,
    checked: bool = False,
    **formulas: Formula | Mapping[str, Formula],
) -> None:
    """State the derivative of `function`.

    Parameters
    ----------
    function : callable
        A NumPy function, or one made with `dispatched`.
    signature : str, optional
        Its parameters, for functions that Python cannot inspect; for ufuncs the names of its
        inputs, where `x`, `y`, `z` are not their usual ones.
    outputs : iterable of str
        Names of its outputs, when it returns several.
    visible : int, optional
        How many of the outputs the user is handed, when the rest only serve the formulas.
    lists : iterable of str
        Its arguments that are lists of arrays; their formulas return lists of gradients.
    shared : mapping of str to formula, optional
        What the formulas of several arguments read, by the name under which they read it: computed
        once for all of them.
    checked : bool
        Look at what the formulas return whenever they run, for rules that nobody has tested.
    **formulas
        For each differentiable argument, by NumPy's own name (`x`, or `x` and `y`, for ufuncs), an
        expression whose parameter names say what it reads: `g` (the gradient of the result), the
        arguments by name, ``name_like`` (shape and dtype only), `out` or an output's name, and
        settings such as `axis`. It must be linear in `g`.

    Raises
    ------
    TypeError
        If a formula reads a name that the function does not have.

    Examples
    --------
    >>> from autograd_np.rules.registry import RULES, dispatched, rule
    >>> @dispatched
    ... def cube(x):
    ...     return x**3
    >>> rule(cube, x=lambda g, x: g * (3 * x**2))
    >>> RULES.pop(cube).parameters
    ('x',)
    """
    RULES[function] = Operation(
        function, signature, outputs, visible, lists, formulas, shared or {}, checked
    )
    for cache in CACHES:
        cache.pop(function, None)


def composite(function: Callable[..., Any]) -> Callable[[F], F]:
    """Express `function` through others: decorates an implementation that calls NumPy.

    Where the function has a rule as well, the rule is for calls without keywords.
    """

    def register(implementation: F) -> F:
        COMPOSITES[function] = implementation
        return implementation

    return register


def constant(*functions: Callable[..., Any]) -> None:
    """Declare functions whose result has no derivative (comparisons, argmax, shapes)."""
    CONSTANTS.update(functions)


def written(name: str, *functions: Callable[..., Any]) -> None:
    """Have people read `name`, which is what users write, for functions that they never call.

    To be said before their rules are stated.
    """
    WRITTEN.update(dict.fromkeys(functions, name))


def name_of(function: Callable[..., Any]) -> str:
    """The name of a function for people; of a ufunc's method with that of the ufunc.

    Examples
    --------
    >>> import numpy as np
    >>> name_of(np.sin), name_of(np.add.reduce)
    ('sin', 'add.reduce')
    """
    if isinstance(function, Hashable) and function in WRITTEN:
        return WRITTEN[function]
    owner = getattr(function, "__self__", None)
    name = getattr(function, "__name__", repr(function))
    return f"{owner.__name__}.{name}" if isinstance(owner, np.ufunc) else name


def refused(function: Callable[..., Any], advice: str) -> None:
    """Declare a function that no Tensor can pass through, and what to write instead."""
    REFUSED[function] = advice


def dispatched(implementation: F) -> F:
    """Make a function of our own answer NumPy's protocol, so that it can have a rule.

    Called with arrays it just runs; called with a Tensor it hands over to the Tensor's
    ``__array_function__``, as NumPy's own functions do.
    """

    @functools.wraps(implementation)
    def public(*args: Any, **kwargs: Any) -> Any:
        for value in (*args, *kwargs.values()):
            # One level deep in lists, as for NumPy's own functions of lists of arrays.
            for item in value if isinstance(value, (list, tuple)) else (value,):
                if hasattr(item, "__autograd_np__"):
                    return item.__array_function__(public, (type(item),), args, kwargs)
        return implementation(*args, **kwargs)

    public.implementation = implementation  # type: ignore[attr-defined]
    return public  # type: ignore[return-value]


def refuse_out(name: str, out: Any) -> None:
    """Raise TypeError if a call asks for its result in an array that is there already."""
    if any(each is not None for each in (out if type(out) is tuple else (out,))):
        raise TypeError(
            f"{name}(..., out=...) writes into an array in place, which a graph cannot record. "
            f"Write the result to a new name: `array = array + t` instead of `array += t` or "
            f"`np.add(array, t, out=array)`."
        )


def nearest(function: Callable[..., Any]) -> str | None:
    """Name of the differentiable function whose name is most like that of `function`."""
    import difflib

    names = [known.__name__ for known in (*RULES, *COMPOSITES)]
    close = difflib.get_close_matches(getattr(function, "__name__", ""), names, n=1, cutoff=0.5)
    return close[0] if close else None


def _signature(
    function: Callable[..., Any], text: str | None
) -> tuple[tuple[str, dict[str, Any]], tuple[str, ...]]:
    """Source and default values of a function's parameter list, and the parameters' names."""
    if isinstance(function, np.ufunc):
        arguments = (text or _UFUNC_ARGUMENTS[function.nin]).removesuffix(", /")
        settings = _UFUNC_SETTINGS if function.signature is None else _GUFUNC_SETTINGS
        text = f"{arguments}, /, *, {settings}"
    if text is not None:
        names: dict[str, Any] = {}
        exec(f"def probe({text}): pass", names)
        return (text, {}), reads(names["probe"])
    defaults: dict[str, Any] = {}
    parts = []
    parameters = inspect.signature(function).parameters
    for name, parameter in parameters.items():
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in parts:
            parts.append("*")
        if parameter.default is not parameter.empty:
            defaults[f"default_{name}"] = parameter.default
            parts.append(f"{name}=default_{name}")
        else:
            parts.append(name)
    return (", ".join(parts), defaults), tuple(parameters)
