"""`numpy.einsum`, taken apart into steps whose gradients are simple.

Diagonals for subscripts that an operand repeats, sums for those that nothing else has, then
products of two operands at a time.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from autograd_np.graph import Shape
from autograd_np.rules.contract import contract
from autograd_np.rules.registry import composite, constant, refuse_out
from autograd_np.rules.subscripts import read_call, read_subscripts

constant(np.einsum_path)


@composite(np.einsum)
def einsum(*operands: Any, out: Any = None, optimize: Any = False, **kwargs: Any) -> Any:
    """`numpy.einsum` through diagonals, sums and `contract`.

    The order of the products is the cheapest that NumPy finds, whatever `optimize` says, unless it
    is a path. The memory layout that `order` asks for is nothing that a Tensor promises.
    """
    refuse_out("einsum", out)
    text, values = read_call(operands)
    arrays = _cast(values, **kwargs)
    dtype = arrays[0].dtype
    if dtype == np.float16:
        # Sums of float16 are kept in float32 until they are done, as NumPy's loops do.
        arrays = [x.astype(np.float32) for x in arrays]
    plan = _plan(text, tuple(x.shape for x in arrays), _hashable(optimize))
    parts = [steps.taken(x) for x, steps in zip(arrays, plan.operands, strict=True)]
    for first, second, subscripts in plan.products:
        right, left = parts.pop(second), parts.pop(first)
        parts.append(contract(left, right, subscripts))
    (result,) = parts
    if plan.axes:
        result = np.transpose(result, plan.axes)
    if result is values[0]:
        # Not the operand itself: no Tensor is another, in case one of them is written to.
        return np.copy(result)
    return result.astype(dtype) if dtype != result.dtype else result


def _cast(
    values: Sequence[Any], *, dtype: Any = None, order: str = "K", casting: Any = "safe"
) -> list[Any]:
    """The operands as arrays of the dtype in which `einsum` computes."""
    arrays = [x if hasattr(x, "dtype") else np.asarray(x) for x in values]
    dtype = np.dtype(dtype) if dtype is not None else np.result_type(*(x.dtype for x in arrays))
    for number, x in enumerate(arrays):
        if not np.can_cast(x.dtype, dtype, casting):
            raise TypeError(
                f"einsum was given dtype={dtype} and as operand {number} an array of {x.dtype}, "
                f"which does not cast to it by the rule {casting!r}. Write casting='unsafe'."
            )
    return [x if x.dtype == dtype else x.astype(dtype) for x in arrays]


def _hashable(optimize: Any) -> Any:
    return tuple(map(_hashable, optimize)) if isinstance(optimize, (list, tuple)) else optimize


@dataclass(frozen=True)
class _Steps:
    """What happens to one operand before it is multiplied with others.

    Attributes
    ----------
    diagonals : tuple of pairs of int
        Axes to take the diagonal of, one pair after the other; it becomes the last axis.
    stretched : tuple of int
        Axes of length 1 that meet a longer one elsewhere.
    summed : tuple of int
        Axes that nothing else has.
    """

    diagonals: tuple[tuple[int, int], ...]
    stretched: tuple[int, ...]
    summed: tuple[int, ...]

    def taken(self, x: Any) -> Any:
        for axis1, axis2 in self.diagonals:
            x = np.diagonal(x, 0, axis1, axis2)
        if self.stretched:
            x = np.squeeze(x, axis=self.stretched)
        return np.sum(x, axis=self.summed, dtype=x.dtype) if self.summed else x


@dataclass(frozen=True)
class _Plan:
    """How an einsum is computed.

    Attributes
    ----------
    operands : tuple of _Steps
    products : tuple of (int, int, str)
        Which two parts to take out and contract, and by which subscripts; the product goes to the
        end.
    axes : tuple of int
        The order of the axes of what remains; empty where it is right.
    """

    operands: tuple[_Steps, ...]
    products: tuple[tuple[int, int, str], ...]
    axes: tuple[int, ...]


@lru_cache(maxsize=512)
def _plan(text: str, shapes: tuple[Shape, ...], optimize: Any) -> _Plan:
    terms, result = read_subscripts(text, [len(shape) for shape in shapes])
    own = [_own_lengths(text, term, shape) for term, shape in zip(terms, shapes, strict=True)]
    lengths = _common_lengths(text, own)
    unique, diagonals = zip(*map(_diagonals, terms), strict=True)
    stretched = [
        tuple(axis for axis, letter in enumerate(term) if sizes[letter] != lengths[letter])
        for term, sizes in zip(unique, own, strict=True)
    ]
    long = [_without(term, axes) for term, axes in zip(unique, stretched, strict=True)]
    counts = Counter("".join(long) + result)
    summed = [
        tuple(axis for axis, letter in enumerate(term) if counts[letter] == 1) for term in long
    ]
    factors = [_without(term, axes) for term, axes in zip(long, summed, strict=True)]
    products, last = _products(factors, result, lengths, optimize)
    return _Plan(
        operands=tuple(map(_Steps, diagonals, stretched, summed)),
        products=tuple(products),
        axes=() if last == result else tuple(map(last.index, result)),
    )


def _own_lengths(text: str, term: str, shape: Shape) -> dict[str, int]:
    lengths: dict[str, int] = {}
    for letter, length in zip(term, shape, strict=True):
        if lengths.setdefault(letter, length) != length:
            raise ValueError(
                f"einsum was given the subscripts {text!r} and an operand of shape {shape}, whose "
                f"diagonal {term!r} takes although its axes are of different lengths."
            )
    return lengths


def _common_lengths(text: str, own: Sequence[dict[str, int]]) -> dict[str, int]:
    """The length for each letter; operands of length 1 are stretched to that of others."""
    lengths: dict[str, int] = {}
    for letter, length in (item for each in own for item in each.items()):
        if lengths.get(letter, 1) == 1:
            lengths[letter] = length
        elif length not in (1, lengths[letter]):
            raise ValueError(
                f"einsum was given the subscripts {text!r} and operands whose axes for "
                f"{letter!r} are of the lengths {lengths[letter]} and {length}."
            )
    return lengths


def _diagonals(term: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A term without repeated letters, and the pairs of axes whose diagonals make it so."""
    pairs = []
    for letter in dict.fromkeys(term):
        while term.count(letter) > 1:
            first = term.index(letter)
            second = term.index(letter, first + 1)
            pairs.append((first, second))
            term = _without(term, (first, second)) + letter
    return term, tuple(pairs)


