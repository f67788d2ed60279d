"""What the package exports, and what it leans on."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import autograd_np as ag
import nn


def test_all_names_exist_once_and_sorted() -> None:
    for module in (nn, nn.optim, nn.init, nn.metrics):
        assert len(set(module.__all__)) == len(module.__all__)
        assert all(hasattr(module, name) for name in module.__all__)


def test_only_public_names_of_the_engine_are_used() -> None:
    for path in Path(nn.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith("autograd_np"), path
            if isinstance(node, ast.Import):
                assert all(not alias.name.startswith("autograd_np.") for alias in node.names), path
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert node.value.id != "ag" or node.attr in ag.__all__, (path, node.attr)


def test_optional_packages_are_imported_late() -> None:
    code = (
        "import sys, nn; "
        "print([n for n in ('tqdm', 'matplotlib', 'safetensors', 'sklearn', 'scipy', 'pooch') "
        "if n in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
