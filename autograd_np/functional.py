"""Functions that NumPy does not have: activations and losses, for arrays and Tensors alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_np.calls import apply
from autograd_np.eager import leading, unary
from autograd_np.handle import Handle, unwrap
from autograd_np.recording import tracing
from autograd_np.rules import activations, linear_algebra, losses
from autograd_np.rules.registry import RULES

_relu = unary(activations.relu)
_sigmoid = unary(activations.sigmoid)
_cross_entropy = leading(losses.cross_entropy)
_bce_with_logits = leading(losses.binary_cross_entropy_with_logits)
_bce = leading(losses.binary_cross_entropy)
_softmax = leading(activations.softmax)
_log_softmax = leading(activations.log_softmax)
_linear = RULES[linear_algebra.linear]


def relu(x: Any) -> Any:
    """Rectified linear unit, ``max(x, 0)``; its derivative at 0 is 0.

    Parameters
    ----------
    x : Tensor or array, of any shape

    Returns
    -------
    Tensor or array
        Of the shape and dtype of `x`.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> ag.relu(np.array([-1.0, 0.0, 2.0]))
    array([0., 0., 2.])
    """
    return _relu(x)


def sigmoid(x: Any) -> Any:
    """Logistic function, ``1 / (1 + exp(-x))``, without overflow.

    Parameters
    ----------
    x : Tensor or array, of any shape

    Returns
    -------
    Tensor or array
        Of the shape of `x`, in [0, 1].

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> ag.sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    return _sigmoid(x)


def softmax(x: Any, axis: int | tuple[int, ...] = -1) -> Any:
    """Exponentials scaled to add up to one along `axis`.

    Parameters
    ----------
    x : Tensor or array, of any shape
    axis : int or tuple of ints

    Returns
    -------
    Tensor or array
        Of the shape of `x`.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> ag.softmax(np.array([1000.0, 1000.0]))
    array([0.5, 0.5])
    """
    return _softmax(x, axis) if isinstance(x, Handle) else activations.softmax(x, axis)


def log_softmax(x: Any, axis: int | tuple[int, ...] = -1) -> Any:
    """Logarithm of `softmax`, exact where softmax would round to 0.

    Parameters
    ----------
    x : Tensor or array, of any shape
    axis : int or tuple of ints

    Returns
    -------
    Tensor or array
        Of the shape of `x`.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> ag.log_softmax(np.array([0.0, -1000.0]))
    array([    0., -1000.])
    """
    return _log_softmax(x, axis) if isinstance(x, Handle) else activations.log_softmax(x, axis)


