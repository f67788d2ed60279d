"""What is said below a picture: totals, and how to see what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from autograd_np.drawing.facts import bytes_text, seconds_text
from autograd_np.drawing.options import Options
from autograd_np.drawing.picture import Picture
from autograd_np.program import Call, Program

RECORD = "compute under `with ag.record():`"

COMPLEX = (
    "gradients g of complex values are those of dL = Re(sum(g * dz)), as rules pass them on: "
    "`grad` holds their conjugates"
)


def notes_of(
    program: Program, calls: Sequence[Call], options: Options, kept: Iterable[int]
) -> Iterator[str]:
    """Yield a line for each total that was asked for, and for what is asked for and not known.

    Parameters
    ----------
    program : Program
    calls : sequence of Call
        Those that are drawn.
    options : Options
    kept : iterable of int
        The bytes that each call keeps.
    """
    made = [ref.index for call in calls for ref in call.outputs]
    if any(program.variables[index].value is None for index in made):
        if options.of_values:
            yield f"values of operations are not known: {RECORD}"
        else:
            yield f"for values, lines and modules, {RECORD}"
    if options.gradients and not program.gradient_of:
        yield "gradients are not known: call loss.backward() first, or draw with backward=True"
    if (options.gradients or options.backward) and has_complex_gradients(program):
        yield COMPLEX
    if options.memory:
        yield f"kept for the reverse pass: {bytes_text(sum(kept))}"
    if options.time:
        seconds = [call.seconds for call in calls if call.seconds is not None]
        took = f"operations took {seconds_text(sum(seconds))}"
        yield took if seconds else f"times are not known: {RECORD}"


def has_complex_gradients(program: Program) -> bool:
    """Whether some gradients differ from what users find in `grad`."""
    return any(program.variables[g].dtype.kind == "c" for g in program.gradient_of.values())


def note_on_faults(picture: Picture) -> Iterator[str]:
    """Yield a line where something is not finite and nobody knows what made it so."""
    reached = any(vertex.reached for vertex in picture.vertices)
    if reached and not any(vertex.fault for vertex in picture.vertices):
        yield f"where NaN or inf arises is not known: {RECORD}"
