"""The pytest plugin: a fixture, a mark and two options for gradient checks.

It is there wherever the package and pytest are installed; `-p no:autograd_np` turns it off. The
fixture is `gradcheck` with the seed and the order of the run::

    def test_softplus(gradcheck):
        gradcheck(softplus, np.array([0.5, -1.0]))

The mark checks the function below it. The first parameters are the inputs, the others fixtures::

    @pytest.mark.gradcheck(inputs=(np.array([0.5, -1.0]),), order=2)
    def test_softplus(x):
        return np.log1p(np.exp(x))

    @pytest.mark.gradcheck(inputs={"row": (np.ones(3), 2.0), "number": (1.5, 2.0)})
    def test_scaled(x, factor):
        return factor * x**2

A seed or an order written in the test wins over `--gradcheck-seed` and `--gradcheck-order`, and
these over `gradcheck_seed` and `gradcheck_order` in pytest's configuration file.
"""

from __future__ import annotations

import ast
import dis
import functools
import inspect
import os
import shlex
import traceback
import unittest
from collections.abc import Callable, Collection, Generator, Mapping
from typing import Any, NoReturn

import pytest

# The checker is imported where it is needed: every pytest run imports this file.

# pytest leaves the frames of this file out of tracebacks, so a failure ends at the user's line.
__tracebackhide__ = True

_MARK = "gradcheck"
# Also the least values that mean something.
_DEFAULTS = {"seed": 0, "order": 1}
_EXAMPLE = "@pytest.mark.gradcheck(inputs=(np.array([0.5, -1.0]),))"