def logsumexp(x: Any, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Any:
    """Logarithm of the sum of exponentials, without overflow.

    Parameters
    ----------
    x : Tensor or array, of any shape
    axis : int, tuple of ints or None
        Axes to sum over; None for all.
    keepdims : bool

    Returns
    -------
    Tensor or array

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> float(ag.logsumexp(np.array([1000.0, 1000.0])).round(4))
    1000.6931
    """
    return activations.logsumexp(x, axis, keepdims)


def linear(x: Any, weight: Any, bias: Any = None) -> Any:
    """Affine map of the last axis, ``x @ weight.T + bias``, as one operation.

    Parameters
    ----------
    x : Tensor or array of shape (..., n)
    weight : Tensor or array of shape (m, n)
    bias : Tensor or array of shape (m,), optional

    Returns
    -------
    Tensor or array
        Of shape (..., m).

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> ag.linear(np.ones((2, 3)), np.array([[1.0, 2.0, 3.0]]), np.array([10.0]))
    array([[16.],
           [16.]])
    """
    try:
        if isinstance(x, Handle) or isinstance(weight, Handle) or isinstance(bias, Handle):
            return apply(_linear, (x, weight, bias), {})
        return linear_algebra.linear(x, weight, bias)
    except ValueError as error:
        m, n = weight.shape if len(weight.shape) == 2 else ("m", "n")
        given = None if bias is None else bias.shape
        raise ValueError(
            f"linear: x has shape {x.shape}, weight {weight.shape} and bias {given}; expected x of "
            f"shape (..., {n}), a weight of two axes, and a bias of shape ({m},) or None. If the "
            f"weight is (n, m), write x @ weight + bias."
        ) from error


def cross_entropy(logits: Any, labels: Any, axis: int = -1, reduction: str = "mean") -> Any:
    """Cross-entropy between labels and ``softmax(logits)``, computed from the logits.

    Parameters
    ----------
    logits : Tensor or array
        Scores, with the classes along `axis`.
    labels : array
        Either integers in ``[0, classes)``, of the shape of `logits` without `axis`; or
        probabilities, of the shape of `logits`.
    axis : int
        The axis of the classes.
    reduction : 'mean', 'sum' or 'none'
        Over the samples.

    Returns
    -------
    Tensor or array
        0-d, or one loss per sample for 'none'.

    Raises
    ------
    ValueError
        If the shapes do not fit, a label is out of range, or `reduction` is unknown.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> float(ag.cross_entropy(np.zeros((2, 4)), np.array([0, 3])).round(4))
    1.3863
    """
    if not hasattr(labels, "__array_function__"):
        labels = np.asarray(labels)
    if labels.dtype.kind not in "iub":
        return _soft_cross_entropy(logits, labels, axis, reduction)
    shape = logits.shape
    at = axis % len(shape) if shape else 0
    expected = shape[:at] + shape[at + 1 :]
    if labels.shape != expected:
        raise ValueError(
            f"cross_entropy: logits have shape {shape} and integer labels {labels.shape}; "
            f"expected labels of shape {expected}. Write labels.reshape({expected}), or pass "
            f"probabilities (one-hot rows) as floats."
        )
    plain = unwrap(labels)
    trace = tracing()
    if trace is not None:
        if labels is plain:
            labels = trace.lifted(labels, "biu")
        _require_labels(labels, shape[at], axis)
    elif isinstance(plain, np.ndarray):
        _check_labels(plain, shape[at], axis)
    if isinstance(logits, Handle) or isinstance(labels, Handle):
        return _cross_entropy(logits, labels, axis, reduction)
    return losses.cross_entropy(logits, labels, axis, reduction)[0]


def _check_labels(labels: Any, classes: int, axis: int) -> None:
    # As unsigned numbers negative labels are too large, so that one comparison finds both.
    unsigned = labels.view(np.uint64) if labels.itemsize == 8 else labels.astype(np.uint64)
    if labels.size and np.maximum.reduce(unsigned, None) >= classes:
        raise ValueError(
            f"cross_entropy: a label is outside 0 to {classes - 1} (they run from "
            f"{labels.min()} to {labels.max()}), and logits have {classes} classes along "
            f"axis {axis}."
        )


def _require_labels(labels: Any, classes: int, axis: int) -> None:
    """`_check_labels` as part of a compiled function, which runs at each call."""
    from autograd_np.lowering.effects import require

    if labels.size:
        message = (
            f"cross_entropy: a label is outside 0 to {classes - 1}, and logits have {classes} "
            f"classes along axis {axis}."
        )
        require(np.min(labels) >= 0, message)
        require(np.max(labels) < classes, message)


def _soft_cross_entropy(logits: Any, labels: Any, axis: int, reduction: str) -> Any:
    """Cross-entropy with a distribution as the label of each sample."""
    if labels.shape != logits.shape:
        raise ValueError(
            f"cross_entropy: logits have shape {logits.shape} and label probabilities "
            f"{labels.shape}; expected the same shape. For class numbers, pass labels.astype(int)."
        )
    return losses.reduced(-(labels * log_softmax(logits, axis)).sum(axis=axis), reduction)


def binary_cross_entropy(probabilities: Any, targets: Any, reduction: str = "mean") -> Any:
    """Cross-entropy of yes-or-no outcomes from their probabilities.

    Logarithms of 0 count as those of the smallest normal number. From logits,
    `binary_cross_entropy_with_logits` is exact everywhere.

    Parameters
    ----------
    probabilities : Tensor or array, in [0, 1]
    targets : array
        0 or 1 (or in between), of the same shape.
    reduction : 'mean', 'sum' or 'none'

    Returns
    -------
    Tensor or array
        0-d, or one loss per element for 'none'.

    Raises
    ------
    ValueError
        If the shapes differ, even where they would broadcast.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> float(ag.binary_cross_entropy(np.array([0.5, 0.5]), np.array([0.0, 1.0])).round(4))
    0.6931
    """
    targets = _same_shape("binary_cross_entropy", probabilities, targets)
    if isinstance(probabilities, Handle):
        return _bce(probabilities, targets, reduction)
    return losses.binary_cross_entropy(probabilities, targets, reduction)


def binary_cross_entropy_with_logits(logits: Any, targets: Any, reduction: str = "mean") -> Any:
    """Cross-entropy of yes-or-no outcomes from their logits.

    The gradient, ``sigmoid(logits) - targets``, is right however large the logits are.

    Parameters
    ----------
    logits : Tensor or array
    targets : array
        0 or 1 (or in between), of the same shape.
    reduction : 'mean', 'sum' or 'none'

    Returns
    -------
    Tensor or array
        0-d, or one loss per element for 'none'.

    Raises
    ------
    ValueError
        If the shapes differ, even where they would broadcast.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> float(ag.binary_cross_entropy_with_logits(np.array([800.0]), np.array([0.0])))
    800.0
    """
    targets = _same_shape("binary_cross_entropy_with_logits", logits, targets)
    if isinstance(logits, Handle):
        return _bce_with_logits(logits, targets, reduction)
    return losses.binary_cross_entropy_with_logits(logits, targets, reduction)


def stop_gradient(x: Any) -> Any:
    """The value of `x` as a constant: gradients stop here.

    Parameters
    ----------
    x : Tensor or array

    Returns
    -------
    Tensor or array

    Examples
    --------
    >>> import autograd_np as ag
    >>> float(ag.grad(lambda x: x * ag.stop_gradient(x))(3.0))
    3.0
    """
    return x.detach() if hasattr(x, "detach") else x


def _same_shape(name: str, given: Any, targets: Any) -> Any:
    if not hasattr(targets, "__array_function__"):
        targets = np.asarray(targets)
    if given.shape != targets.shape:
        raise ValueError(
            f"{name}: predictions have shape {given.shape} and targets {targets.shape}; expected "
            f"the same shape, since broadcasting would pair each with all. Write "
            f"targets.reshape({given.shape})."
        )
    return targets
