"""A picture of one call of a module."""

from __future__ import annotations

import inspect
import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

import autograd_np as ag
from nn.randomness import generator_state, set_generator_state

if TYPE_CHECKING:
    import graphviz

    from nn.module import Module

__all__ = ["draw"]

_VARIADIC = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}


def draw(module: Module, /, *inputs: Any, **options: Any) -> graphviz.Digraph:
    """Return a picture of one call of the module: `ag.draw` of what it returns.

    The module is run once, as it is: in training mode if it is in training mode. Nothing else is
    changed: attributes, also those that `forward` sets or writes into, such as running statistics,
    gradients and the random generators that layers hold are as before. Only a layer that finds its
    width at the first call is built, from the numbers that it would draw there. Meanwhile the
    module must not be called from another thread.

    Parameters
    ----------
    *inputs : array, Tensor, or nested lists, tuples and dicts of them
        What the module is called with: arrays as Tensors, named after the parameters of `forward`.
        A Tensor keeps a name of its own, and where it was computed is left out.
    **options
        Those of `ag.draw`, such as ``values=True``, ``backward=True`` or ``depth=1``.

    Returns
    -------
    graphviz.Digraph
        The result is named ``output``; several, in tuples, lists or dicts, ``output.0``, ….

    Raises
    ------
    TypeError
        If the inputs are not those that `forward` takes, or it returns no Tensor.
    ValueError
        If nothing is computed from the inputs.

    Examples
    --------
    >>> import numpy as np
    >>> import nn
    >>> model = nn.Sequential(nn.Linear(4, 3, rng=0), nn.ReLU())
    >>> picture = model.draw(np.ones((5, 4)))
    >>> "relu" in picture.source
    True
    """
    # `Module.__call__` passes everything on, and opens the box; a class may have one of its own.
    own_call = not _is_variadic(inspect.signature(module))
    signature = inspect.signature(module if own_call else module.forward)
    bound = _bound(module, signature, inputs, options)
    named = {name: _as_input(value, name) for name, value in bound.arguments.items()}
    bound.arguments.update(named)
    box = ag.module_scope(module) if own_call else nullcontext()
    with _left_as_it_is(module), ag.enable_grad(), ag.record() as program, box:
        returned = module(*bound.args)
    outputs = _computed(module, returned, program)
    return ag.draw(*outputs, **options)


def _is_variadic(signature: inspect.Signature) -> bool:
    return all(each.kind in _VARIADIC for each in signature.parameters.values())


def _bound(
    module: Module,
    signature: inspect.Signature,
    inputs: tuple[Any, ...],
    options: Mapping[str, Any],
) -> inspect.BoundArguments:
    """The inputs by the names of the parameters that they are passed to.

    Raises
    ------
    TypeError
        If they do not fit.
    """
    try:
        bound = signature.bind(*inputs)
    except TypeError as error:
        given = f"{len(inputs)} input{'' if len(inputs) == 1 else 's'}"
        raise TypeError(
            f"draw() runs {type(module).__name__}'s forward, and was given {given}: {error}. "
            f"{_advice(signature)}"
        ) from None
    shown = inspect.signature(ag.draw).parameters
    for name in options:
        if name in signature.parameters and name not in shown:
            raise TypeError(f"{name!r} is an input and no option of draw(). {_advice(signature)}")
    return bound


def _advice(signature: inspect.Signature) -> str:
    """The line to write for a module with such a `forward`."""
    needed = [each for each in signature.parameters.values() if each.default is each.empty]
    by_name = [each.name for each in needed if each.kind is each.KEYWORD_ONLY]
    names = [each.name for each in needed if each.kind not in _VARIADIC]
    if by_name:
        call = ", ".join(f"{name}={name}" if name in by_name else name for name in names)
        return f"Write `with ag.record(): output = model({call})`, and ag.draw(output)."
    return f"Write model.draw({', '.join(names)})."


