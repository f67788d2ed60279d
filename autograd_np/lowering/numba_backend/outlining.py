"""Sections that differ in names alone, as calls of one function.

A network of many equal layers is compiled in the time that a few of them take.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from autograd_np.lowering.numba_backend.source import Section

# A function of its own costs the compiler as much as a few sections.
_OFTEN = 4
_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(slots=True)
class _Pattern:
    """Sections that are alike, by their place, and the outer names that each of them uses."""

    places: list[int] = field(default_factory=list)
    names: list[list[str]] = field(default_factory=list)


def outlined(
    sections: list[Section], outer: Collection[str], fixed: Collection[str]
) -> tuple[list[str], list[Section]]:
    """The source of functions for sections that recur, and the sections with calls of them.

    Parameters
    ----------
    sections : list of Section
    outer : collection of str
        The names that sections take from outside, and that may differ.
    fixed : collection of str
        The names that mean the same everywhere. All others are a section's own.
    """
    patterns: dict[str, _Pattern] = {}
    for place, section in enumerate(sections):
        text, names = _pattern(section.lines, outer, fixed)
        pattern = patterns.setdefault(text, _Pattern())
        pattern.places.append(place)
        pattern.names.append(names)
    helpers: list[str] = []
    changed = list(sections)
    number = 0
    for pattern in patterns.values():
        if len(pattern.places) < _OFTEN:
            continue
        number += 1
        first = sections[pattern.places[0]]
        helpers += [
            "",
            "",
            "@shared",
            f"def block_{number}({', '.join(pattern.names[0])}):",
            *(f"    {line}" for line in (*first.comments, *first.lines)),
        ]
        for place, names in zip(pattern.places, pattern.names, strict=True):
            call = f"block_{number}({', '.join(names)})"
            changed[place] = Section(sections[place].comments, [call])
    return helpers, changed


def _pattern(
    lines: list[str], outer: Collection[str], fixed: Collection[str]
) -> tuple[str, list[str]]:
    """The lines with numbers for names, and the outer names in the order of their numbers."""
    names: list[str] = []
    own: list[str] = []

    def numbered(match: re.Match[str]) -> str:
        word = match.group()
        if word in fixed:
            return word
        group, kind = (names, "outer") if word in outer else (own, "own")
        if word not in group:
            group.append(word)
        return f"{kind} {group.index(word)}"

    return "\n".join(_WORD.sub(numbered, line) for line in lines), names
