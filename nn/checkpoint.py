"""All that a run needs to go on as if it had not stopped, in one file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from os import PathLike
from typing import Any

from nn import serialization
from nn.history import History
from nn.module import Module
from nn.optim import Optimizer, Schedule
from nn.optim.state import flattened, unflattened
from nn.randomness import generator_state, set_generator_state

__all__ = ["load_checkpoint", "save_checkpoint"]


def save_checkpoint(
    path: str | PathLike[str],
    model: Module,
    optimizer: Optimizer,
    *,
    schedule: Schedule | None = None,
    rng: Any = None,
    history: History | None = None,
) -> None:
    """Write the state of a run to a safetensors file; an old file is replaced whole or not at all.

    Parameters
    ----------
    path : path
    model : Module
        Its parameters, and the generators of layers that draw: `Dropout`, and those of your own
        that have its `random_state` and `set_random_state`.
    optimizer : Optimizer
    schedule : Schedule, optional
    rng : Generator or RandomState, optional
        The one given to `fit`.
    history : History, optional

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import nn
    >>> path = pathlib.Path(tempfile.mkdtemp(), "run.safetensors")
    >>> model = nn.Linear(2, 1)
    >>> save_checkpoint(path, model, nn.Adam(model))
    >>> resumed = nn.Linear(2, 1)
    >>> load_checkpoint(path, resumed, nn.Adam(resumed))
    >>> bool((resumed.weight.numpy() == model.weight.numpy()).all())
    True
    """
    arrays = {f"model/{name}": value for name, value in model.state_dict().items()}
    state, settings = flattened(optimizer.state_dict())
    arrays |= {f"optimizer/{name}": value for name, value in state.items()}
    serialization.save_arrays(
        path,
        arrays,
        {
            "kind": "checkpoint",
            "optimizer": settings,
            "schedule": None if schedule is None else schedule.state_dict(),
            "rng": None if rng is None else generator_state(rng),
            "random": {path: layer.random_state() for path, layer in _drawing(model)},
            "history": None if history is None else history.epochs,
        },
    )


def load_checkpoint(
    path: str | PathLike[str],
    model: Module,
    optimizer: Optimizer,
    *,
    schedule: Schedule | None = None,
    rng: Any = None,
    history: History | None = None,
) -> None:
    """Put a run into the state that `save_checkpoint` wrote: what is given is filled.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is no checkpoint, or lacks or does not fit what is given; everything is as before.
    """
    arrays, settings = serialization.load_arrays(path, kind="checkpoint")
    if settings.get("kind") != "checkpoint":
        raise ValueError(f"{path} is no checkpoint: write save_checkpoint(path, model, optimizer)")
    given = {"schedule": schedule, "rng": rng, "history": history}
    for name, value in given.items():
        if value is not None and settings[name] is None:
            raise ValueError(
                f"{path} holds no {name}: save it with save_checkpoint(..., {name}={name})"
            )
    drawing = dict(_drawing(model))
    if set(drawing) != set(settings["random"]):
        raise ValueError(
            f"{path} is of a model whose layers draw at {sorted(settings['random'])}, expected "
            f"{sorted(drawing)}"
        )
    before = _Before(model, optimizer, schedule, rng)
    try:
        model.load_state_dict(_under("model/", arrays))
        optimizer.load_state_dict(unflattened(_under("optimizer/", arrays), settings["optimizer"]))
        if schedule is not None:
            schedule.load_state_dict(settings["schedule"])
        if rng is not None:
            set_generator_state(rng, settings["rng"])
        for name, layer in drawing.items():
            layer.set_random_state(settings["random"][name])
    except ValueError as error:
        before.restore()
        raise ValueError(f"{path}: {error}") from None
    if history is not None:
        history.epochs[:] = settings["history"]


class _Before:
    """What the objects were, should the file turn out not to fit."""

    def __init__(
        self, model: Module, optimizer: Optimizer, schedule: Schedule | None, rng: Any
    ) -> None:
        self.unbuilt = [
            (layer, dict(vars(layer))) for layer in model.modules() if not layer._has_parameters()
        ]
        self.values = [(each, each.data.copy()) for _, each in model.named_parameters()]
        self.restore_optimizer = optimizer.snapshot()
        self.states: list[tuple[Callable[[Any], None], Any]] = [
            (layer.set_random_state, layer.random_state()) for _, layer in _drawing(model)
        ]
        if schedule is not None:
            self.states.append((schedule.load_state_dict, schedule.state_dict()))
        if rng is not None:
            self.states.append((partial(set_generator_state, rng), generator_state(rng)))

    def restore(self) -> None:
        for layer, attributes in self.unbuilt:
            vars(layer).update(attributes)
        for parameter, value in self.values:
            parameter.data = value
        for load, state in self.states:
            load(state)
        # Last: a schedule sets learning rates when it is loaded.
        self.restore_optimizer()


def _drawing(model: Module) -> list[tuple[str, Any]]:
    """Return the layers that draw random numbers in training, by path."""
    return [(path, each) for path, each in model.named_modules() if hasattr(each, "random_state")]


def _under(start: str, arrays: dict[str, Any]) -> dict[str, Any]:
    return {
        name.removeprefix(start): value for name, value in arrays.items() if name.startswith(start)
    }
