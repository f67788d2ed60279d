"""Anomaly mode: NaN, inf and changed arrays, found where they arise."""

from autograd_np.debugging.anomalies import AnomalyError
from autograd_np.debugging.watch import detect_anomaly

__all__ = ["AnomalyError", "detect_anomaly"]
