"""What decides how fast NumPy is here: ``python -m autograd_np.info``.

Most of the time of a large network goes into matrix products, and how fast those are depends on
the BLAS library that NumPy was built with, the kernel that it picks for this processor, and its
number of threads. Everything is read, nothing is set.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.metadata
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

CORETYPE = "OPENBLAS_CORETYPE"
VARIABLES = {
    "OPENBLAS_L2_SIZE": "overrides the size of the L2 cache that OpenBLAS would read",
    "OPENBLAS_NUM_THREADS": "is the number of threads of OpenBLAS",
    "OMP_NUM_THREADS": "is the number of threads of OpenMP, and of a BLAS not told otherwise",
    "MKL_NUM_THREADS": "is the number of threads of MKL",
}
SET_BEFORE_START = "A BLAS reads these variables once, when it is loaded: set them before Python."


class Blas(NamedTuple):
    """The BLAS library of a package.

    Attributes
    ----------
    name, version : str
        As the package was built.
    kernel : str or None
        The processor for which the routines in use were written, where that can be read.
    threads : int or None
        How many it uses at most, where that can be read.
    """

    name: str
    version: str
    kernel: str | None = None
    threads: int | None = None

    def __str__(self) -> str:
        kernel = f"kernel {self.kernel}" if self.kernel else "kernel not known"
        threads = f"{self.threads} thread(s)" if self.threads else "threads not known"
        return f"{self.name} {self.version}, {kernel}, {threads}"


def blas(package: str = "numpy") -> Blas:
    """Return the BLAS that a package computes with.

    Parameters
    ----------
    package : {"numpy", "scipy"}
        ``backend="numba"`` takes its matrix products from SciPy's.

    Examples
    --------
    >>> blas().name != ""
    True
    """
    # The library itself is loaded by what calls it, and not by `import scipy`.
    module = importlib.import_module(package)
    importlib.import_module(f"{package}.linalg")
    built: dict[str, Any] = module.show_config(mode="dicts")["Build Dependencies"]["blas"]
    kernel, threads = _running(module)
    return Blas(
        str(built.get("name", "unknown")), str(built.get("version", "")).strip(), kernel, threads
    )


def _running(module: Any) -> tuple[str | None, int | None]:
    """Kernel and number of threads of the library that came with a package."""
    folders = _folders(module)
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return next(_asked(folders), (None, None))
    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    own = [pool for pool in pools if Path(pool["filepath"]).parent in folders]
    # A package that brings no library of its own uses the system's, as all others do.
    for pool in own or pools:
        return pool.get("architecture"), pool["num_threads"]
    return None, None


def _folders(module: Any) -> list[Path]:
    """Where wheels put the shared libraries of a package: Linux and Windows, macOS."""
    package = Path(module.__file__).resolve().parent
    return [package.with_name(f"{package.name}.libs"), package / ".dylibs"]


def _asked(folders: list[Path]) -> Iterator[tuple[str | None, int | None]]:
    """Ask every OpenBLAS in the folders; SciPy's wheels put a prefix and a suffix on its names."""
    for path in (path for folder in folders for path in folder.glob("*openblas*")):
        library = ctypes.CDLL(str(path))
        for prefix, suffix in (("scipy_", "64_"), ("scipy_", ""), ("", "64_"), ("", "")):
            name = f"{prefix}openblas_get_{{}}{suffix}"
            kernel = getattr(library, name.format("corename"), None)
            threads = getattr(library, name.format("num_threads"), None)
            if kernel is not None and threads is not None:
                kernel.restype = ctypes.c_char_p
                yield kernel().decode(), threads()


def processor() -> str:
    """Return the processor's name.

    Examples
    --------
    >>> processor() != ""
    True
    """
    try:
        with open("/proc/cpuinfo") as lines:
            return next(line.split(":")[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def version(distribution: str) -> str | None:
    """Return the version of what is installed under a name, or None.

    Examples
    --------
    >>> version("numpy") is None, version("no-such-distribution")
    (False, None)
    """
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def _chosen_freely() -> str | None:
    """Return the kernel that NumPy's OpenBLAS picks in a process where nothing overrides it."""
    environment = {name: value for name, value in os.environ.items() if name != CORETYPE}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    code = "from autograd_np.info import blas; print(blas().kernel or '')"
    try:
        printed = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return printed.stdout.strip() or None


def _on_coretype(used: Blas) -> list[str]:
    if "openblas" not in used.name.lower():
        return [f"has no effect: NumPy's BLAS here is {used.name}"]
    freely = _chosen_freely()
    if freely is not None and freely == used.kernel:
        return [f"names the kernel that OpenBLAS chooses for this processor anyway: {freely}"]
    return [
        f"overrides the kernel that OpenBLAS would choose here{f': {freely}' if freely else ''}.",
        "On one machine (an AMD EPYC with AVX-512, told to be a Haswell) matrix products",
        "took 1.8 times as long for it. To let OpenBLAS choose, write in the shell:",
        f"    unset {CORETYPE}",
    ]


def _environment(used: Blas) -> list[str]:
    """What is set in the environment, one or more lines for each variable."""
    lines = []
    if CORETYPE in os.environ:
        first, *others = _on_coretype(used)
        lines = [
            f"  {CORETYPE}={os.environ[CORETYPE]} {first}",
            *(f"    {line}" for line in others),
        ]
    lines += [
        f"  {name}={os.environ[name]} {effect}"
        for name, effect in VARIABLES.items()
        if name in os.environ
    ]
    if not lines:
        names = ", ".join((CORETYPE, *VARIABLES))
        return [f"environment: none set of {names}"]
    return ["environment:", *lines, f"  {SET_BEFORE_START}"]


def report() -> str:
    """Describe versions, processor, BLAS libraries and the variables that steer them.

    Returns
    -------
    str
        Lines for people; `blas` returns the parts that a program may want.

    Examples
    --------
    >>> from autograd_np import info
    >>> print(info.report())  # doctest: +ELLIPSIS
    autograd_np ...
    Python ..., NumPy ...
    processor: ...
    NumPy's BLAS: ...
    """
    used = blas()
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return "\n".join(
        [
            f"autograd_np {version('autograd-np') or '(not installed: run from its folder)'}",
            f"Python {platform.python_version()}, NumPy {version('numpy')}, {platform.platform()}",
            f"processor: {processor()}, {os.cpu_count()} core(s), {allowed} for this process",
            f"NumPy's BLAS: {used}",
            *_extras(),
            *_environment(used),
        ]
    )


def _extras() -> Iterator[str]:
    numba = version("numba")
    if version("scipy"):
        products = '; the products of backend="numba" are its' if numba else ""
        yield f"SciPy {version('scipy')}'s BLAS: {blas('scipy')}{products}"
    else:
        yield "SciPy: not installed; to get it write  pip install 'autograd-np[scipy]'"
    if numba:
        yield f"numba {numba}"
    else:
        yield (
            'numba: not installed, so no backend="numba"; '
            "to get it write  pip install 'autograd-np[numba]'"
        )


if __name__ == "__main__":
    print(report())
