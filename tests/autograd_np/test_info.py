import os
import subprocess
import sys

import numpy as np
import pytest

from autograd_np import info


@pytest.fixture
def openblas(monkeypatch):
    """A process in which nothing steers an OpenBLAS whose kernel is known."""
    for name in (info.CORETYPE, *info.VARIABLES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(info, "blas", lambda _="numpy": info.Blas("openblas", "0.3", "SkylakeX", 2))


def test_the_report_names_versions_and_the_blas_in_use():
    lines = info.report().splitlines()
    assert f"NumPy {np.__version__}" in lines[1]
    assert f"NumPy's BLAS: {info.blas()}" in lines


def test_the_command_prints_the_report():
    printed = subprocess.run(
        [sys.executable, "-m", "autograd_np.info"], capture_output=True, text=True, check=True
    )
    assert "NumPy's BLAS: " in printed.stdout
    assert printed.stderr == ""


def test_nothing_is_set():
    before = dict(os.environ)
    info.report()
    assert dict(os.environ) == before


def test_an_environment_that_steers_nothing_is_said_to(openblas):
    assert "environment: none set of OPENBLAS_CORETYPE, " in info.report()


def test_a_kernel_that_is_overridden_is_named_with_the_line_that_frees_it(openblas, monkeypatch):
    monkeypatch.setenv(info.CORETYPE, "Haswell")
    monkeypatch.setattr(info, "_chosen_freely", lambda: "Zen")
    report = info.report()
    assert "OPENBLAS_CORETYPE=Haswell overrides" in report
    assert "would choose here: Zen." in report
    assert "    unset OPENBLAS_CORETYPE\n" in report


def test_a_kernel_that_would_be_chosen_anyway_is_no_warning(openblas, monkeypatch):
    monkeypatch.setenv(info.CORETYPE, "SkylakeX")
    monkeypatch.setattr(info, "_chosen_freely", lambda: "SkylakeX")
    report = info.report()
    assert "chooses for this processor anyway: SkylakeX" in report
    assert "unset" not in report


def test_a_coretype_means_nothing_to_another_blas(openblas, monkeypatch):
    monkeypatch.setenv(info.CORETYPE, "Haswell")
    monkeypatch.setattr(info, "blas", lambda _="numpy": info.Blas("accelerate", ""))
    assert (
        "OPENBLAS_CORETYPE=Haswell has no effect: NumPy's BLAS here is accelerate" in info.report()
    )


def test_numbers_of_threads_are_reported(openblas, monkeypatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    assert "  OPENBLAS_NUM_THREADS=1 is the number of threads of OpenBLAS\n" in info.report()


def test_the_kernel_is_read_without_threadpoolctl_too(monkeypatch):
    threadpoolctl = pytest.importorskip("threadpoolctl")
    with_it = info.blas()
    if with_it.kernel is None or not any(
        "numpy.libs" in pool["filepath"] for pool in threadpoolctl.threadpool_info()
    ):
        pytest.skip("this NumPy brings no OpenBLAS of its own")
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    assert info.blas() == with_it


def test_what_cannot_be_read_is_said_to_be_unknown():
    assert str(info.Blas("accelerate", "1")) == "accelerate 1, kernel not known, threads not known"


def test_missing_extras_come_with_the_line_that_installs_them(monkeypatch):
    installed = info.version
    monkeypatch.setattr(
        info, "version", lambda name: None if name in {"numba", "scipy"} else installed(name)
    )
    report = info.report()
    assert "pip install 'autograd-np[scipy]'" in report
    assert "pip install 'autograd-np[numba]'" in report


def test_the_kernel_that_is_chosen_freely_does_not_depend_on_the_override(monkeypatch):
    monkeypatch.delenv(info.CORETYPE, raising=False)
    freely = info._chosen_freely()
    monkeypatch.setenv(info.CORETYPE, "Nehalem")
    assert info._chosen_freely() == freely
