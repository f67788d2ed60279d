"""One trace of a compiled function, lowered: what is checked, run and handed out at each call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from autograd_np.lowering import backends, failures
from autograd_np.lowering.gathering import gather
from autograd_np.lowering.lowered import CannotLowerError, Lowered
from autograd_np.lowering.memory import Memory
from autograd_np.lowering.naming import input_names, value_names
from autograd_np.lowering.passes import run_passes
from autograd_np.lowering.results import Results
from autograd_np.lowering.settings import unchanged
from autograd_np.lowering.signature import Signature
from autograd_np.lowering.traced import Traced, traced
from autograd_np.program import Program
from autograd_np.recording import current

if TYPE_CHECKING:
    from autograd_np.lowering.compiled import Compiled


class Entry:
    """A lowered trace.

    Attributes
    ----------
    mode : Mode
        Whether gradients were recorded.
    match : callable
        See `Signature`.
    alive : bool
        False once it holds for no call any more.
    """

    def __init__(
        self,
        signature: Signature,
        trace: Traced,
        program: Program,
        lowered: Lowered,
        memory: Memory,
        results: Results,
    ) -> None:
        self.alive = True
        self.mode = current()
        self.match = signature.match
        self.program = program
        self.source = lowered.source
        self.run = lowered.run
        self.guards = [(read, unchanged(value)) for read, value in trace.guards]
        self.rollbacks = trace.rollbacks
        fresh = [trace.target(tensor) for tensor in trace.fresh]
        self.fresh = [each for each in fresh if not isinstance(each, int)]
        self.fresh_arguments = [each for each in fresh if isinstance(each, int)]
        self.cleared = [trace.target(tensor) for tensor in trace.cleared]
        self.memory = memory
        self.results = results

    def holds(self, inputs: list[Any]) -> bool:
        """Whether what decided about the trace is as it was.

        Raises
        ------
        TraceError
            If a gradient would be added to one that is there.
        """
        # A generator would take twice as long, at every step.
        for read, test in self.guards:
            if not test(read()):
                return False
        if self.memory.moved() and not self.memory.bind():
            self.alive = False
            return False
        for tensor in self.fresh:
            if tensor._grad is not None:
                raise failures.stale_gradient(tensor)
        for place in self.fresh_arguments:
            if inputs[place]._grad is not None:
                raise failures.stale_gradient(inputs[place])
        return True

    def __call__(self, inputs: list[Any]) -> Any:
        """Run it; return what the function returns."""
        memory = self.memory
        self.results.forget(inputs)
        if memory.updates:
            memory.prepare(inputs)
        before = [read() for read, _ in self.rollbacks]
        try:
            if memory.plain:
                outputs = self.run(*inputs, *memory.bound)
            else:
                outputs = self.run(*memory.arguments(inputs))
        except BaseException:
            for (_, restore), value in zip(self.rollbacks, before, strict=True):
                restore(value)
            raise
        if memory.updates:
            memory.written(inputs)
        if self.cleared:
            self.clear(inputs)
        return self.results.handed_out(outputs, inputs)

    def clear(self, inputs: list[Any]) -> None:
        """Forget the gradients that the function sets to None."""
        for target in self.cleared:
            tensor = inputs[target] if isinstance(target, int) else target
            tensor._grad = None


def made(
    compiled: Compiled, signature: Signature, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Entry, Any]:
    """Trace and lower a call; return the entry and the result of the call."""

    def call(handles: Sequence[Any]) -> Any:
        new_args, new_kwargs = signature.filled(handles)
        return compiled.function(*new_args, **new_kwargs)

    names = input_names(compiled.function, signature.paths)
    trace = traced(call, signature.inputs, names)
    try:
        entry = _entry(compiled, signature, trace)
    except BaseException:
        trace.roll_back()
        raise
    entry.clear(signature.inputs)
    return entry, entry.results.first(trace, signature.inputs)


def _entry(compiled: Compiled, signature: Signature, trace: Traced) -> Entry:
    gather(trace)
    results = Results(trace, signature)
    program = results.asked_of(trace.program)
    given = compiled.names()
    for index, tensor in trace.tensors.items():
        name = given.get(id(tensor))
        if name is not None:
            program.variables[index] = replace(program.variables[index], name=name)
    program = run_passes(program, compiled.disabled)
    lowered = _lowered(compiled, program, trace.live)
    memory = Memory(program, trace, lowered.wants, signature)
    return Entry(signature, trace, _without_values(program), lowered, memory, results)


def _lowered(compiled: Compiled, program: Program, live: set[int]) -> Lowered:
    names, title = value_names(program), compiled.__name__
    try:
        return backends.lower(compiled.backend, program, names, title, live)
    except CannotLowerError as error:
        compiled.warn_once(
            f"{title} runs in NumPy: the {compiled.backend} backend has no code for {error}"
        )
        return backends.lower("numpy", program, names, title, live)


def _without_values(program: Program) -> Program:
    """The program without the arrays of the traced call."""
    variables = {i: replace(each, value=None) for i, each in program.variables.items()}
    return replace(program, variables=variables)
