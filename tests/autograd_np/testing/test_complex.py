"""Complex inputs, results and parameters: what passes, what is caught, and how it is reported."""

import numpy as np
import pytest

import autograd_np as ag
import nn
from autograd_np.testing import compare, gradcheck
from autograd_np.testing.analytic import Analytic
from autograd_np.testing.catalogue import imaginary, positive, real
from autograd_np.testing.diagnosis import diagnose
from autograd_np.testing.evidence import Evidence
from autograd_np.testing.space import Space, pack, reals, unpack
from autograd_np.testing.subject import Subject
from tests.autograd_np.testing.checks import X, half, report_of
from tests.autograd_np.testing.wrong_rules import complex_numbers as cn
from tests.autograd_np.testing.wrong_rules import operations as op
from tests.autograd_np.testing.wrong_rules import registered
from tests.autograd_np.testing.wrong_rules.case import wrong

Z = imaginary(2, 3)
W = imaginary(3)
NUMBER = 0.5 - 2j


def imag(z):
    return np.real(-1j * z)


def squared_length(z):
    return np.real(z * np.conj(z))


RIGHT = {
    "holomorphic": (lambda z: np.exp(z) / (z + 3), Z),
    "conjugate": (np.conj, Z),
    "neither": (lambda z: z * z * np.conj(z) + np.real(z), Z),
    "two complex": (lambda z, w: z * np.conj(w), Z, W),
    "complex and real": (lambda z, x: np.exp(z * x), Z, X),
    "product of matrices": (lambda z, w: np.conj(z) @ w, Z, W),
    "complex to real": (squared_length, Z),
    "complex to a number": (lambda z: np.sum(squared_length(z)), Z),
    "real to complex": (lambda x: np.exp(1j * x), X),
    "real by way of complex": (lambda x: imag(np.exp(1j * x)), X),
    "several results": (lambda z: {"a": z * z, "b": [np.real(z), 3]}, Z),
    "nested": (lambda p, q: p["z"] * q[0] + p["x"], {"z": W, "x": X}, [W]),
    "more results than inputs": (lambda z: z * np.ones((4, 3)), W),
    "fewer results than inputs": (lambda z: np.sum(z * z, axis=0), Z),
    "0-d": (np.sin, np.array(NUMBER)),
    "a number": (lambda z, x: z**3 * x, NUMBER, 2.0),
    "NumPy's scalar": (np.exp, np.complex128(NUMBER)),
    "a Tensor": (np.exp, ag.Tensor(Z)),
    "a Tensor with a gradient": (np.exp, ag.Tensor(Z, requires_grad=True)),
    "not contiguous": (np.exp, np.asfortranarray(Z)[::-1]),
    "unused": (lambda z, w: 2 * w, Z, W),
    "constant": (lambda z: 3j, Z),
    "empty": (lambda z: np.sum(np.exp(z), axis=0), np.zeros((0, 3), complex)),
    "empty and not": (lambda z, w: np.sum(z) + w * w, np.zeros((0, 3), complex), W),
    "many elements": (lambda z: z * np.exp(np.conj(z)), imaginary(20, 30)),
    "parts of different size": (np.exp, np.array([1e-6 + 3j, 2 + 1e-9j])),
    "large": (lambda z: np.sqrt(z * z + 1), 1e6 * W),
    "large values": (lambda z: 1e100 * np.sin(z), W),
    "small values": (lambda z: 1e-200 * np.sin(z), W),
    "real zeros": (lambda z: z * z, np.array([0j, 1j, 1 + 0j])),
}


@pytest.mark.parametrize(("function", "inputs"), [(f, i) for f, *i in RIGHT.values()], ids=RIGHT)
def test_what_is_right_passes(function, inputs):
    gradcheck(function, *inputs, order=2)


def test_the_third_order():
    gradcheck(lambda z: z * np.conj(z) * np.exp(z), W, order=3)


def test_modules():
    class Rotation(nn.Module):
        def __init__(self):
            self.angle = nn.Parameter(real(3))

        def forward(self, z):
            return z * np.exp(1j * self.angle)

    gradcheck(Rotation(), Z, order=2)


@pytest.mark.parametrize("function", [np.exp, squared_length, lambda z: z * np.conj(z)])
@pytest.mark.parametrize("shape", [(3,), (20, 30)])
def test_complex64_passes_where_asked_for(function, shape):
    gradcheck(function, imaginary(*shape).astype(np.complex64), allow_float32=True)


def test_complex64_is_refused_with_the_line_to_write():
    text = (
        r"input 0 is of dtype complex64, .*Write gradcheck\(f, x\.astype\(np\.complex128\)\), or "
        r"gradcheck\(f, x, allow_float32=True\)"
    )
    with pytest.raises(TypeError, match=text):
        gradcheck(np.exp, Z.astype(np.complex64))


