"""Every listed function is in the catalogue, and the page says what the tables say."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.testing import CATALOGUE
from tests.coverage.listed import listed
from tests.coverage.notes import NOTES
from tests.coverage.page import PAGE, page


def test_every_listed_function_has_samples():
    functions = [(name, fs) for names in listed().values() for name, fs in names.items()]
    assert len(functions) == 301
    assert [name for name, found in functions if not found] == []
    assert all(CATALOGUE[function] for _, found in functions for function in found)


def test_every_note_is_about_a_listed_function():
    assert set(NOTES) <= {name for names in listed().values() for name in names}


def test_the_page_is_up_to_date():
    assert PAGE.read_text() == page(), "run: python -m tests.coverage page"


@pytest.mark.parametrize(
    "call",
    [
        lambda t: np.array([t, t]),
        lambda t: np.asarray(t),
        lambda t: np.r_[t, t],
        lambda t: np.random.default_rng(0).normal(t),
        lambda t: np.vectorize(lambda x: x + 1)(t),
        lambda t: np.frompyfunc(lambda x: x + 1, 1, 1)(t),
        lambda t: np.add.at(t, 0, 1.0),
        lambda t: np.put(t, 0, 1.0),
        lambda t: np.exp(t, out=np.empty(3)),
    ],
)
def test_what_cannot_work_raises_and_says_what_to_write(call):
    with pytest.raises(TypeError, match=r"[Ww]rite"):
        call(ag.Tensor([1.0, 2.0, 3.0], requires_grad=True))


def test_isscalar_is_right():
    assert not np.isscalar(ag.Tensor(1.0, requires_grad=True))
