"""Where a recording is cut, in the user's own lines."""

import sys

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.testing import GradcheckError, gradcheck
from autograd_np.testing.cuts import cuts

X = np.array([0.5, -1.0, 2.0])


def within_no_grad(x):
    with ag.no_grad():
        return 2 * x


EXITS = {
    "t.detach()": lambda x: x.detach(),
    "t.numpy()": lambda x: x.numpy(),
    "t.data": lambda x: x.data,
    "t.item()": lambda x: np.array([x[0].item(), 1, 1]),
    "t.tolist()": lambda x: np.array(x.tolist()),
    "stop_gradient(t)": ag.stop_gradient,
    "ag.no_grad()": within_no_grad,
}


@pytest.mark.parametrize(("what", "exit_"), EXITS.items(), ids=EXITS)
def test_each_way_out_is_named_with_its_line(what, exit_):
    def function(x):
        return np.sin(x) + exit_(2 * x)

    found = cuts(lambda: ag.vjp(function, X))
    assert len(found) == 1
    name, place = found[0].split(" at ")
    assert name == what
    assert place.startswith(f"{__file__}:")
    with pytest.raises(GradcheckError) as caught:
        gradcheck(lambda x: function(x if isinstance(x, ag.Tensor) else ag.Tensor(x)), X)
    assert caught.value.diagnosis.kind == "cut"
    assert found[0] in caught.value.diagnosis.text


def test_the_line_is_that_of_the_cut():
    def detached(x):
        return x.detach()

    code = detached.__code__
    place = f"{code.co_filename}:{code.co_firstlineno + 1}"
    assert cuts(lambda: ag.vjp(detached, X)) == [f"t.detach() at {place}"]


def test_several_cuts_in_their_order_and_once_each():
    def function(x):
        for _ in range(3):
            x = x + ag.stop_gradient(x)
        return x * x.detach()

    found = cuts(lambda: ag.vjp(function, X))
    assert [place.split(" at ")[0] for place in found] == ["stop_gradient(t)", "t.detach()"]


def test_values_that_are_not_recorded_may_leave():
    constant = ag.Tensor(X)

    def function(x):
        return x * constant.numpy() * constant.detach() * ag.stop_gradient(X) * constant[0].item()

    assert cuts(lambda: ag.vjp(function, X)) == []
    gradcheck(function, X)


def test_a_cut_that_changes_nothing_is_no_fault():
    seen = []

    def function(x):
        seen.append(x.numpy() if isinstance(x, ag.Tensor) else x)
        return x * x

    gradcheck(function, X, order=2)
    assert seen


def test_values_kept_from_another_call():
    first = np.exp(X)
    with pytest.raises(GradcheckError, match="nothing was recorded") as caught:
        gradcheck(lambda x: np.array(first) if isinstance(x, ag.Tensor) else np.exp(x), X)
    assert caught.value.diagnosis.kind == "cut"


def test_the_profiler_is_put_back():
    seen = []

    def profiler(frame, event, argument):
        seen.append(event)

    before = sys.getprofile()
    sys.setprofile(profiler)
    try:
        cuts(lambda: ag.vjp(ag.stop_gradient, X))
        with pytest.raises(ZeroDivisionError):
            cuts(lambda: 1 / 0)
        assert sys.getprofile() is profiler
    finally:
        sys.setprofile(before)
    assert sys.getprofile() is before


def test_a_check_keeps_the_profiler():
    def profiler(frame, event, argument):
        pass

    before = sys.getprofile()
    sys.setprofile(profiler)
    try:
        with pytest.raises(GradcheckError):
            gradcheck(lambda x: x * ag.stop_gradient(x), X)
        assert sys.getprofile() is profiler
    finally:
        sys.setprofile(before)
