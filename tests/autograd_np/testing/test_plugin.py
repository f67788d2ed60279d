"""The pytest plugin in a stranger's project: a folder with a test file, and pytest started there.

The package need not be installed where these tests run: each stranger is given a distribution with
the entry point that pyproject.toml declares.
"""

from __future__ import annotations

import inspect
import os
import tomllib
from pathlib import Path

import pytest

import autograd_np
from autograd_np.testing import gradcheck, plugin

ROOT = Path(__file__).parents[3]

# A library of the stranger's with a wrong rule: the factor is 2, and should be 3.
CUBE = """
import numpy as np
import pytest
from autograd_np.rules import dispatched, rule

@dispatched
def cube(x):
    return x**3

rule(cube, x=lambda g, x: 2 * g * x**2)

X = np.array([0.5, -1.0])
"""


class Stranger:
    """A project that has the package installed and nothing else of it."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester = pytester

    def write(self, text: str, configuration: str = "") -> None:
        self._pytester.makepyfile(test_theirs=CUBE + inspect.cleandoc(text))
        self._pytester.makeini(f"[pytest]\n{configuration}")

    def run(self, *args: str) -> pytest.RunResult:
        return self._pytester.runpytest_subprocess("-Werror", "--strict-markers", *args)

    def test(self, text: str, *args: str, configuration: str = "") -> pytest.RunResult:
        self.write(text, configuration)
        return self.run(*args)


@pytest.fixture
def stranger(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Stranger:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [f"{name} = {value}" for name, value in project["entry-points"]["pytest11"].items()]
    installed = pytester.mkdir("installed")
    metadata = installed / "autograd_np-0.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: autograd-np\nVersion: 0.0\n")
    (metadata / "entry_points.txt").write_text("\n".join(["[pytest11]", *lines]))
    package = Path(autograd_np.__file__).parents[1]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(installed), str(package)]))
    return Stranger(pytester)


def test_the_fixture_checks_and_shows_the_line_and_the_report(stranger):
    result = stranger.test("""
        def test_right(gradcheck):
            gradcheck(np.tanh, X, order=2, mode=("reverse",))

        def test_wrong(gradcheck):
            gradcheck(np.tanh, X)
            gradcheck(cube, X)
    """)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "    def test_wrong(gradcheck):",
            "        gradcheck(np.tanh, X)",
            ">       gradcheck(cube, X)",
            "E       *GradcheckError: gradcheck of cube: *",
            "E       *diagnosis *factor 2/3*",
            "",
            "test_theirs.py:*: GradcheckError",
            "*- gradcheck -*",
            "seed 0, order 1",
            "Again: pytest *::test_wrong* --gradcheck-seed=0 --gradcheck-order=1",
        ],
        consecutive=False,
    )
    result.stdout.no_fnmatch_line("*plugin.py*")
    result.stdout.no_fnmatch_line("*checker.py*")


def test_complex_inputs(stranger):
    result = stranger.test("""
        Z = X + 1j * X

        @pytest.mark.gradcheck(inputs={"array": (Z, 2.0), "number": (1j, 3.0)}, order=2)
        def test_right(z, x):
            return z * np.conj(z) ** 2 * x

        @pytest.mark.gradcheck(inputs=Z)
        def test_wrong(z):
            return cube(z)
    """)
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["E  *of the * part of the result at *", "E  *factor 2/3*"])


def test_a_marked_function_is_checked_and_shown_with_the_report(stranger):
    result = stranger.test("""
        @pytest.mark.gradcheck(inputs=(X, 2.0), order=2)
        def test_right(x, factor):
            return factor * np.tanh(x)

        @pytest.mark.gradcheck(inputs=X)
        def test_wrong(x):
            if x.size == 0:
                return x
            return np.exp(
                cube(x)
            )
    """)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "    @pytest.mark.gradcheck(inputs=X)",
            "    def test_wrong(x):",
            ">       return np.exp(",
            "            cube(x)",
            "        )",
            "E       *GradcheckError: gradcheck of test_wrong: *",
            "E       *diagnosis *factor 2/3*",
            "",
            "test_theirs.py:*: GradcheckError",
            "*- gradcheck -*",
            "seed 0, order 1",
            "Again: pytest *::test_wrong* --gradcheck-seed=0 --gradcheck-order=1",
            "FAILED test_theirs.py::test_wrong* - *",
        ]
    )
    result.stdout.no_fnmatch_line("*plugin.py*")
    result.stdout.no_fnmatch_line("*checker.py*")


def test_a_cut_recording_is_found(stranger):
    result = stranger.test("""
        @pytest.mark.gradcheck(inputs=(X,))
        def test_cut(x):
            return np.asarray(x.detach() if hasattr(x, "detach") else x) * x
    """)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E * gradcheck of test_cut: *", "E *diagnosis *detach*"])
    # The whole line is at fault, not a part of it.
    result.stdout.no_fnmatch_line("*^^*")


def test_cases_fixtures_parametrization_classes_and_other_marks(stranger):
    stranger.write("""
        from unittest import mock

        @pytest.fixture
        def three():
            return 3.0

        @pytest.fixture
        def doubled(x):
            return 2 * x

        @pytest.fixture(autouse=True)
        def scale():
            return "for parameters without a default"

        CASES = {
            "row": (X, 2.0),
            "a matrix": (np.ones((2, 3)), 3.0),
            "wrong": pytest.param(X, 0.0, marks=pytest.mark.xfail),
        }

        @pytest.mark.gradcheck(inputs=CASES)
        @pytest.mark.parametrize("power", [1, 2])
        def test_cases(x, factor, power, three, tmp_path, scale=1.0):
            assert tmp_path.is_dir()
            return factor * three * x**power * scale if factor else cube(x)

        class TestLayer:
            @pytest.mark.gradcheck(inputs=[X])
            def test_method(self, x, three):
                return three * x

            @staticmethod
            @pytest.mark.gradcheck(inputs=[X])
            def test_static(x):
                return x * x

        @pytest.mark.gradcheck(inputs=({"W": X, "b": [1.0, 2.0]}, 3, "text"))
        def test_containers(parameters, n, text):
            assert (n, text) == (3, "text")
            return parameters["W"] * parameters["b"][0] ** 2 + parameters["b"][1]

        @pytest.mark.gradcheck(inputs=X)
        def test_an_input_for_a_fixture(x, doubled):
            return x * doubled

        @pytest.mark.gradcheck(inputs=X)
        @mock.patch("os.getcwd")
        def test_patched(getcwd, x):
            assert isinstance(getcwd, mock.Mock)
            return x * x

        @pytest.mark.skip
        @pytest.mark.gradcheck(inputs=(X,))
        def test_skipped(x):
            return cube(x)

        @pytest.mark.gradcheck(inputs=(X,))
        def test_skipped_inside(x):
            pytest.skip("not here")

        @pytest.mark.xfail(raises=AssertionError, strict=True)
        @pytest.mark.gradcheck(inputs=(X,))
        def test_xfail(x):
            return cube(x)
    """)
    result = stranger.run("-v")
    result.assert_outcomes(passed=9, xfailed=3, skipped=2)
    result.stdout.fnmatch_lines_random(
        [
            "*::test_cases?row-1? PASSED*",
            "*::test_cases?a matrix-2? PASSED*",
            "*::test_cases?wrong-1? XFAIL*",
            "*::TestLayer::test_method* PASSED*",
        ]
    )


def test_the_seed_and_the_order_come_from_test_then_option_then_configuration(stranger):
    stranger.write(
        """
        import autograd_np.testing as testing

        @pytest.fixture(autouse=True)
        def spy(monkeypatch):
            def told(function, *inputs, **settings):
                print("told", settings["seed"], settings["order"], function.__name__)
            monkeypatch.setattr(testing, "gradcheck", told)

        def test_fixture(gradcheck):
            gradcheck(np.sin, X)
            gradcheck(np.cos, X, seed=7, order=1)
        """,
        configuration="gradcheck_seed = 4\ngradcheck_order = 2",
    )
    by_configuration = stranger.run("-s")
    by_configuration.stdout.fnmatch_lines(
        ["gradcheck: seed 4, order 2", "*told 4 2 sin", "*told 7 1 cos"]
    )
    by_option = stranger.run("-s", "--gradcheck-seed=5", "--gradcheck-order=1")
    by_option.stdout.fnmatch_lines(["gradcheck: seed 5, order 1", "*told 5 1 sin", "*told 7 1 cos"])


def test_the_command_that_is_shown_reproduces_the_failure(stranger):
    stranger.write("""
        class TestTheirs:
            @pytest.mark.gradcheck(inputs={"a row": (X,), "other": (X,)}, seed=9)
            def test_wrong(self, x):
                return cube(x)
    """)
    result = stranger.run("--gradcheck-order=2", "-k", "row", "--rootdir=..")
    # The mark names the seed, so the command need not.
    command = "'test_theirs.py::TestTheirs::test_wrong[[]a row]' --gradcheck-order=2"
    result.stdout.fnmatch_lines(["seed 9, order 2", f"Again: pytest {command}"])
    again = stranger.run("test_theirs.py::TestTheirs::test_wrong[a row]", "--gradcheck-order=2")
    again.assert_outcomes(failed=1)


def test_a_failure_that_was_expected_is_not_reported_with_a_later_one(stranger):
    result = stranger.test("""
        def test_other(gradcheck):
            with pytest.raises(AssertionError, match="gradcheck of cube"):
                gradcheck(cube, X)
            raise ValueError("another fault")
    """)
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("Again: *")


def test_errors_of_the_function_and_of_the_call_show_the_users_line(stranger):
    result = stranger.test("""
        @pytest.mark.gradcheck(inputs=(X,))
        def test_broken(x):
            return np.reshape(x, (3, 7))

        @pytest.mark.gradcheck(inputs=(X.astype(np.float32),))
        def test_coarse(x):
            return x * x

        @pytest.mark.gradcheck(inputs=(X,))
        def test_nothing(x):
            x * x
    """)
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(
        [
            ">       return np.reshape(x, (3, 7))",
            "E *ValueError: cannot reshape *",
            ">       return x * x",
            "E       TypeError: *float32*",
            ">       x * x",
            "E       TypeError: *test_nothing returned None. Return the value to be checked.*",
        ]
    )
    result.stdout.no_fnmatch_line("*plugin.py*")
    result.stdout.no_fnmatch_line("*checker.py*")
    result.stdout.no_fnmatch_line("*subject.py*")


MISTAKES = {
    "@pytest.mark.gradcheck\ndef test(x): ...": "*no inputs. Write @pytest.mark.gradcheck(*",
    "@pytest.mark.gradcheck(inputs=())\ndef test(x): ...": "*no inputs. Write *",
    "@pytest.mark.gradcheck(inputs={})\ndef test(x): ...": "*no inputs. Write *",
    "@pytest.mark.gradcheck(inputs={'a': ()})\ndef test(x): ...": "*case 'a' has no inputs. *",
    "@pytest.mark.gradcheck(inputs={'a': (X,), 'b': (X, X)})\ndef test(x, y): ...": (
        "*case 'b' has 2 inputs and 'a' has 1; *"
    ),
    "@pytest.mark.gradcheck(inputs=(X, X))\ndef test(x): ...": (
        "*2 inputs for 1 parameters. *: def test(x, x1)."
    ),
    "@pytest.mark.gradcheck(X)\ndef test(x): ...": "*takes its arguments by name. Write *",
    "@pytest.mark.gradcheck(inputs=X, tol=1)\ndef test(x): ...": (
        "*unknown argument 'tol', expected inputs, order, *"
    ),
    "@pytest.mark.gradcheck(inputs=X)\nasync def test(x): ...": "*an async function cannot *",
}


def test_mistakes_in_a_mark_are_named_when_tests_are_collected(stranger, pytester):
    stranger.write("")
    for number, text in enumerate(MISTAKES):
        pytester.makepyfile(**{f"test_{number}": f"{CUBE}\n{text}"})
    result = stranger.run()
    result.assert_outcomes(errors=len(MISTAKES))
    for number, message in enumerate(MISTAKES.values()):
        result.stdout.fnmatch_lines([f"*ERROR collecting test_{number}.py*", f"In test, {message}"])


def test_a_method_of_unittest_cannot_be_marked(stranger):
    result = stranger.test("""
        import unittest

        class TestTheirs(unittest.TestCase):
            @pytest.mark.gradcheck(inputs=(X,))
            def test_unchecked(self):
                pass
    """)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*test_unchecked: methods of unittest.TestCase cannot be marked*"])


@pytest.mark.parametrize(
    ("option", "configuration", "message"),
    [
        ("--gradcheck-order=0", "", "*the order is 0, expected at least 1. Write *"),
        ("-q", "gradcheck_seed = -1", "*the seed is -1, expected at least 0. Write *"),
        ("-q", "gradcheck_seed = many", "*gradcheck_seed in *.ini is no integer. Write *"),
    ],
)
def test_meaningless_options_are_refused(stranger, option, configuration, message):
    result = stranger.test("def test(): ...", option, configuration=configuration)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])


def test_a_run_without_checks_says_nothing(stranger):
    result = stranger.test("def test_theirs(): ...")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("gradcheck*")


def test_the_mark_is_listed_and_the_plugin_can_be_turned_off(stranger):
    stranger.write("def test_theirs(gradcheck): ...")
    stranger.run("--markers").stdout.fnmatch_lines(["@pytest.mark.gradcheck(inputs, order=1, *"])
    off = stranger.run("-p", "no:autograd_np")
    off.assert_outcomes(errors=1)
    off.stdout.fnmatch_lines(["*fixture 'gradcheck' not found"])


def test_the_listed_mark_takes_what_gradcheck_takes():
    keywords = {
        name: parameter.default
        for name, parameter in inspect.signature(gradcheck).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    settings = ", ".join(f"{name}={default!r}" for name, default in keywords.items())

    class Config:
        inipath = None

        def addinivalue_line(self, name: str, line: str) -> None:
            assert line.startswith(f"gradcheck(inputs, {settings}): ")

        def getoption(self, name: str) -> int:
            return 1

    plugin.pytest_configure(Config())
