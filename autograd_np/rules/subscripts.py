"""The notation of `numpy.einsum`, read into one label for every axis."""

from __future__ import annotations

import operator
import string
from collections import Counter
from collections.abc import Sequence
from typing import Any

# In the order in which `einsum` numbers and sorts subscripts.
LETTERS = string.ascii_uppercase + string.ascii_lowercase

_DOTS = "..."


def read_call(arguments: Sequence[Any]) -> tuple[str, list[Any]]:
    """The subscripts of a call ``einsum(*arguments)`` as a string, and the operands.

    Both forms are read: ``("ij,j", a, b)`` and ``(a, [0, 1], b, [1], [0])``.
    """
    if len(arguments) < 2:
        raise ValueError(
            f"einsum was given {len(arguments)} arguments, expected subscripts and at least one "
            f'operand. Write np.einsum("ij,jk->ik", a, b).'
        )
    if isinstance(arguments[0], str):
        return "".join(arguments[0].split()), list(arguments[1:])
    operands = list(arguments[0 : len(arguments) // 2 * 2 : 2])
    inputs = [_from_numbers(numbers) for numbers in arguments[1::2]]
    result = "->" + _from_numbers(arguments[-1]) if len(arguments) % 2 else ""
    return ",".join(inputs) + result, operands


def _from_numbers(numbers: Any) -> str:
    """A list of axis numbers, in which Ellipsis may stand, as a string of subscripts."""
    expected = f"expected a list of Ellipsis and integers from 0 to {len(LETTERS) - 1}"
    try:
        places = [n if n is Ellipsis else operator.index(n) for n in numbers]
    except TypeError:
        raise TypeError(f"einsum was given the axis numbers {numbers!r}, {expected}.") from None
    if any(n is not Ellipsis and not 0 <= n < len(LETTERS) for n in places):
        raise ValueError(f"einsum was given the axis numbers {numbers!r}, {expected}.")
    return "".join(_DOTS if n is Ellipsis else LETTERS[n] for n in places)


def read_subscripts(text: str, ndims: Sequence[int]) -> tuple[list[str], str]:
    """One letter for every axis of the operands, and of the result.

    Parameters
    ----------
    text : str
        Subscripts without blanks; the result may be left out, an ellipsis may stand anywhere.
    ndims : sequence of int
        Of the operands.

    Raises
    ------
    ValueError
        If the subscripts make no sense, or not for operands of these dimensions.

    Examples
    --------
    >>> from autograd_np.rules.subscripts import read_subscripts
    >>> read_subscripts("ij,jk", [2, 2])
    (['ij', 'jk'], 'ik')
    >>> read_subscripts("i...,i->...", [3, 1])
    (['iAB', 'i'], 'AB')
    """
    left, arrow, result = text.partition("->")
    terms = left.split(",")
    if len(terms) != len(ndims):
        raise ValueError(
            f"einsum was given the subscripts {text!r}, which are for {len(terms)} operands, and "
            f"{len(ndims)} operands."
        )
    for term in (*terms, result):
        _check_term(term, text)
    widths = [_width(term, ndim, text) for term, ndim in zip(terms, ndims, strict=True)]
    free = [letter for letter in LETTERS if letter not in text]
    if max(widths) > len(free):
        raise ValueError(f"einsum has {len(LETTERS)} subscripts, too few for {text!r} here.")
    dots = "".join(free[: max(widths)])
    inputs = [
        term.replace(_DOTS, dots[len(dots) - width :])
        for term, width in zip(terms, widths, strict=True)
    ]
    if not arrow:
        counts = Counter("".join(terms))
        once = sorted(letter for letter in counts if letter.isalpha() and counts[letter] == 1)
        return inputs, dots + "".join(once)
    _check_result(result, inputs, dots, text)
    return inputs, result.replace(_DOTS, dots)


def _check_term(term: str, text: str) -> None:
    letters = term.replace(_DOTS, "", 1)
    wrong = [character for character in letters if character not in LETTERS]
    if wrong:
        raise ValueError(
            f"einsum was given the subscripts {text!r}, expected letters and at most one '...' "
            f"for each operand, and met {wrong[0]!r} in {term!r}."
        )


def _width(term: str, ndim: int, text: str) -> int:
    """How many axes the ellipsis of an operand stands for."""
    named = len(term.replace(_DOTS, ""))
    if ndim < named or (ndim > named and _DOTS not in term):
        raise ValueError(
            f"einsum was given the subscripts {text!r}, of which {term!r} is for an operand of "
            f"{named}{' or more' if _DOTS in term else ''} dimensions, and one of {ndim}. "
            f"Write '...' for axes that have no letter."
        )
    return ndim - named


def _check_result(result: str, inputs: Sequence[str], dots: str, text: str) -> None:
    if dots and _DOTS not in result:
        raise ValueError(
            f"einsum was given the subscripts {text!r}, whose result lacks the '...' for "
            f"{len(dots)} axes of the operands. Write '->...{result}'."
        )
    letters = result.replace(_DOTS, "")
    for letter in letters:
        if letters.count(letter) > 1 or not any(letter in each for each in inputs):
            raise ValueError(
                f"einsum was given the subscripts {text!r}, whose result has {letter!r} "
                f"{'twice' if letters.count(letter) > 1 else 'that no operand has'}."
            )
