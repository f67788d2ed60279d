"""Command line of the benchmarks: see the package's docstring."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from tests.benchmarks import (
    against,
    anomaly,
    chain,
    derivatives,
    epochs,
    first_call,
    functions,
    growth,
    importing,
    memory,
    pictures,
    reporting,
    steps,
)
from tests.benchmarks.functions.cases import TABLES
from tests.benchmarks.networks import DTYPES, NETWORKS
from tests.benchmarks.peers import LABELS

CHOICES = (
    "steps",
    "first",
    "epochs",
    "growth",
    "memory",
    "chain",
    "import",
    "anomaly",
    "derivatives",
    "functions",
)
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
KERNEL_CHOICES = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks", description=__doc__)
    names = [network.name for network in NETWORKS]
    parser.add_argument("what", nargs="*", metavar="what", help=f"of {CHOICES}; default: all")
    parser.add_argument("--network", action="append", choices=names, help="default: all five")
    parser.add_argument("--dtype", action="append", choices=DTYPES, help="default: both")
    parser.add_argument("--contender", action="append", choices=LABELS, help="default: all")
    parser.add_argument("--rounds", type=int, default=40, help="paired rounds of steps")
    parser.add_argument("--draw", action="store_true", help="steps and growth, as in the README")
    parser.add_argument("--first-rounds", type=int, default=3)
    parser.add_argument("--epochs-rounds", type=int, default=3)
    parser.add_argument("--chain-rounds", type=int, default=5)
    parser.add_argument("--import-rounds", type=int, default=21)
    parser.add_argument("--family", action="append", choices=TABLES, help="default: all")
    parser.add_argument("--function", action="append", metavar="NAME", help="as np.exp or x[::2]")
    parser.add_argument("--function-seconds", type=float, default=0.8, help="for each call")
    parser.add_argument("--worst", type=int, default=10, help="how many to list again")
    parser.add_argument("--against", type=Path, metavar="CHECKOUT", help="time steps there, too")
    parser.add_argument("--against-rounds", type=int, default=11)
    parser.add_argument("--core", type=int, help="core to run on; default: the last allowed")
    options = parser.parse_args(arguments)
    if unknown := set(options.what) - set(CHOICES):
        parser.error(f"unknown {sorted(unknown)}: choose of {', '.join(CHOICES)}")
    options.what = options.what or ([] if options.against else list(CHOICES))
    options.network = options.network or names
    options.contender = options.contender or list(LABELS)
    options.function_dtype = options.dtype or ["float64"]
    options.dtype = options.dtype or list(DTYPES)
    return options


def single_threaded() -> None:
    """Start again with one BLAS thread, and with OpenBLAS free to choose its own kernel.

    BLAS libraries read these variables when they are loaded, so setting them now is too late.
    """
    wanted = {k: v for k, v in os.environ.items() if k not in KERNEL_CHOICES}
    wanted.update(dict.fromkeys(ONE_THREAD, "1"))
    if wanted != dict(os.environ):
        sys.stdout.flush()
        os.execve(sys.executable, [sys.executable, "-m", "tests.benchmarks", *sys.argv[1:]], wanted)


def one_core(core: int | None) -> None:
    """Bind the process to one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0)) if core is None else core})


def main(arguments: list[str]) -> None:
    """Measure what was chosen and print Markdown, the targets last."""
    options = parse(arguments)
    one_core(options.core)
    print(f"# Benchmarks\n\n{reporting.machine()}\n")
    targets: list[reporting.Target] = []
    try:
        if "steps" in options.what:
            picture = pictures.FOLDER / "steps.png" if options.draw else None
            # Extended one by one, so that what came before a failure is kept.
            targets.extend(
                steps.run(
                    options.network, options.dtype, options.contender, options.rounds, picture
                )
            )
            print()
        if "first" in options.what:
            targets += first_call.run(options.network, options.contender, options.first_rounds)
            print()
        if "epochs" in options.what:
            targets += epochs.run(options.contender, options.epochs_rounds)
            print()
        if "growth" in options.what:
            growth.run(options.contender, pictures.FOLDER / "growth.png" if options.draw else None)
            print()
        if "memory" in options.what:
            targets += memory.run(options.network, options.contender)
            print()
        if "chain" in options.what:
            targets += chain.run(options.chain_rounds)
            print()
        if "import" in options.what:
            targets += importing.run(options.import_rounds)
            print()
        if "anomaly" in options.what:
            anomaly.run(options.network, options.dtype, options.rounds)
            print()
        if "derivatives" in options.what:
            targets += derivatives.run(options.dtype, options.rounds)
            print()
        if "functions" in options.what:
            targets += functions.run(
                options.family or [],
                options.function or [],
                options.function_dtype,
                options.worst,
                options.function_seconds,
            )
            print()
        if options.against:
            against.run(options.against, options.network, options.dtype, options.against_rounds)
            print()
    finally:
        # Minutes of measuring are not lost to a failure or a Ctrl-C in the last section.
        if targets:
            print(f"## Targets\n\n{reporting.targets_table(targets)}")


if __name__ == "__main__":
    single_threaded()
    main(sys.argv[1:])
