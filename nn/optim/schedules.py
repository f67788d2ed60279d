"""Learning-rate schedules: each is a factor of the initial learning rate, by number of steps.

A schedule sets the optimizer's `lr` when it is made and at each `step()`. Being a pure function of
a count, all its state is that count; schedules multiply (`ChainedLR`) and follow one another
(`SequentialLR`). ``fit(..., schedule=...)`` steps it after each epoch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nn.optim.optimizer import Optimizer

__all__ = [
    "ChainedLR",
    "CosineLR",
    "ExponentialLR",
    "LambdaLR",
    "Schedule",
    "SequentialLR",
    "StepLR",
    "WarmUp",
]


class Schedule:
    """Base of the schedules; a subclass gives `factor`.

    Parameters
    ----------
    optimizer : Optimizer
        Its learning rates now are the initial ones (unless a schedule has noted them already).

    Attributes
    ----------
    count : int
        The number of steps taken.
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = optimizer
        self.count = 0
        for group in optimizer.param_groups:
            group.setdefault("initial_lr", group["lr"])
        self._apply()

    def factor(self, count: int) -> float:
        """Return what the initial learning rate is multiplied by after `count` steps."""
        raise NotImplementedError

    def step(self) -> None:
        """Count one step and set the learning rates."""
        self.count += 1
        self._apply()

    def state_dict(self) -> dict[str, Any]:
        """Return what a resumed run needs; the optimizer's own state holds the initial rates."""
        return {"type": type(self).__name__, "count": self.count}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` returned. Load the optimizer's state first.

        Raises
        ------
        ValueError
            If it is the state of another schedule.
        """
        if state.get("type") != type(self).__name__:
            raise ValueError(
                f"the state is one of {state.get('type')}, expected {type(self).__name__}"
            )
        self.count = int(state["count"])
        self._apply()

    def _apply(self) -> None:
        factor = self.factor(self.count)
        for group in self.optimizer.param_groups:
            group["lr"] = float(group["initial_lr"] * factor)


class StepLR(Schedule):
    """Multiply by `gamma` after every `step_size` steps.

    Examples
    --------
    >>> import nn
    >>> optimizer = nn.SGD(nn.Linear(2, 1), lr=0.5)
    >>> schedule = StepLR(optimizer, step_size=2, gamma=0.5)
    >>> for _ in range(2):
    ...     schedule.step()
    >>> optimizer.lr
    0.25
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        self.step_size = _count("step_size", step_size)
        self.gamma = gamma
        super().__init__(optimizer)

    def factor(self, count: int) -> float:
        """Return gamma ** (count // step_size)."""
        return float(self.gamma ** (count // self.step_size))


class ExponentialLR(StepLR):
    """Multiply by `gamma` after every step.

    Examples
    --------
    >>> import nn
    >>> optimizer = nn.SGD(nn.Linear(2, 1), lr=0.5)
    >>> schedule = ExponentialLR(optimizer, 0.5)
    >>> schedule.step()
    >>> optimizer.lr
    0.25
    """

    def __init__(self, optimizer: Optimizer, gamma: float) -> None:
        super().__init__(optimizer, 1, gamma)


class CosineLR(Schedule):
    """Fall along half a cosine, in `steps`, to `final` (a fraction of the initial rate).

    Loshchilov & Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017,
    equation 5.

    Examples
    --------
    >>> import nn
    >>> optimizer = nn.SGD(nn.Linear(2, 1), lr=0.5)
    >>> schedule = CosineLR(optimizer, steps=2)
    >>> schedule.step()
    >>> optimizer.lr
    0.25
    """

    def __init__(self, optimizer: Optimizer, steps: int, final: float = 0.0) -> None:
        self.steps = _count("steps", steps)
        self.final = final
        super().__init__(optimizer)

    def factor(self, count: int) -> float:
        """Return final + (1 - final) · (1 + cos(π · count / steps)) / 2."""
        fraction = min(count, self.steps) / self.steps
        return self.final + (1.0 - self.final) * 0.5 * (1.0 + math.cos(math.pi * fraction))


class WarmUp(Schedule):
    """Rise in a straight line from `start` (a fraction of the initial rate) in `steps`.

    Goyal et al., "Accurate, Large Minibatch SGD", 2017, section 2.2. Follow it by another schedule
    with `SequentialLR`, or multiply it with one by `ChainedLR`.

    Examples
    --------
    >>> import nn
    >>> optimizer = nn.SGD(nn.Linear(2, 1), lr=0.5)
    >>> schedule = WarmUp(optimizer, steps=4, start=0.0)
    >>> schedule.step()
    >>> optimizer.lr
    0.125
    """

    def __init__(self, optimizer: Optimizer, steps: int, start: float = 0.1) -> None:
        self.steps = _count("steps", steps)
        self.start = start
        super().__init__(optimizer)

    def factor(self, count: int) -> float:
        """Return start + (1 - start) · count / steps, and 1 from there on."""
        if count >= self.steps:
            return 1.0
        return self.start + (1.0 - self.start) * count / self.steps


class LambdaLR(Schedule):
    """Multiply the initial rate by a function of the number of steps.

    Examples
    --------
    >>> import nn
    >>> optimizer = nn.SGD(nn.Linear(2, 1), lr=0.5)
    >>> schedule = LambdaLR(optimizer, lambda count: 1 / (1 + count))
    >>> schedule.step()
    >>> optimizer.lr
    0.25
    """

    def __init__(self, optimizer: Optimizer, function: Callable[[int], float]) -> None:
        self.function = function
        super().__init__(optimizer)

    def factor(self, count: int) -> float:
        """Return function(count)."""
        return float(self.function(count))


class _Combined(Schedule):
    def __init__(self, optimizer: Optimizer, schedules: Sequence[Schedule]) -> None:
        if not schedules:
            raise ValueError("there are no schedules to combine: give at least one")
        for schedule in schedules:
            if schedule.optimizer is not optimizer:
                raise ValueError(
                    f"{type(schedule).__name__} was made for another optimizer; make all schedules "
                    "for the same one"
                )
        self.schedules = list(schedules)
        super().__init__(optimizer)

    def state_dict(self) -> dict[str, Any]:
        return {**super().state_dict(), "parts": [type(each).__name__ for each in self.schedules]}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        parts = [type(each).__name__ for each in self.schedules]
        if state.get("type") == type(self).__name__ and state.get("parts") != parts:
            raise ValueError(f"the state combines {state.get('parts')}, expected {parts}")
        super().load_state_dict(state)


class ChainedLR(_Combined):
    """The product of several schedules' factors.

    Examples
    --------
    >>> import nn
    >>> optimizer = nn.SGD(nn.Linear(2, 1), lr=0.5)
    >>> schedule = ChainedLR(
    ...     optimizer, [WarmUp(optimizer, 2, start=0.0), StepLR(optimizer, 1, gamma=0.5)]
    ... )
    >>> schedule.step()
    >>> optimizer.lr
    0.125
    """

    def factor(self, count: int) -> float:
        """Return the product of the factors."""
        return math.prod(schedule.factor(count) for schedule in self.schedules)


class SequentialLR(_Combined):
    """One schedule after another; each counts from 0 where it begins.

    Parameters
    ----------
    optimizer : Optimizer
    schedules : sequence of Schedule
    milestones : sequence of int
        The counts at which the second, third, … begin.

    Examples
    --------
    >>> import nn
    >>> optimizer = nn.SGD(nn.Linear(2, 1), lr=0.5)
    >>> schedule = SequentialLR(
    ...     optimizer, [WarmUp(optimizer, 5), CosineLR(optimizer, 95)], milestones=[5]
    ... )
    >>> for _ in range(5):
    ...     schedule.step()
    >>> optimizer.lr
    0.5
    """

    def __init__(
        self, optimizer: Optimizer, schedules: Sequence[Schedule], milestones: Sequence[int]
    ) -> None:
        if len(milestones) != len(schedules) - 1 or list(milestones) != sorted(set(milestones)):
            raise ValueError(
                f"milestones={list(milestones)} must be {len(schedules) - 1} rising numbers, one "
                "less than the schedules"
            )
        self.milestones = [_count("a milestone", milestone) for milestone in milestones]
        super().__init__(optimizer, schedules)

    def factor(self, count: int) -> float:
        """Return the factor of the schedule that is running."""
        starts = [0, *self.milestones]
        running = sum(count >= start for start in starts) - 1
        return self.schedules[running].factor(count - starts[running])


def _count(name: str, value: int) -> int:
    if value != int(value) or value < 1:
        raise ValueError(f"{name}={value!r} must be a whole number of at least 1")
    return int(value)