def test_a_wrong_gradient_in_complex64():
    with registered(wrong("", None, op.squared, x=lambda g, x: g * np.conj(2 * x))):
        report = report_of(op.squared, W.astype(np.complex64), allow_float32=True)
    assert report.diagnosis.kind == "conjugate"
    assert "float32" in report.reason


@pytest.mark.parametrize("mode", ["reverse", "forward"])
@pytest.mark.parametrize("case", [c for c in cn.CASES if c.kind in ("conjugate", "real")])
def test_both_modes_find_it(case, mode):
    with registered(case):
        report = report_of(case.function, *case.inputs, mode=mode)
    assert report.what == f"{mode} gradient"
    assert report.diagnosis.kind == case.kind


def test_the_report_names_the_parts():
    """The real part of the result has half its derivative with respect to the imaginary part."""

    def function(z):
        return np.real(z) * half(imag(z)) + 1j * np.real(z)

    z = np.array([1 + 2j, 3 + 4j])
    report = report_of(function, z)
    assert (report.input, report.index) == ("the imaginary part of input 0", (1,))
    assert (report.output, report.output_index) == ("the real part of the result", (1,))
    assert (report.analytic, report.numeric) == (12, pytest.approx(24))
    assert "the imaginary part of input 0 at [1]\n" in str(report)
    assert "of the real part of the result at [1]\n" in str(report)


def test_a_real_input_beside_a_complex_one_has_no_parts():
    report = report_of(lambda z, x: z * half(x), W, X)
    assert (report.input, report.output) == ("input 1", "the real part of the result")


@pytest.mark.parametrize("part", ["real", "imaginary"])
def test_one_wrong_part_of_many_is_found(part):
    place = 1234

    def formula(g, x):
        extra = np.zeros(x.size)
        extra[place] = 0.01
        extra = extra.reshape(x.shape)
        # What a gradient is paired with is the conjugate of what the user sees.
        return g * 2 * x + (extra if part == "real" else -1j * extra)

    with registered(wrong("", None, op.squared, x=formula)):
        report = report_of(lambda z: np.sum(op.squared(z)), imaginary(40, 60))
    assert report.input == f"the {part} part of input 0"
    assert report.index == np.unravel_index(place, (40, 60))


@pytest.mark.parametrize("shape", [(3,), (40, 60)])
def test_a_mistake_where_both_parts_are_positive(shape):
    """The function is right at the other three quarters of the plane."""

    def formula(g, x):
        return g * 2 * x * np.where((np.real(x) > 0) & (np.real(1j * x) < 0), 1 + 1e-4j, 1)

    z = np.abs(real(*shape)) + 1j * np.abs(real(*shape, seed=1))
    with registered(wrong("", None, op.squared, x=formula)):
        gradcheck(op.squared, -z)
        gradcheck(op.squared, np.conj(z))
        report_of(op.squared, z)


def test_the_first_order_alone_sees_no_mistake_of_the_second():
    case = wrong("", None, op.squared, x=lambda g, x: g * (x + ag.stop_gradient(x)))
    with registered(case):
        gradcheck(op.squared, W)
        assert report_of(op.squared, W, order=2).what == "reverse second derivative"


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_the_jacobian_of_a_holomorphic_function(shape):
    """In real numbers, multiplication with a + ib is [[a, -b], [b, a]]."""
    z = imaginary(*shape)
    subject = Subject(lambda z: (np.exp(z), np.conj(z)), [z])
    analytic = Analytic(subject, subject.arrays, subject.weights(0), [0.0, 0.0])
    found = analytic.jacobian().reshape(2, z.size, 2, z.size, 2)
    slope = np.exp(z).ravel()
    blocks = np.moveaxis([[slope.real, -slope.imag], [slope.imag, slope.real]], 2, 0)
    for i in range(z.size):
        for j in range(z.size):
            np.testing.assert_allclose(found[0, i, :, j], blocks[i] * (i == j))
            np.testing.assert_array_equal(found[1, i, :, j], np.diag([1, -1]) * (i == j))


def test_a_real_gradient_of_a_complex_input_is_a_fault(monkeypatch):
    def without_imaginary_parts(function, *args):
        value, pullback = ag.vjp(function, *args)
        return value, lambda cotangent: [np.real(g) for g in pullback(cotangent)]

    monkeypatch.setattr("autograd_np.testing.analytic.vjp", without_imaginary_parts)
    report = report_of(np.exp, W)
    assert report.diagnosis.kind == "dtype"
    assert "is of shape (3,) and dtype float64; expected" in report.diagnosis.text


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128, np.complex64])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0, 3)])
def test_arrays_survive_packing(shape, dtype):
    make = imaginary if np.issubdtype(dtype, np.complexfloating) else real
    arrays = [make(*shape, seed=seed).astype(dtype) for seed in (0, 1)]
    spaces = [Space("", array.shape, array.dtype) for array in arrays]
    assert [space.axes for space in spaces] == [reals(array).shape for array in arrays]
    vector = pack(arrays)
    assert vector.dtype == np.float64
    assert vector.size == sum(space.size for space in spaces)
    for before, after in zip(arrays, unpack(vector, spaces), strict=True):
        np.testing.assert_array_equal(before, after)
        assert after.dtype == before.dtype
        assert not np.shares_memory(after, vector)