# The last failure and how to see it again, for the report of the test that it ends.
_failed = pytest.StashKey[tuple[AssertionError, str, str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and their values in the configuration file."""
    group = parser.getgroup("gradcheck", "gradient checks (autograd_np)")
    # Configuration files in native TOML hold integers, which older versions of pytest do not know.
    kind: Any = "int" if pytest.version_tuple >= (8, 4) else "string"
    for name, what in (("seed", "of random directions"), ("order", "of the highest derivatives")):
        text = f"the {name} {what} where a check names none (default: {_DEFAULTS[name]})"
        group.addoption(f"--gradcheck-{name}", type=int, metavar="N", help=text)
        parser.addini(f"gradcheck_{name}", text, type=kind, default=_DEFAULTS[name])


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark; refuse values of the options that mean nothing."""
    config.addinivalue_line(
        "markers",
        "gradcheck(inputs, order=1, mode=('reverse', 'forward'), seed=0, directions=None, "
        "allow_float32=False): the function's gradients are checked at the inputs, a tuple, or a "
        "dict of names and tuples (autograd_np).",
    )
    for name, least in _DEFAULTS.items():
        if (value := _setting(config, name)) < least:
            raise pytest.UsageError(
                f"gradcheck: the {name} is {value}, expected at least {least}. "
                f"Write --gradcheck-{name}={least}."
            )


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Name the seed and the order, unless they are what they always are."""
    settings = {name: _setting(config, name) for name in _DEFAULTS}
    return [] if settings == _DEFAULTS else [f"gradcheck: {_listed(settings)}"]


@pytest.fixture(scope="session")
def gradcheck(request: pytest.FixtureRequest) -> Callable[..., None]:
    """`autograd_np.testing.gradcheck` with the seed and the order of this pytest run."""
    from autograd_np.testing import gradcheck

    @functools.wraps(gradcheck)
    def check(*args: Any, **settings: Any) -> None:
        _check(request.config, *args, **settings)

    return check


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of every case of a mark."""
    marker = metafunc.definition.get_closest_marker(_MARK)
    if marker is None:
        return
    if inspect.iscoroutinefunction(metafunc.function):
        _refuse(metafunc.definition, "an async function cannot be checked. Write def, not async.")
    cases = _cases(marker, metafunc.definition)
    names = _parameters(metafunc.function, metafunc.fixturenames)
    count = len(next(iter(cases.values())).values)
    for name, case in cases.items():
        if len(case.values) != count:
            _refuse(
                metafunc.definition,
                f"case {name!r} has {len(case.values)} inputs and {next(iter(cases))!r} has "
                f"{count}; every case needs the same number.",
            )
    if count > len(names):
        _refuse(
            metafunc.definition,
            f"{count} inputs for {len(names)} parameters. Write a parameter for each input: "
            f"def {metafunc.function.__name__}"
            f"({', '.join([*names, *(f'x{i}' for i in range(len(names), count))])}).",
        )
    metafunc.parametrize(names[:count], list(cases.values()))


def pytest_itemcollected(item: pytest.Item) -> None:
    """Refuse a mark where pytest would call the function instead of the check."""
    cls = getattr(item, "cls", None)
    if item.get_closest_marker(_MARK) and cls is not None and issubclass(cls, unittest.TestCase):
        raise pytest.UsageError(
            f"{item.nodeid}: methods of unittest.TestCase cannot be marked with gradcheck. Write a "
            f"function, or call autograd_np.testing.gradcheck in the method."
        )


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Check a marked function where pytest would call it."""
    marker = pyfuncitem.get_closest_marker(_MARK)
    if marker is None:
        return None
    cases = _cases(marker, pyfuncitem)
    count = len(next(iter(cases.values())).values)
    given = pyfuncitem.funcargs
    names = _parameters(pyfuncitem.obj, given)
    inputs = {name: given[name] for name in names[:count]}
    fixtures = {name: given[name] for name in names[count:]}

    @functools.wraps(pyfuncitem.obj)
    def function(*values: Any) -> Any:
        # By name, as pytest itself calls: `mock.patch` adds its own arguments by position.
        return pyfuncitem.obj(**dict(zip(inputs, values, strict=True)), **fixtures)

    settings = {name: value for name, value in marker.kwargs.items() if name != "inputs"}
    try:
        _check(pyfuncitem.config, function, *inputs.values(), **settings)
    except Exception as error:
        _raise_in(pyfuncitem.obj, error, inputs)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say below a failed check how to see it again."""
    report = yield
    error, used, options = item.config.stash.get(_failed, (None, "", ""))
    if error is not None and call.excinfo is not None and call.excinfo.value is error:
        del item.config.stash[_failed]
        path = os.path.relpath(item.path, item.config.invocation_params.dir)
        test = "::".join([path, *item.nodeid.split("::")[1:]])
        command = f"pytest {shlex.quote(test)}{options}"
        report.sections.append(("gradcheck", f"{used}\nAgain: {command}"))
    return report


def _setting(config: pytest.Config, name: str) -> int:
    value = config.getoption(f"gradcheck_{name}")
    if value is not None:
        return int(value)
    try:
        return int(config.getini(f"gradcheck_{name}"))
    except (TypeError, ValueError, pytest.UsageError) as error:
        raise pytest.UsageError(
            f"gradcheck_{name} in {config.inipath} is no integer. "
            f"Write gradcheck_{name} = {_DEFAULTS[name]}."
        ) from error


def _listed(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in settings.items())


def _check(config: pytest.Config, /, *args: Any, **settings: Any) -> None:
    """Call `gradcheck` with the settings of the run where none are given."""
    from autograd_np.testing import GradcheckError, gradcheck

    of_run = {name: _setting(config, name) for name in _DEFAULTS if name not in settings}
    run: Callable[..., None] = gradcheck
    try:
        run(*args, **of_run, **settings)
    except GradcheckError as error:
        used = {name: {**of_run, **settings}[name] for name in _DEFAULTS}
        options = "".join(f" --gradcheck-{name}={value}" for name, value in of_run.items())
        config.stash[_failed] = (error, _listed(used), options)
        raise


def _refuse(item: pytest.Item, problem: str) -> NoReturn:
    pytest.fail(f"In {item.name}, pytest.mark.gradcheck: {problem}", pytrace=False)


def _cases(marker: pytest.Mark, item: pytest.Item) -> dict[str, Any]:
    """The cases of a mark by name, each as a `pytest.param`."""
    from autograd_np.testing import gradcheck

    parameters = inspect.signature(gradcheck).parameters.values()
    known = ["inputs", *(p.name for p in parameters if p.kind is p.KEYWORD_ONLY)]
    if unknown := [name for name in marker.kwargs if name not in known]:
        _refuse(item, f"unknown argument {unknown[0]!r}, expected {', '.join(known)}.")
    if marker.args:
        _refuse(item, f"takes its arguments by name. Write {_EXAMPLE}.")
    inputs = marker.kwargs.get("inputs", ())
    if isinstance(inputs, dict):
        cases = {str(name): _case(case, str(name)) for name, case in inputs.items()}
    else:
        cases = {"": _case(inputs, getattr(pytest, "HIDDEN_PARAM", "inputs"))}
    for name, case in cases.items() or [("", pytest.param())]:
        if not case.values:
            of = f"case {name!r} has no inputs" if name else "no inputs"
            _refuse(item, f"{of}. Write {_EXAMPLE}.")
    return cases


def _case(inputs: Any, name: Any) -> Any:
    if isinstance(inputs, type(pytest.param())):
        return pytest.param(*inputs.values, marks=inputs.marks, id=name)
    values = tuple(inputs) if isinstance(inputs, tuple | list) else (inputs,)
    return pytest.param(*values, id=name)


def _parameters(function: Callable[..., Any], given: Collection[str]) -> list[str]:
    """The parameters that pytest fills in, in the order in which they are written."""
    return [
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is parameter.empty and parameter.name in given
    ]


def _raise_in(function: Callable[..., Any], error: Exception, inputs: dict[str, Any]) -> NoReturn:
    """Raise an error as if the last `return` of the function had raised it.

    A check fails after the function has returned, so the traceback would not show the function.
    """
    code = getattr(inspect.unwrap(function), "__code__", None)
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    if code is None or any(frame.f_code is code for frame in frames):
        raise error
    returns = [i.positions for i in dis.get_instructions(code) if i.opname.startswith("RETURN_")]
    lines = [at.lineno for at in returns if at is not None and at.lineno is not None]
    line = max(lines, default=code.co_firstlineno) - code.co_firstlineno + 1
    # Without columns, or parts of the user's line would be underlined.
    place = {"lineno": line, "end_lineno": line, "col_offset": -1, "end_col_offset": -1}
    name = ast.Name("__gradcheck_error__", ast.Load(), **place)
    tree = ast.Module([ast.Raise(name, None, **place)], [])
    program = compile(tree, code.co_filename, "exec").replace(
        co_name=code.co_name, co_qualname=code.co_qualname, co_firstlineno=code.co_firstlineno
    )
    exec(program, {"__gradcheck_error__": error}, inputs)
    raise AssertionError("unreachable")
