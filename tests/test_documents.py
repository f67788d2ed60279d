"""What the README and the pages under docs show is what happens."""

import doctest
from pathlib import Path

import pytest

from autograd_np.rules import RULES
from autograd_np.rules.families import load_all

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.fixture(autouse=True)
def rules_as_before():
    """Pages may show how a rule is added; no other test shall see it."""
    load_all()
    before = dict(RULES)
    yield
    RULES.clear()
    RULES.update(before)


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_examples_of_a_page_run(page):
    failed, _ = doctest.testfile(
        str(page), module_relative=False, optionflags=FLAGS, encoding="utf-8"
    )
    assert not failed