def _without(term: str, axes: tuple[int, ...]) -> str:
    return "".join(letter for axis, letter in enumerate(term) if axis not in axes)


def _products(
    factors: Sequence[str], result: str, lengths: dict[str, int], optimize: Any
) -> tuple[list[tuple[int, int, str]], str]:
    """The products of two that make the product of all, and the letters of what comes out."""
    products = []
    line = dict(enumerate(factors))
    names = itertools.count(len(factors))
    for group in _path(factors, result, lengths, optimize):
        places = list(line)
        members = [places[place] for place in group]
        while len(members) > 1:
            # The pair whose product saves most memory, and of those the one with least work.
            first, second, term = min(
                (
                    (x, y, _product_term(line, x, y, result))
                    for x, y in itertools.combinations(sorted(members), 2)
                ),
                key=lambda pair: _cost(line[pair[0]], line[pair[1]], pair[2], lengths),
            )
            places = list(line)
            subscripts = f"{line[first]},{line[second]}->{term}"
            products.append((places.index(first), places.index(second), subscripts))
            del line[first], line[second]
            name = next(names)
            line[name] = term
            members = [name, *(each for each in members if each in line)]
    (last,) = line.values()
    return products, last


def _path(factors: Sequence[str], result: str, lengths: dict[str, int], optimize: Any) -> Any:
    """The operands to multiply at each step, by their places among those that are left then."""
    if optimize in (None, False, True, "greedy"):
        return [range(len(factors))]
    shapes = [tuple(lengths[letter] for letter in term) for term in factors]
    arrays = [np.broadcast_to(0.0, shape) for shape in shapes]
    text = f"{','.join(factors)}->{result}"
    how = list(optimize) if isinstance(optimize, tuple) else optimize
    return np.einsum_path(text, *arrays, optimize=how)[0][1:]


def _product_term(line: dict[int, str], x: int, y: int, result: str) -> str:
    """The letters of a product of two: all that the result or another factor still needs."""
    if len(line) == 2:
        return result
    others = [term for name, term in line.items() if name not in (x, y)]
    needed = {*result, *itertools.chain(*others)}
    both = [letter for letter in line[x] if letter in line[y]]
    letters = dict.fromkeys([*both, *line[x], *line[y]])
    return "".join(letter for letter in letters if letter in needed)


def _cost(a: str, b: str, product: str, lengths: dict[str, int]) -> tuple[int, int]:
    def size(letters: Iterable[str]) -> int:
        return math.prod(lengths[letter] for letter in letters)

    return size(product) - size(a) - size(b), size({*a, *b})
