"""The gradient of a call with several outputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Cotangents:
    """The gradients of those outputs that have one.

    An element of the direct sum of the outputs' spaces, so that it adds up like any gradient. A
    plain gradient counts as that of the first output.

    Attributes
    ----------
    parts : mapping of int to gradient
    """

    __slots__ = ("parts",)

    shape = None
    dtype = None

    def __init__(self, parts: Mapping[int, Any]) -> None:
        self.parts = parts

    def __add__(self, other: Any) -> Cotangents:
        parts = dict(self.parts)
        for number, g in parts_of(other).items():
            parts[number] = parts[number] + g if number in parts else g
        return Cotangents(parts)

    def added_to(self, other: Any, owned: bool) -> Cotangents:
        """The sum with what is in flight, in place if that belongs to the pass alone."""
        if not owned or not isinstance(other, Cotangents):
            return self.__add__(other)
        parts: Any = other.parts
        for number, g in self.parts.items():
            parts[number] = parts[number] + g if number in parts else g
        return other


def parts_of(g: Any) -> Mapping[int, Any]:
    """The gradients of the outputs, by their number."""
    return g.parts if type(g) is Cotangents else {0: g}
