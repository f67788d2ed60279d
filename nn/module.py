"""Module and Parameter: a network is an object whose attributes are parameters and modules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from os import PathLike
from typing import Any, TypeAlias

import numpy as np

import autograd_np as ag
from nn import serialization
from nn.drawing import draw as _draw
from nn.loading import load_arrays_into
from nn.substitution import functional_call as _functional_call
from nn.substitution import stands_in
from nn.summary import summary as _summary

__all__ = ["Module", "Parameter"]

Array: TypeAlias = np.ndarray[Any, Any]

# Found once: every call of every module asks whether a recording is made.
_current_mode = ag.current_mode


class Parameter(ag.Tensor):
    """A `Tensor` that a module trains: it requires a gradient, and modules find it by its type.

    Examples
    --------
    >>> Parameter([1.0, 2.0]).requires_grad
    True
    """

    def __init__(self, value: Any, name: str | None = None) -> None:
        super().__init__(value, requires_grad=True, name=name)


class Module:
    """Base of layers and networks: give it a `forward`, call it like a function.

    Whatever is set as an attribute is found: a `Parameter`, a `Module`, and lists, tuples and
    dicts of them. There is nothing to register and no base initialiser to call.

    Attributes
    ----------
    training : bool
        True by default; set through `train` and `eval`. Only layers such as `Dropout` read it.

    Examples
    --------
    >>> import numpy as np
    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope = Parameter(2.0)
    ...         self.offset = Parameter(1.0)
    ...
    ...     def forward(self, x):
    ...         return x * self.slope + self.offset
    >>> line = Line()
    >>> line(np.array([0.0, 1.0])).numpy()
    array([1., 3.])
    >>> [name for name, parameter in line.named_parameters()]
    ['slope', 'offset']
    """

    training: bool = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return what `forward` computes."""
        if _current_mode().program is None:
            return self.forward(*args, **kwargs)
        with ag.module_scope(self):
            return self.forward(*args, **kwargs)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the output; every module defines its own.

        Raises
        ------
        NotImplementedError
            If the subclass has none.
        """
        raise NotImplementedError(
            f"{type(self).__name__} has no forward: write def forward(self, x): return ..."
        )

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """Yield ``(name, module)`` for the modules held directly, in the order they were set."""
        for name, value in vars(self).items():
            yield from _found(name, value, Module)

    def children(self) -> Iterator[Module]:
        """Yield the modules held directly."""
        for _, child in self.named_children():
            yield child

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """Yield ``(path, module)`` for this module (path ``""``) and all within; each one once."""
        seen: set[int] = set()
        pending: list[tuple[str, Module]] = [(prefix, self)]
        while pending:
            path, module = pending.pop()
            if id(module) in seen:
                continue
            seen.add(id(module))
            yield path, module
            inner = [(_join(path, name), child) for name, child in module.named_children()]
            pending.extend(reversed(inner))

    def modules(self) -> Iterator[Module]:
        """Yield this module and all within; each one once."""
        for _, module in self.named_modules():
            yield module

    def named_parameters(self, prefix: str = "") -> Iterator[tuple[str, Parameter]]:
        """Yield ``(path, parameter)`` for all parameters; a shared one once, by its first path."""
        seen: set[int] = set()
        for path, module in self.named_modules(prefix):
            for name, value in vars(module).items():
                for inner, parameter in _found(name, value, Parameter):
                    if id(parameter) not in seen:
                        seen.add(id(parameter))
                        yield _join(path, inner), parameter

    def parameters(self) -> Iterator[Parameter]:
        """Return an iterator of all parameters; a shared one comes once.

        Raises
        ------
        ValueError
            If a layer has none yet: an optimizer would go without them and say nothing.
        """
        for path, module in self.named_modules():
            if not module._has_parameters():
                raise ValueError(
                    f"layer {path!r} ({type(module).__name__}) has no parameters before the first "
                    "call: give in_features=, call the model once, or give the optimizer the "
                    "module itself, as in SGD(model)"
                )
        return iter([parameter for _, parameter in self.named_parameters()])

    def is_built(self) -> bool:
        """Whether every layer has its parameters; `Dense` finds its width at the first call."""
        return all(module._has_parameters() for module in self.modules())

    def train(self, mode: bool = True) -> Module:
        """Set `training` here and in every module within; return self."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Module:
        """Set `training` to False here and in every module within; return self."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to None."""
        for _, parameter in self.named_parameters():
            parameter.grad = None

    def state_dict(self) -> dict[str, Array]:
        """Return copies of all parameters by path; later training does not change them.

        Examples
        --------
        >>> import nn
        >>> list(nn.Linear(2, 1).state_dict())
        ['weight', 'bias']
        """
        return {path: parameter.data.copy() for path, parameter in self.named_parameters()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Copy `state` into the parameters; all of it, or nothing when anything does not fit.

        Parameters
        ----------
        state : mapping of str to array
            The names, shapes and dtypes of `state_dict()`. A `Dense` layer that has not been
            called yet takes its input width from here.

        Raises
        ------
        ValueError
            If names are missing or unknown, or a shape or dtype differs: all such faults in one
            message.
        """
        load_arrays_into(self, {name: np.asarray(value) for name, value in state.items()})

    def save(self, path: str | PathLike[str]) -> None:
        """Write the parameters to a safetensors file; an old file is replaced whole or not at all.

        Raises
        ------
        ImportError
            If safetensors is not installed (extra ``weights``).
        """
        serialization.save_arrays(path, self.state_dict(), {"kind": "module"})

    def load(self, path: str | PathLike[str]) -> None:
        """Read parameters that `save` wrote (or any safetensors file of the same names and shapes).

        Raises
        ------
        FileNotFoundError, ValueError
            If there is no such file, it is not a whole safetensors file, or it does not fit: the
            module is as before.
        """
        arrays, _ = serialization.load_arrays(path, kind="module")
        try:
            self.load_state_dict(arrays)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None

    def summary(self, x: Any = None, *, input_shape: tuple[int, ...] | None = None) -> str:
        """Return a table of the layers, their output shapes and their numbers of parameters.

        Parameters
        ----------
        x : array, optional
            An input to run once (in evaluation mode, unrecorded) for the output shapes.
        input_shape : tuple of int, optional
            The shape of such an input, the batch included; zeros are run.

        Examples
        --------
        >>> import nn
        >>> print(nn.Sequential(nn.Linear(4, 3), nn.ReLU()).summary(input_shape=(150, 4)))
        layer  type        output    parameters
        ---------------------------------------
               Sequential  (150, 3)          15
        0      Linear      (150, 3)          15
        1      ReLU        (150, 3)           0
        ---------------------------------------
        15 parameters, 120 bytes
        """
        return _summary(self, x, input_shape=input_shape)

    draw = _draw

    def functional_call(self, parameters: Mapping[str, Any], /, *args: Any, **kwargs: Any) -> Any:
        """Call the module with the given values in place of its parameters.

        As the function `nn.functional_call`, which says more.

        Examples
        --------
        >>> import numpy as np
        >>> import nn
        >>> model = nn.Linear(2, 1, bias=False)
        >>> model.functional_call({"weight": [[1.0, 10.0]]}, np.array([2.0, 3.0])).numpy()
        array([32.])
        """
        return _functional_call(self, parameters, *args, **kwargs)

    def extra_repr(self) -> str:
        """Return what `repr` shows between the brackets of a module without children."""
        return ""

    def __repr__(self) -> str:
        lines = [f"({name}): {child!r}" for name, child in self.named_children()]
        if not lines:
            return f"{type(self).__name__}({self.extra_repr()})"
        body = "\n".join(lines).replace("\n", "\n  ")
        return f"{type(self).__name__}({self.extra_repr()}\n  {body}\n)"

    def _has_parameters(self) -> bool:
        return True

    def _parameters_from(self, state: Mapping[str, Array]) -> dict[str, Any] | None:
        """Return attributes for a layer without parameters yet, shaped as in `state`, or None."""
        return None


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _found(name: str, value: Any, kind: type) -> Iterator[tuple[str, Any]]:
    """Yield the instances of `kind` in an attribute, through lists, tuples and dicts."""
    if isinstance(value, kind) or (kind is Parameter and stands_in(value)):
        yield name, value
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _found(f"{name}.{index}", item, kind)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _found(f"{name}.{key}", item, kind)
