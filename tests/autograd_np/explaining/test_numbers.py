"""The numbers on a page are those of the arrays."""

import numpy as np
import pytest

from autograd_np.explaining.numbers import FULL, described, texts

rng = np.random.default_rng(0)


@pytest.mark.parametrize(
    "array",
    [
        rng.normal(size=(5, 12)),
        rng.normal(size=(3, 2)).astype(np.float32) * 1e4,
        rng.normal(size=7) * 10.0 ** rng.integers(-12, 12, 7),
        np.array([1.0, -20.0, 0.0]),
        np.array([1e300, -1e-300, 0.0]),
        np.array([0.001, 0.5, 99999.9]),
        np.arange(6).reshape(1, 2, 3),
        np.array(2 / 3),
        np.zeros((0, 3)),
    ],
)
def test_small_arrays_are_shown_in_full(array):
    shown = described(array)
    assert shown["shape"] == list(array.shape)
    assert len(shown["cells"]) == array.size
    for text, number in zip(shown["cells"], array.ravel(), strict=True):
        # At least two digits of each, four of most, and nothing but 0 is 0.
        assert float(text) == pytest.approx(float(number), rel=0.05, abs=0)


def test_the_digits_of_numbers():
    assert texts(np.array([0.12345, 12.0])) == ["0.1235", "12.0000"]
    assert texts(np.array([1234.5678, 1.0])) == ["1234.57", "1.00"]
    assert texts(np.array([1e-9, 0.0])) == ["1.000e-09", "0"]
    assert texts(np.array([np.nan, -np.inf, 1.5])) == ["nan", "-inf", "1.5000"]
    assert texts(np.array([np.inf, np.nan])) == ["inf", "nan"]
    assert texts(np.array([True, False])) == ["True", "False"]
    assert texts(np.array([1 + 2j, np.nan * 1j])) == ["1+2j", "nan+nanj"]
    assert texts(np.array([-0.0, 1e15])) == ["0", "1.000e+15"]
    assert texts(np.array([2**60, -1])) == [str(2**60), "-1"]


def test_large_arrays_are_statistics():
    array = rng.normal(size=(20, 30))
    array[:3] = 0
    shown = described(array)
    assert "cells" not in shown
    found = dict(shown["statistics"])
    for name, expected in {
        "min": array.min(),
        "max": array.max(),
        "mean": array.mean(),
        "std": array.std(),
        "norm": np.linalg.norm(array),
    }.items():
        assert float(found[name]) == pytest.approx(expected, rel=1e-3)
    assert found["zeros"] == "15.0%"
    assert not {"NaN", "inf"} & found.keys()
    assert sum(shown["histogram"]["counts"]) == array.size
    assert shown["histogram"]["counts"] == np.histogram(array, 24)[0].tolist()
    assert shown["first"] == ["0"] * 6


def test_what_is_not_finite_is_counted_and_left_out():
    array = np.linspace(0.0, 1.0, 100)
    array[:2], array[50] = np.nan, -np.inf
    shown = described(array)
    found = dict(shown["statistics"])
    assert (found["NaN"], found["inf"]) == ("2", "1")
    assert float(found["max"]) == 1
    assert sum(shown["histogram"]["counts"]) == 97
    nothing = described(np.full(100, np.nan))
    assert dict(nothing["statistics"]) == {"zeros": "0.0%", "NaN": "100", "inf": "0"}
    assert nothing["histogram"] is None


@pytest.mark.parametrize(
    "array",
    [
        np.full(100, 3.0),
        np.full(100, 1e308) * np.linspace(-1, 1, 100),
        np.full(100, 5e-324),
        np.arange(100) > 50,
        np.arange(100) * 1j,
        np.arange(100, dtype=np.uint8),
        np.linspace(0, 1, 100, dtype=np.float16) * 1000,
        np.full(100, 1.0) + np.linspace(0, 1e-15, 100),
    ],
    ids=["constant", "huge", "tiny", "bool", "complex", "uint8", "half", "close"],
)
def test_arrays_of_all_kinds_have_statistics(array):
    shown = described(array)
    assert len(shown["statistics"]) >= 6
    assert all(isinstance(text, str) for pair in shown["statistics"] for text in pair)
    if shown["histogram"] is not None:
        assert sum(shown["histogram"]["counts"]) == 100


def test_the_limit_is_exact():
    assert "cells" in described(np.zeros(FULL))
    assert "cells" not in described(np.zeros(FULL + 1))
