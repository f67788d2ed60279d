"""What the stored PyTorch figures and the tests share: settings, gradients, and the steps kept."""

from __future__ import annotations

from typing import Any

import numpy as np

STEPS = 50
KEPT = (1, 2, 10, 50)

CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd": ("SGD", {"lr": 0.05}),
    "sgd_weight_decay": ("SGD", {"lr": 0.05, "weight_decay": 0.1}),
    "sgd_momentum": ("SGD", {"lr": 0.05, "momentum": 0.9}),
    "sgd_dampening": ("SGD", {"lr": 0.05, "momentum": 0.8, "dampening": 0.3, "weight_decay": 0.01}),
    "sgd_nesterov": ("SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    "adam": ("Adam", {"lr": 0.02}),
    "adam_all": ("Adam", {"lr": 0.02, "betas": (0.8, 0.99), "eps": 1e-3, "weight_decay": 0.1}),
    "adamw": ("AdamW", {"lr": 0.02}),
    "adamw_all": ("AdamW", {"lr": 0.02, "betas": (0.7, 0.95), "eps": 1e-4, "weight_decay": 0.3}),
    "rmsprop": ("RMSprop", {"lr": 0.01}),
    "rmsprop_momentum": ("RMSprop", {"lr": 0.01, "alpha": 0.9, "momentum": 0.8}),
    "rmsprop_centered": ("RMSprop", {"lr": 0.01, "alpha": 0.95, "centered": True}),
    "rmsprop_all": (
        "RMSprop",
        {
            "lr": 0.01, "alpha": 0.9, "eps": 1e-4, "weight_decay": 0.1, "momentum": 0.5,
            "centered": True,
        },
    ),
}  # fmt: skip


def start() -> np.ndarray[Any, Any]:
    """Return the parameter before the first step."""
    return np.array([-1.5, -0.2, 0.0, 0.7, 2.0])


def gradient(p: Any, step: int) -> Any:
    """Return a gradient that depends on the parameter and, without pattern, on the step."""
    return p * np.array([1.0, 0.5, 2.0, 0.1, 3.0]) + noise()[step - 1]


def noise() -> np.ndarray[Any, Any]:
    """Return one row per step."""
    return np.random.RandomState(7).normal(size=(STEPS, 5))