def _as_input(value: Any, name: str) -> Any:
    """Arrays and Tensors as Tensors of their own, with a name; other values as they are."""
    if isinstance(value, ag.Tensor):
        return ag.Tensor(value, value.requires_grad, name=value.name or name)
    if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
        return ag.Tensor(value, name=name)
    if type(value) in (list, tuple):
        return type(value)(_as_input(each, f"{name}.{i}") for i, each in enumerate(value))
    if type(value) is dict:
        return {key: _as_input(each, f"{name}.{key}") for key, each in value.items()}
    return value


def _computed(module: Module, returned: Any, program: ag.Recording) -> list[ag.Tensor]:
    """The Tensors among what a module returned that the recording made: each once, and named.

    Raises
    ------
    TypeError, ValueError
        If there are none.
    """
    made = {ref.index for call in program.calls for ref in call.outputs}
    found: dict[int, ag.Tensor] = {}
    tensors = [(path, each) for path, each in _leaves(returned) if isinstance(each, ag.Tensor)]
    for path, tensor in tensors:
        index = program.ref(tensor).index
        if index in made and index not in found:
            found[index] = tensor
            program.variables[index].name = path
    if found:
        return [*found.values()]
    kind = type(module).__name__
    if tensors:
        raise ValueError(
            f"{kind} computed nothing from its inputs, so there is no graph to show. Draw the "
            f"model that it is a part of: model.draw(x)."
        )
    raise TypeError(
        f"draw() shows what Tensors were computed by, and {kind} returned "
        f"{'nothing' if returned is None else f'a value of type {type(returned).__name__}'}. "
        f"Return the Tensor from forward: `return y`, not `return y.numpy()` or `y.item()`."
    )


def _leaves(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield ``(path, item)`` for what nested lists, tuples and dicts hold, in order."""
    pending = [("output", value)]
    while pending:
        path, each = pending.pop()
        if isinstance(each, (list, tuple, dict)):
            items = each.items() if isinstance(each, dict) else enumerate(each)
            pending += [(f"{path}.{key}", item) for key, item in items][::-1]
        else:
            yield path, each


@contextmanager
def _left_as_it_is(module: Module) -> Iterator[None]:
    """Undo what a call changes, but for layers that it builds and what those draw from."""
    layers = [*module.modules()]
    unbuilt = [layer for layer in layers if not layer._has_parameters()]
    built = [layer for layer in layers if layer._has_parameters()]
    attributes = [(vars(layer), dict(vars(layer))) for layer in built]
    building = {id(rng) for rng in _generators(unbuilt)}
    drawing = [rng for rng in (np.random, *_generators(layers)) if id(rng) not in building]
    restore = [partial(set_generator_state, rng, generator_state(rng)) for rng in drawing]
    restore.append(partial(random.setstate, random.getstate()))
    # What `forward` writes into is a copy.
    copies: dict[int, Any] = {}
    try:
        for now, before in attributes:
            now.update({name: _copied(value, copies) for name, value in before.items()})
        yield
    finally:
        for now, before in attributes:
            for name in now.keys() - before.keys():
                del now[name]
            now.update(before)
        for each in restore:
            each()


def _copied(value: Any, copies: dict[int, Any]) -> Any:
    """Arrays, lists and dicts, and those within, as others like them; all else as it is."""
    kind, made = type(value), copies.get(id(value))
    if made is not None:
        return made
    if kind in (list, tuple):
        made = kind(_copied(each, copies) for each in value)
    elif kind is dict:
        made = {key: _copied(each, copies) for key, each in value.items()}
    else:
        made = value.copy() if kind is np.ndarray else value
    copies[id(value)] = made
    return made


def _generators(layers: Iterable[Module]) -> Iterator[Any]:
    """Yield the sources of random numbers that layers hold: those whose state can be kept."""
    pending: list[Any] = [value for layer in layers for value in vars(layer).values()]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending += value.values()
        elif isinstance(value, (list, tuple)):
            pending += value
        elif value is np.random or isinstance(value, np.random.Generator | np.random.RandomState):
            yield value
