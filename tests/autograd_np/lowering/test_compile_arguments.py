"""What compiled functions are given, and what they return."""

import collections
import dataclasses
import functools

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.lowering.compiled import KEPT

Pair = collections.namedtuple("Pair", "first second")
ONES = np.ones(2)


def counted(function):
    """The compiled function and a list that grows by two with each trace, which runs it twice."""
    runs = []

    @functools.wraps(function)
    def noting(*args, **kwargs):
        runs.append(None)
        return function(*args, **kwargs)

    return ag.compile(noting), runs


def test_containers_keywords_and_defaults():
    def function(x, tree, *, scale=2.0, flag=None):
        made = [None, Pair(x + 1, tree["z"][0] * scale), flag]
        return {"a": x * scale, "b": made, "text": "text", "empty": ()}

    step, runs = counted(function)
    for number in range(1, 4):
        x = number * ONES
        found = step(x, {"z": (x, None)}, scale=float(number))
        expected = function(x, {"z": (x, None)}, scale=float(number))
        assert found["a"].tolist() == expected["a"].tolist()
        assert type(found["b"][1]) is Pair
        assert found["b"][1].second.tolist() == expected["b"][1].second.tolist()
        assert (found["b"][0], found["text"], found["empty"]) == (None, "text", ())
    assert len(runs) == 2
    assert step(ONES, {"z": (ONES, None)})["a"].tolist() == [2, 2]
    assert step(ONES, {"z": (ONES, None)}, flag=True)["b"][2] is True


def test_an_ordered_dict_stays_one():
    step = ag.compile(lambda tree: collections.OrderedDict(b=tree["a"] * 2))
    for _ in range(2):
        assert type(step(collections.OrderedDict(a=ONES))) is collections.OrderedDict


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16, np.complex64, np.int32])
def test_python_numbers_are_weak_inputs(dtype):
    def function(x, rate, count):
        return x * rate, x / (1 - 0.9**count), rate * 2, count + 1, count > 2, x - count // 2

    step, runs = counted(function)
    x = np.arange(3).astype(dtype)
    for count in range(1, 6):
        found, expected = step(x, 0.1 * count, count), function(x, 0.1 * count, count)
        for mine, other in zip(found, expected, strict=True):
            assert type(mine) is type(other)
            assert np.asarray(mine).dtype == np.asarray(other).dtype
            assert np.array_equal(mine, other)
    assert len(runs) == 2


def test_numpy_scalars_are_strong():
    step = ag.compile(lambda x, scale: x * scale)
    for scale in (np.float64(0.5), np.float64(0.7)):
        assert step(ONES.astype("f"), scale).dtype == np.float64


def test_settings_are_part_of_the_trace():
    step, runs = counted(lambda x, kind, flag: {"up": x + 1, "down": x - 1}[kind] * (2 - flag))
    for _ in range(2):
        assert step(ONES, "up", False).tolist() == [4, 4]
        assert step(ONES, "down", True).tolist() == [0, 0]
    assert len(runs) == 4


@dataclasses.dataclass
class Settings:
    scale: object


@pytest.mark.parametrize(
    ("static", "change"),
    [
        ([2], lambda s: s.__setitem__(0, 3)),
        ({"k": [2]}, lambda s: s["k"].__setitem__(0, 3)),
        ({2}, lambda s: s.add(3)),
        (np.array([2.0]), lambda s: s.__setitem__(0, 3)),
        (Settings(2), lambda s: setattr(s, "scale", 3)),
        (Settings([2]), lambda s: s.scale.append(3)),
    ],
    ids=["list", "dict", "set", "array", "dataclass", "dataclass of list"],
)
def test_a_setting_that_changes_in_place_is_seen(static, change):
    def function(x, settings):
        parts = getattr(settings, "scale", settings)
        parts = next(iter(parts.values())) if isinstance(parts, dict) else parts
        return x * (sum(float(each) for each in parts) if np.ndim(parts) else parts * 1)

    def with_sets(x, settings):
        return function(x, sorted(settings) if isinstance(settings, set) else settings)

    step = ag.compile(with_sets, static_argnums=1)
    step(ONES, static)
    change(static)
    assert step(ONES, static).tolist() == with_sets(ONES, static).tolist()


@pytest.mark.parametrize(("first", "then"), [((1,), (1.0,)), (0.0, -0.0), (1, True)])
def test_settings_that_are_equal_and_not_the_same(first, then):
    def function(x, s):
        return x * (s[0] if isinstance(s, tuple) else s)

    step = ag.compile(function, static_argnums=1)
    x = np.ones(2, int)
    for setting in (first, then):
        found, expected = step(x, setting), function(x, setting)
        assert (found.dtype, found.tobytes()) == (expected.dtype, expected.tobytes())


