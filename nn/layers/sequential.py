"""One layer after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from nn.module import Module

__all__ = ["Sequential"]


class Sequential(Module):
    """Modules (or functions) applied one after the other.

    Parameters
    ----------
    *layers : callable
        Or one list of them. Without any, the input is returned.

    Examples
    --------
    >>> import nn
    >>> model = Sequential(nn.Linear(4, 8), nn.ReLU())
    >>> model.add(nn.Linear(8, 3))
    >>> len(model), model[-1]
    (3, Linear(8, 3, bias=True))
    """

    def __init__(self, *layers: Any) -> None:
        if len(layers) == 1 and isinstance(layers[0], (list, tuple)):
            layers = tuple(layers[0])
        self.layers: list[Callable[[Any], Any]] = []
        for layer in layers:
            self.append(layer)

    def append(self, layer: Callable[[Any], Any]) -> None:
        """Add a layer at the end.

        Raises
        ------
        TypeError
            If it cannot be called, or is a class.
        """
        if not callable(layer):
            raise TypeError(
                f"a layer must be callable, not {layer!r}: write Sequential(Linear(4, 3))"
            )
        if isinstance(layer, type):
            raise TypeError(f"{layer.__name__} is a class, not a layer: write {layer.__name__}()")
        self.layers.append(layer)

    add = append

    def forward(self, x: Any) -> Any:
        """Return the last layer's output."""
        for layer in self.layers:
            x = layer(x)
        return x

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """Yield ``("0", first)``, ``("1", second)``, …, as PyTorch names them."""
        for index, layer in enumerate(self.layers):
            if isinstance(layer, Module):
                yield str(index), layer

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Callable[[Any], Any]]:
        return iter(self.layers)

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return Sequential(*self.layers[index])
        return self.layers[index]
