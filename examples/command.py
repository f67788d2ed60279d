"""The command line that the examples share."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from examples import pictures
from examples.report import Row, table

Main = Callable[[Path, bool], Sequence[Row]]


def one_blas_thread() -> AbstractContextManager[Any]:
    """Return a context in which BLAS uses one thread, where threadpoolctl can see to it.

    For matrices as small as the articles' a second thread gains little on an idle machine, and
    waiting for it costs tens of times the work on a busy one. scikit-learn brings threadpoolctl.
    """
    try:
        from threadpoolctl import threadpool_limits
    except ImportError:
        return nullcontext()
    limits: AbstractContextManager[Any] = threadpool_limits(1, user_api="blas")
    return limits


def run(articles: Mapping[str, Main], arguments: Sequence[str] | None = None) -> None:
    """Run the articles that are asked for, then print their table and name the pictures' folder.

    Parameters
    ----------
    articles : per name, which begins with the article's number, its ``main(folder, full)``
    arguments : the command line's arguments; those of this process by default
    """
    numbers = [name.split()[0] for name in articles]
    parser = argparse.ArgumentParser(description="Rebuild five tutorials on automatic gradients.")
    parser.add_argument("--full", action="store_true", help="run the articles' full lengths")
    parser.add_argument(
        "--output", type=Path, default=pictures.FOLDER, help="folder of the pictures (%(default)s)"
    )
    parser.add_argument(
        "--only", action="append", choices=numbers, help="run only this article; may be repeated"
    )
    options = parser.parse_args(arguments)
    pictures.require()

    results: dict[str, tuple[Sequence[Row], float]] = {}
    for name, main in articles.items():
        if options.only and name.split()[0] not in options.only:
            continue
        print(f"\n{name}\n{'=' * len(name)}")
        start = time.perf_counter()
        with one_blas_thread():
            rows = main(options.output, options.full)
        results[name] = rows, time.perf_counter() - start
    print(f"\n{table(results)}\n\nPictures are in {options.output.resolve()}")