def test_objects_that_cannot_be_compared_are_traced_anew():
    step = ag.compile(lambda x, settings: x * settings.scale)
    assert step(ONES, Settings(ONES)).tolist() == [1, 1]
    assert step(ONES, Settings(2 * ONES)).tolist() == [2, 2]


@pytest.mark.parametrize("number", [1, -1])
def test_static_arguments_by_position_and_name(number):
    step = ag.compile(lambda x, n: x[:n], static_argnums=number)
    assert step(np.arange(3.0), 2).tolist() == [0, 1]
    assert step(np.arange(3.0), n=1).tolist() == [0]


@pytest.mark.parametrize("name", ["static_argnums", "donate_argnums"])
@pytest.mark.parametrize("number", [2, -3])
def test_a_number_of_no_argument(name, number):
    with pytest.raises(ValueError, match=f"{name}=.*arguments are x, n"):
        ag.compile(lambda x, n: x, **{name: number})


def test_shapes_dtypes_and_layouts_are_traced_once_each():
    step, runs = counted(lambda x: (x * 2).sum(0))
    for _ in range(2):
        for x in (np.ones((2, 3)), np.ones((3, 3)), np.ones((3, 3), "f"), np.ones((6, 3))[::2]):
            assert np.array_equal(step(x), (x * 2).sum(0))
    assert len(runs) == 2 * 4
    for length in range(40):
        step(np.ones(length))
    assert len(step._entries) == KEPT


@pytest.mark.parametrize("seed", range(3))
def test_layouts_keep_the_bits(seed):
    def function(x, y):
        return (x @ y).sum(0), np.exp(x), x.sum(1), x.T @ x, np.copy(x).T @ y, x.T @ y

    step = ag.compile(function)
    b = np.random.default_rng(seed).normal(size=(60, 60))
    for x, y in ((b, b.T), (b, b), (b.T, b), (b[::-1], b), (np.asfortranarray(b), b[:, ::-1])):
        for _ in range(2):
            for mine, other in zip(step(x, y), function(x, y), strict=True):
                assert np.array_equal(mine, other)


def test_empty_and_0d_arrays():
    def function(x, y):
        return (x * 2).sum(axis=0), x.T @ x, y * 3, x[:, :1] + y

    step = ag.compile(function)
    for number in (2.0, 3.0):
        x, y = np.ones((0, 3)), np.array(number)
        for mine, other in zip(step(x, y), function(x, y), strict=True):
            assert np.shape(mine) == np.shape(other)
            assert np.array_equal(mine, other)


def test_constants_in_results():
    captured = np.arange(3.0)

    @ag.compile
    def step(x):
        return np.arange(3.0), captured, ag.Tensor(np.arange(3.0)), np.ones_like(x), 3, None, x

    for _ in range(3):
        made, same, tensor, ones, three, none, given = step(ONES)
        assert np.asarray(made).tolist() == [0, 1, 2]
        assert same is captured
        assert tensor.numpy().tolist() == [0, 1, 2]
        assert np.asarray(ones).tolist() == [1, 1]
        assert (three, none) == (3, None)
        assert np.asarray(given).tolist() == [1, 1]
        for each in (made, tensor, ones):
            each[...] = 7


def test_arguments_that_are_returned_are_not_overwritten_later():
    step = ag.compile(lambda x: (x, x.T, x[0]))
    x = np.arange(6.0).reshape(2, 3)
    results = [step(x + number) for number in range(3)]
    for number, (same, turned, row) in enumerate(results):
        assert np.array_equal(same, x + number)
        assert np.array_equal(turned, (x + number).T)
        assert np.array_equal(row, x[0] + number)


def test_results_can_be_passed_back():
    target = ag.Tensor(np.arange(3.0))

    def function(w, x):
        loss, gradient = ag.value_and_grad(lambda w: np.sum((x * w - target) ** 2))(w)
        return loss, w - 0.1 * gradient

    step = ag.compile(function)
    mine = other = np.zeros(3)
    x = np.ones(3)
    for _ in range(4):
        found, mine = step(mine, x)
        expected, other = function(other, x)
        assert float(found) == float(expected)
        assert np.array_equal(np.asarray(mine), other)


class Counter:
    def __init__(self, scale):
        self.scale = scale

    @ag.compile
    def method(self, x):
        return x * self.scale

    def __call__(self, x):
        return x * self.scale


def test_what_can_be_compiled():
    for scale in (2.0, 3.0):
        assert Counter(scale).method(ONES).tolist() == [scale, scale]
        assert ag.compile(Counter(scale))(ONES).tolist() == [scale, scale]
    partial = ag.compile(functools.partial(np.multiply, 3.0))
    for _ in range(2):
        assert partial(ONES).tolist() == [3, 3]
    assert "partial" in repr(partial)
    assert ag.compile(np.exp)(np.zeros(2)).tolist() == [1, 1]
