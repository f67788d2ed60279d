"""Files: whole or not at all, and never half-loaded."""

from __future__ import annotations

import builtins
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import nn
from nn.serialization import load_arrays, save_arrays


@given(
    hnp.arrays(
        st.sampled_from([np.float16, np.float32, np.float64, np.int64, np.uint8, np.bool_]),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_arrays_come_back(tmp_path: Path, array: Any) -> None:
    path = tmp_path / "a.safetensors"
    save_arrays(path, {"a": array, "turned": array.T}, {"n": 1})
    arrays, found = load_arrays(path)
    assert found == {"n": 1}
    for name, expected in {"a": array, "turned": array.T}.items():
        assert arrays[name].dtype == expected.dtype
        assert arrays[name].shape == expected.shape
        assert arrays[name].tobytes() == expected.tobytes()


def test_views_and_foreign_byte_order(tmp_path: Path) -> None:
    values = np.arange(12.0).reshape(3, 4)
    path = tmp_path / "a.safetensors"
    save_arrays(path, {"view": values[::2, 1::2], "big": values.astype(">f8")})
    arrays, _ = load_arrays(path)
    assert np.array_equal(arrays["view"], values[::2, 1::2])
    assert np.array_equal(arrays["big"], values)


@pytest.mark.parametrize("dtype", [np.longdouble, np.complex128, np.dtype("U1")])
def test_a_dtype_that_the_format_lacks(dtype: Any, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=f"a is {np.dtype(dtype)}, which safetensors"):
        save_arrays(tmp_path / "a.safetensors", {"a": np.ones(2, dtype)})
    assert not list(tmp_path.iterdir())


def test_a_model_goes_through_a_file(tmp_path: Path) -> None:
    model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.ReLU(), nn.Dense(2, in_features=4, rng=1))
    model.save(tmp_path / "model.safetensors")
    other = nn.Sequential(nn.Linear(3, 4, rng=2), nn.ReLU(), nn.Dense(2))
    other.load(tmp_path / "model.safetensors")
    x = np.ones((5, 3))
    assert np.array_equal(model(x).numpy(), other(x).numpy())


def damaged(path: Path, model: nn.Module, how: str) -> None:
    model.save(path)
    content = path.read_bytes()
    if how == "truncated":
        path.write_bytes(content[:-5])
    elif how == "header cut":
        path.write_bytes(content[:20])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "text":
        path.write_text("this is no safetensors file, but it is longer than eight bytes")
    elif how == "numpy":
        with open(path, "wb") as file:
            np.savez(file, weight=np.ones((1, 2)))
    elif how == "names":
        nn.Sequential(model).save(path)
    elif how == "shapes":
        nn.Linear(3, 1).save(path)
    elif how == "dtype":
        nn.Linear(2, 1, dtype=np.float32).save(path)
    elif how == "optimizer":
        nn.SGD(model).save(path)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("truncated", "only part of one"),
        ("header cut", "only part of one"),
        ("empty", "only part of one"),
        ("text", "not a safetensors file"),
        ("numpy", "not a safetensors file"),
        ("names", "missing: weight"),
        ("shapes", r"given shape \(1, 3\), expected \(1, 2\)"),
        ("dtype", "given dtype float32, expected float64"),
        ("optimizer", "holds a saved optimizer, not a saved module"),
    ],
)
def test_a_wrong_file_changes_nothing(how: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    damaged(path, nn.Linear(2, 1, rng=0), how)
    model = nn.Linear(2, 1, rng=1)
    before = model.state_dict()
    with pytest.raises(ValueError, match=message) as caught:
        model.load(path)
    assert str(path) in str(caught.value)
    assert all(np.array_equal(model.state_dict()[name], before[name]) for name in before)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        nn.Linear(2, 1).load(tmp_path / "none.safetensors")


@pytest.mark.parametrize("failing", ["replace", "fsync"])
def test_an_interrupted_save_leaves_the_old_file(
    failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.safetensors"
    nn.Linear(2, 1, rng=0).save(path)
    before = path.read_bytes()

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, failing, interrupt)
    with pytest.raises(KeyboardInterrupt):
        nn.Linear(2, 1, rng=1).save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_files_of_other_programs(tmp_path: Path) -> None:
    numpy = pytest.importorskip("safetensors.numpy")
    path = tmp_path / "foreign.safetensors"
    weights = {"weight": np.ones((1, 2)), "bias": np.zeros(1)}
    path.write_bytes(numpy.save(weights, metadata={"format": "pt"}))
    model = nn.Linear(2, 1)
    model.load(path)
    assert np.array_equal(model.weight.numpy(), np.ones((1, 2)))


def test_without_safetensors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("safetensors"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"pip install 'autograd-np\[weights\]'"):
        nn.Linear(2, 1).save(tmp_path / "model.safetensors")
