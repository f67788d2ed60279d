"""Pages taken apart: their data, and what their lines of NumPy compute."""

import json
import re

import numpy as np

from autograd_np.explaining.data import Data
from autograd_np.explaining.names import page_names
from autograd_np.explaining.steps import Walk
from autograd_np.explaining.subjects import of_function

rng = np.random.default_rng(0)
X, W = rng.normal(size=(4, 3)), rng.normal(size=(3, 2))


def loss(W, b, x):
    """What most pages here walk through."""
    z = x @ W + b
    h = np.tanh(z)
    return np.mean(h**2)


def data_of(explanation):
    """The data that a page gives its script."""
    pattern = r'<script id="data" type="application/json">(.*?)</script>'
    return json.loads(re.search(pattern, explanation.html, re.DOTALL)[1])


def items_of(program):
    """The data of a page on a program, without a picture, and what its lines are run in."""
    walk = Walk(program)
    data = Data(program, walk, page_names(program, walk), None)
    items = data.all()
    given = {data.names[ref.index]: program.variables[ref.index].value for ref in program.inputs}
    return items, {**data.lines.namespace, **given, "np": np}, data


def check_lines(program):
    """Run the lines of all steps in order; every value of the program must be what it was."""
    items, namespace, data = items_of(program)
    with np.errstate(all="ignore"):
        for step in items["steps"]:
            for line in step["lines"]:
                exec(line, namespace)
    made = {
        index
        for step in data.walk.steps
        for index in step.writes
        if index in program.variables and data.names[index] in namespace
    }
    assert {ref.index for ref in program.outputs} <= made
    assert set(data.walk.gradients.values()) <= made
    for index in made:
        expected = program.variables[index].value
        found = np.asarray(namespace[data.names[index]])
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)
        assert found.dtype == np.asarray(expected).dtype
    return items, namespace, data


def check_function(function, *args, argnums=None):
    """As `check_lines`, of a call of a function."""
    return check_lines(of_function(function, args, argnums).program)
