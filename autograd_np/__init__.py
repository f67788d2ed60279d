"""Automatic differentiation that is NumPy: write NumPy, get gradients."""

from typing import Any

from autograd_np.ancestry import trace
from autograd_np.checkpointing import checkpoint
from autograd_np.construction import array, c_, r_
from autograd_np.custom import custom_op
from autograd_np.debugging import AnomalyError, detect_anomaly
from autograd_np.drawing import draw
from autograd_np.elementwise import elementwise_grad
from autograd_np.explaining import explain
from autograd_np.flat import FlatBuffer
from autograd_np.full_recording import Recording, record
from autograd_np.functional import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    linear,
    log_softmax,
    logsumexp,
    relu,
    sigmoid,
    softmax,
    stop_gradient,
)
from autograd_np.jacobians import hessian, hvp, jacobian
from autograd_np.lowering.compiled import Compiled, compile
from autograd_np.lowering.effects import callback, guard, is_tracing, require_finite, rollback
from autograd_np.lowering.failures import TraceError
from autograd_np.memory import mutation_guard
from autograd_np.program import Program
from autograd_np.recording import current as current_mode
from autograd_np.recording import enable_grad, is_grad_enabled, no_grad
from autograd_np.scopes import is_recording, module_scope, named_scope
from autograd_np.tensor import Tensor
from autograd_np.transforms import grad, jvp, value_and_grad, vjp
from autograd_np.trees import ravel_pytree

__all__ = [
    "AnomalyError",
    "Compiled",
    "FlatBuffer",
    "Program",
    "Recording",
    "Tensor",
    "TraceError",
    "array",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "c_",
    "callback",
    "checkpoint",
    "compile",
    "cross_entropy",
    "current_mode",
    "custom_op",
    "detect_anomaly",
    "draw",
    "elementwise_grad",
    "enable_grad",
    "explain",
    "grad",
    "guard",
    "hessian",
    "hvp",
    "is_grad_enabled",
    "is_recording",
    "is_tracing",
    "jacobian",
    "jvp",
    "linear",
    "log_softmax",
    "logsumexp",
    "module_scope",
    "mutation_guard",
    "named_scope",
    "no_grad",
    "r_",
    "ravel_pytree",
    "record",
    "relu",
    "require_finite",
    "rollback",
    "sigmoid",
    "softmax",
    "stop_gradient",
    "trace",
    "value_and_grad",
    "vjp",
]


def __getattr__(name: str) -> Any:
    # Checking gradients is not for every program, so `ag.testing` is imported when it is used.
    if name == "testing":
        import importlib

        return importlib.import_module("autograd_np.testing")
    raise AttributeError(f"module 'autograd_np' has no attribute {name!r}")
