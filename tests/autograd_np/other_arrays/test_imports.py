"""Other libraries are imported when their arrays turn up, not before."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys
import numpy as np
import autograd_np as ag

x = np.arange(1.0, 7.0).reshape(2, 3)
{convert}
t = ag.Tensor(x, requires_grad=True)
y = t[[0, 0]] + t * t
y[0] = 1.0
np.sum(np.linalg.norm(y) * np.concatenate([y, t])).backward()
libraries = {{"dask", "cupy", "autograd_np.backends.dask", "autograd_np.backends.cupy"}}
print(*sorted(libraries & set(sys.modules)))
"""


def imported(convert=""):
    program = PROGRAM.format(convert=convert)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_nothing_is_imported_for_numpy():
    assert imported() == []


def test_what_dask_needs_is_imported_with_its_first_array():
    pytest.importorskip("dask.array")
    found = imported("import dask.array; x = dask.array.from_array(x)")
    assert found == ["autograd_np.backends.dask", "dask"]