def evidence(analytic, numeric, **settings):
    tolerance = np.full(np.shape(numeric), 1e-9 * np.abs(numeric).max())
    return Evidence(np.asarray(analytic), np.asarray(numeric), tolerance, np.ndim(numeric))


FACTORS = {1j: "1j", -1j: "-1j", 0.5j: "0.5j", 1 + 1j: "1+1j", -3: "-3", 1 / 7: "1/7"}


@pytest.mark.parametrize(("factor", "name"), FACTORS.items(), ids=FACTORS.values())
def test_factors_are_named(factor, name):
    found = diagnose(evidence(factor * W, W))
    assert (found.kind, found.text) == ("factor", f"off by the constant factor {name}.")


@pytest.mark.parametrize(
    ("analytic", "kind"),
    [
        (W, None),
        (W * (1 + 1e-11j), None),
        (np.conj(W), "conjugate"),
        (W.real + 0j, "real"),
        (-W, "sign"),
        (W[::-1], "reversed"),
        (0 * W, "zero"),
        (W * np.exp(1j), None),
        (W**2, None),
        (W * np.nan, "nan"),
        (np.conj(W) + 0.1, None),
    ],
)
def test_what_numbers_alone_say(analytic, kind):
    found = diagnose(evidence(analytic, W))
    assert (found and found.kind) == kind


@pytest.mark.parametrize(
    ("by_hand", "kind"),
    [
        (lambda z: 2 * z, None),
        (lambda z: 2 * np.conj(z), "conjugate"),
        (lambda z: z, "factor"),
        (lambda z: 2j * z, "factor"),
        (lambda z: 2 * z.real, "real"),
        (lambda z: -2 * z, "sign"),
    ],
)
def test_gradients_by_hand(by_hand, kind):
    """Of the squared length of a vector, which in PyTorch's convention is twice the vector."""
    found = compare(by_hand, lambda z: np.sum(squared_length(z)), Z)
    row = found["z"]
    assert found.agree == (kind is None)
    assert (row.diagnosis and row.diagnosis.kind) == kind
    assert row.automatic == 2 * Z[row.index]
    assert row.hand_written == by_hand(Z)[row.index]


def test_angles_are_those_of_real_vectors():
    row = compare(lambda z: 2j * z, lambda z: np.sum(squared_length(z)), Z).rows[0]
    assert row.cosine == pytest.approx(0, abs=1e-15)
    assert (row.length, row.relative_error) == (pytest.approx(1), pytest.approx(2**0.5))


def test_a_complex_gradient_by_hand_for_a_real_parameter():
    def by_hand(x):
        return -1j * np.exp(-1j * x) * (1 + 0.5j)

    def loss(x):
        return np.sum(np.real(np.exp(1j * x) * (1 - 0.5j)))

    row = compare(lambda x: np.conj(by_hand(x)), loss, X).rows[0]
    assert row.diagnosis.kind == "dtype"
    assert compare(lambda x: np.real(by_hand(x)), loss, X).agree


def test_complex_numbers_in_the_table():
    found = compare(
        lambda z: -2 * z, lambda z: np.sum(squared_length(z)), np.array([1 + 2j, 3 - 4j])
    )
    assert str(found).splitlines()[2].split()[-3:] == ["[1]", "-6+8j", "6-8j"]


def test_complex64_by_hand():
    z = W.astype(np.complex64)
    for error, agrees in ((1e-5, True), (1e-3, False)):
        by_hand = compare(
            lambda z, e=error: (2 * z * (1 + e)).astype(z.dtype),
            lambda z: np.sum(squared_length(z)),
            z,
        )
        assert by_hand.agree == agrees


@pytest.mark.parametrize(
    ("function", "z", "kind"),
    [
        (np.log, -1 + 0j, "discontinuous"),
        (np.log, 0j, "nan"),
        (lambda z: ag.relu(np.real(z)) + imag(z), 1j, "kink"),
        (lambda z: np.real(z) + 0j if isinstance(z, ag.Tensor) else np.real(z), 1j, "dtype"),
        (lambda z: np.conj(z) if isinstance(z, ag.Tensor) else z, 1j, "value"),
    ],
    ids=["branch cut", "pole", "kink", "dtype", "value"],
)
def test_faults_of_the_function_itself(function, z, kind):
    assert report_of(function, np.array([z, 2 + 1j])).diagnosis.kind == kind


def test_the_inputs_stay_as_they_were():
    z = Z.copy()
    gradcheck(lambda z: z * np.conj(z), z, order=2)
    np.testing.assert_array_equal(z, Z)
    z += 1


def test_powers_of_complex_numbers():
    gradcheck(np.power, W, imaginary(3, seed=1), order=2)
    gradcheck(np.power, positive(3), W, order=2)
