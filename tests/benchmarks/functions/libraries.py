"""One case in each library: the value of a call, and the pullback of a fixed cotangent.

Whoever hands back a gradient that is a view of the cotangent is made to copy it, since the
gradient of a leaf of ours is always its own memory.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tests.benchmarks.functions.cases import Case
from tests.benchmarks.functions.inputs import Array, array

Pull = Callable[[], "list[Array]"]


def compiled(expression: str, names: Sequence[str], modules: dict[str, Any]) -> Callable[..., Any]:
    """The function of the names that an expression stands for."""
    function: Callable[..., Any] = eval(f"lambda {', '.join(names)}: {expression}", modules)
    return function


class Problem:
    """What every library is given.

    Attributes
    ----------
    case : Case
    arrays : dict
        The inputs by name.
    wanted : list of str
        Those to differentiate.
    cotangents : list of array
        One for each output of floating or complex numbers.
    """

    def __init__(self, case: Case, dtype: str) -> None:
        import scipy.special

        import autograd_np as ag

        self.case = case
        self.arrays = {name: array(name, dtype) for name in case.inputs}
        self.wanted = [name for name, a in self.arrays.items() if a.dtype.kind in "fc"]
        self.settings = [name for name in self.arrays if name not in self.wanted]
        self.numpy = self.function(case.call, {"np": np, "special": scipy.special, "ag": ag})
        self.outputs = outputs(self.numpy(*self.primals))
        rng = np.random.default_rng(0)
        self.cotangents = [_like(rng, out) for out in self.outputs]

    @property
    def primals(self) -> list[Array]:
        """The arrays to differentiate."""
        return [self.arrays[name] for name in self.wanted]

    def function(
        self,
        expression: str,
        modules: dict[str, Any],
        convert: Callable[[Array], Any] = lambda a: a,
    ) -> Callable[..., Any]:
        """The expression as a function of the arrays to differentiate."""
        given = {name: convert(self.arrays[name]) for name in self.settings}
        return compiled(expression, self.wanted, modules | given)


def _like(rng: np.random.Generator, out: Array) -> Array:
    drawn = rng.normal(size=out.shape)
    if out.dtype.kind == "c":
        return (drawn + 1j * rng.normal(size=out.shape)).astype(out.dtype)
    return np.asarray(drawn, out.dtype)


def outputs(value: Any) -> list[Any]:
    """Those parts of a result that have a gradient, of whatever library they are."""
    dtype = getattr(value, "dtype", None)
    if dtype is None:
        return [part for each in value for part in outputs(each)]
    return [value] if _has_gradient(dtype) else []


@functools.cache
def _has_gradient(dtype: Any) -> bool:
    return "float" in str(dtype) or "complex" in str(dtype)


def ours(problem: Problem) -> Pull:
    """A recorded call on Tensors and one reverse pass, as `backward` does from a single result."""
    import autograd_np as ag
    from autograd_np.lifted_pass import differentiate
    from autograd_np.reverse import conjugated
    from autograd_np.scipy import special

    function = problem.function(problem.case.call, {"np": np, "special": special, "ag": ag})
    leaves = [ag.Tensor(a, requires_grad=True) for a in problem.primals]

    def single() -> list[Array]:
        for leaf in leaves:
            leaf.grad = None
        function(*leaves).backward(problem.cotangents[0])
        return [leaf.grad for leaf in leaves]

    def several() -> list[Array]:
        results = outputs(function(*leaves))
        seeds = [
            (result.node, conjugated(w))
            for result, w in zip(results, problem.cotangents, strict=True)
            if result.requires_grad
        ]
        found = differentiate(seeds, graph=False, retain=False)
        return [conjugated(found[leaf.node]) for leaf in leaves]

    return single if hasattr(function(*problem.primals), "dtype") else several


def hips(problem: Problem) -> Pull:
    """HIPS autograd's `make_vjp`."""
    import autograd.numpy as anp
    import autograd.scipy.special as special
    from autograd import make_vjp
    from autograd.builtins import list as boxed

    function = problem.function(problem.case.call, {"np": anp, "special": special})
    alone = hasattr(problem.numpy(*problem.primals), "dtype")
    cotangent = problem.cotangents[0] if alone else problem.cotangents

    def call(primals: Any) -> Any:
        value = function(*primals)
        return value if alone else boxed(outputs(value))

    def pull() -> list[Array]:
        pullback, _ = make_vjp(call)(problem.primals)
        return [_own(g, problem.cotangents) for g in pullback(cotangent)]

    return pull


def _own(g: Any, cotangents: Sequence[Array]) -> Array:
    g = np.asarray(g)
    return g.copy() if any(np.may_share_memory(g, each) for each in cotangents) else g


def pytorch(problem: Problem) -> tuple[Pull, Callable[[], Any]]:
    """`torch.autograd.grad`, and the call by itself."""
    import torch
    from torch.nn import functional

    torch.set_num_threads(1)
    modules = {"torch": torch, "functional": functional}
    function = problem.function(problem.case.pytorch, modules, torch.from_numpy)
    plain = [torch.from_numpy(a) for a in problem.primals]
    leaves = [a.clone().requires_grad_() for a in plain]
    values = outputs(function(*plain))
    cotangents = [
        torch.from_numpy(w).reshape(value.shape)
        for w, value in zip(problem.cotangents, values, strict=True)
    ]
    held = {w.untyped_storage().data_ptr() for w in cotangents}

    def pull() -> list[Any]:
        gradients = torch.autograd.grad(outputs(function(*leaves)), leaves, cotangents)
        return [
            g.clone(memory_format=torch.contiguous_format)
            if g.untyped_storage().data_ptr() in held
            else g.resolve_conj()
            for g in gradients
        ]

    return pull, lambda: function(*plain)
