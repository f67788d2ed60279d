"""Command line of the counts and of the page: see the package's docstring."""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from pathlib import Path

from tests.coverage.counting import LIBRARIES, count
from tests.coverage.page import COUNTS, PAGE, page


def main() -> None:
    """Count, or write the page."""
    parser = argparse.ArgumentParser("python -m tests.coverage", description=__doc__)
    parser.add_argument("what", nargs="*", help=f"page, or of {', '.join(LIBRARIES)}")
    options = parser.parse_args()
    if unknown := set(options.what) - {*LIBRARIES, "page"}:
        parser.error(f"unknown {sorted(unknown)}: choose of page, {', '.join(LIBRARIES)}")
    if options.what != ["page"]:
        _count([name for name in LIBRARIES if name in options.what or not options.what])
    Path(PAGE).write_text(page())
    print(f"wrote {PAGE}")


def _count(names: list[str]) -> None:
    from tqdm import tqdm

    counts = json.loads(Path(COUNTS).read_text()) if Path(COUNTS).exists() else {}
    for name in names:
        title, module = LIBRARIES[name]
        if importlib.util.find_spec(module) is None:
            print(f"{title} is not installed: pip install -e '.[bench]'", file=sys.stderr)
            continue
        counts[name] = count(name, lambda functions, title=title: tqdm(list(functions), desc=title))
        families = counts[name]["families"].values()
        totals = {key: sum(family[key] for family in families) for key in ("every", "first", "all")}
        print(f"{title} {counts[name]['version']}: {totals}")
        Path(COUNTS).write_text(json.dumps(counts, indent=1) + "\n")


if __name__ == "__main__":
    main()
