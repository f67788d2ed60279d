"""A training step of a module as one compiled function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd_np as ag
from nn.module import Module
from nn.optim.clip import traced_clip
from nn.optim.optimizer import Optimizer

__all__ = ["CompiledStep", "compile_step"]


class CompiledStep:
    """Forward, backward and update in one call; made by `compile_step`."""

    def __init__(
        self,
        model: Module,
        loss: Callable[[Any, Any], Any],
        optimizer: Optimizer,
        backend: str,
        clip_norm: float | None,
        predictions: bool,
    ) -> None:
        self.predictions = predictions

        def step(x: Any, y: Any) -> Any:
            modules = list(model.modules())
            ag.guard(lambda: [module.training for module in modules])
            forget_gradients()
            outputs = model(x)
            value = loss(outputs, y)
            ag.require_finite(value, "the loss")
            value.backward()
            if clip_norm is not None:
                traced_clip(optimizer.parameters(), clip_norm)
            optimizer.step()
            forget_gradients()
            # Their graph is used up.
            value = ag.stop_gradient(value)
            return (value, ag.stop_gradient(outputs)) if predictions else value

        def forget_gradients() -> None:
            optimizer.zero_grad()
            # Those that the optimizer was not given would add up from step to step.
            for _, parameter in model.named_parameters():
                parameter.grad = None

        def names() -> dict[str, ag.Tensor]:
            parameters = _names(model)
            return {**parameters, **optimizer.named_state(parameters)}

        self.compiled = ag.compile(step, backend=backend, names=names)

    def __call__(self, x: Any, y: Any) -> Any:
        """Take one step; return the loss, with ``predictions=True`` the predictions too."""
        return self.compiled(x, y)

    @property
    def source(self) -> str:
        """The NumPy (or numba) source of the step, after its first call."""
        return self.compiled.source


def compile_step(
    model: Module,
    loss: Callable[[Any, Any], Any],
    optimizer: Optimizer,
    *,
    backend: str = "numpy",
    clip_norm: float | None = None,
    predictions: bool = False,
) -> CompiledStep:
    """A training step, traced once per shape and dtype and lowered as a whole.

    Parameters
    ----------
    model : Module
    loss : callable
        ``loss(model(x), y)``, one number.
    optimizer : Optimizer
        Its learning rate is read at each call. Its state, like the parameters, is updated in place.
    backend : {"numpy", "numba"}
        See `autograd_np.compile`.
    clip_norm : float, optional
        The largest norm of all gradients together.
    predictions : bool
        Return the predictions, made before the update, beside the loss.

    Returns
    -------
    CompiledStep
        ``step(x, y)`` returns the loss as a Tensor. Gradients are used up: the `grad` of every
        parameter of the model is None after it.

    Raises
    ------
    FloatingPointError
        At a call, if the loss is NaN or infinite; the parameters are as before.

    Examples
    --------
    >>> import numpy as np
    >>> import nn
    >>> model = nn.Linear(2, 1, rng=0)
    >>> step = compile_step(model, nn.MSELoss(), nn.SGD(model, lr=0.1))
    >>> x = np.array([[1.0, 0.0], [0.0, 1.0]])
    >>> losses = [step(x, x[:, :1]).item() for _ in range(200)]
    >>> losses[-1] < 1e-6
    True
    """
    return CompiledStep(model, loss, optimizer, backend, clip_norm, predictions)


def _names(model: Module) -> dict[str, ag.Tensor]:
    """W1, b1, W2, ... for layers of weights and biases, as formulas have them; else the paths."""
    paths: dict[str, ag.Tensor] = {
        name: tensor for name, tensor in model.named_parameters() if tensor.name is None
    }
    ends = {path.rpartition(".")[2] for path in paths}
    if not ends <= {"weight", "bias"}:
        return dict(paths)
    layers: dict[str, int] = {}
    names: dict[str, ag.Tensor] = {}
    for path, tensor in paths.items():
        layer, _, kind = path.rpartition(".")
        number = layers.setdefault(layer, len(layers) + 1)
        names[f"{'W' if kind == 'weight' else 'b'}{number}"] = tensor
    return names
