"""Element by element: ufuncs, `scipy.special` and our activations."""

UFUNCS = """
np.negative(x)
np.positive(x)
np.absolute(x)
np.fabs(x)                              | torch.abs(x)
np.square(x)
np.sqrt(p)
np.cbrt(p)                              | p ** (1 / 3)
np.reciprocal(p)
np.exp(x)
np.exp2(x)
np.expm1(x)
np.log(p)
np.log2(p)
np.log10(p)
np.log1p(p)
np.sin(x)
np.cos(x)
np.tan(inner)
np.arcsin(inner)
np.arccos(inner)
np.arctan(x)
np.sinh(x)
np.cosh(x)
np.tanh(x)
np.arcsinh(x)
np.arccosh(beyond)
np.arctanh(inner)
np.degrees(x)                           | torch.rad2deg(x)
np.radians(x)                           | torch.deg2rad(x)
np.rad2deg(x)
np.deg2rad(x)
np.sinc(x)
np.i0(x)
np.nan_to_num(spotted)
np.conjugate(z)                         | torch.conj_physical(z)
np.absolute(z)
np.exp(z)
np.real(z)
np.imag(z)
np.angle(z)
np.real_if_close(z)                     | -
np.sign(x)
np.floor(x)
np.ceil(x)
np.trunc(x)
np.rint(x)                              | torch.round(x)
np.fix(x)
np.round(x, 2)                          | torch.round(x, decimals=2)
np.around(x)                            | torch.round(x)
np.add(x, y)
np.subtract(x, y)
np.multiply(x, y)
np.multiply(z, z)
np.divide(x, p)
np.power(p, y)                          | torch.pow(p, y)
np.power(x, 3)                          | torch.pow(x, 3)
np.float_power(p, y)
np.arctan2(x, y)
np.hypot(x, y)
np.logaddexp(x, y)
np.logaddexp2(x, y)
np.maximum(x, y)
np.maximum(x, 0.0)                      | torch.clamp_min(x, 0.0)
np.minimum(x, y)
np.fmax(x, y)
np.fmin(x, y)
np.mod(x, p)                            | torch.remainder(x, p)
np.fmod(x, p)
np.divmod(x, p)                         | -
np.floor_divide(x, p)
np.copysign(x, y)
np.heaviside(x, share)
np.ldexp(x, twos)
np.frexp(x)
np.modf(x)                              | -
np.add.reduce(A)                        | torch.sum(A, 0)
np.multiply.reduce(near_one)            | torch.prod(near_one, 0)
np.maximum.reduce(A)                    | torch.amax(A, 0)
np.logaddexp.reduce(A)                  | torch.logsumexp(A, 0)
np.add.accumulate(x)                    | torch.cumsum(x, 0)
np.maximum.accumulate(x)                | torch.cummax(x, 0)[0]
np.multiply.outer(row, heights)         | torch.outer(row, heights)
np.subtract.outer(row, heights)         | row[:, None] - heights
np.add.reduceat(x, starts)              | -
x + y
x + 1.0
x - y
2.0 * x
x * y
x / p
1.0 / p
x ** 2
x ** 3
p ** 0.5
p ** y
2.0 ** x
x // p
x % p
-x
+x
abs(x)
A + row
A * column
A @ B
"""

SPECIAL = """
special.expit(x)
special.logit(share)
special.log_expit(x)                    | functional.logsigmoid(x)
special.erf(x)
special.erfc(x)
special.erfcx(x)
special.erfinv(inner)
special.erfcinv(share)                  | -
special.gamma(p)                        | torch.exp(torch.lgamma(p))
special.gammaln(p)
special.psi(p)
special.rgamma(p)                       | -
special.ndtr(x)
special.ndtri(share)
special.log_ndtr(x)
special.entr(p)
special.j0(x)                           | -
special.j1(x)                           | -
special.y0(p)                           | -
special.y1(p)                           | -
special.i0(x)
special.i0e(x)
special.i1(x)
special.i1e(x)
special.exp1(p)                         | -
special.expi(p)                         | -
special.spence(p)                       | -
special.gammasgn(x)                     | -
special.dawsn(x)                        | -
special.beta(p, q)                      | -
special.betaln(p, q)   | torch.lgamma(p) + torch.lgamma(q) - torch.lgamma(p + q)
special.xlogy(x, p)
special.xlog1py(x, p)
special.rel_entr(p, q)                  | p * torch.log(p / q)
special.kl_div(p, q)                    | p * torch.log(p / q) - p + q
special.gammainc(2.5, p)                | torch.special.gammainc(torch.full_like(p, 2.5), p)
special.gammaincc(2.5, p)               | torch.special.gammaincc(torch.full_like(p, 2.5), p)
special.jv(2, x)                        | -
special.yn(2, p)                        | -
special.iv(2, x)                        | -
special.ive(2, x)                       | -
special.expn(2, p)                      | -
special.polygamma(1, p)
special.zeta(2.5, q)
special.betainc(2.0, 3.0, share)        | -
special.multigammaln(beyond, 3)
special.logsumexp(x)                    | torch.logsumexp(x, 0)
special.logsumexp(A, axis=-1)           | torch.logsumexp(A, -1)
special.softmax(A, axis=-1)             | torch.softmax(A, -1)
special.log_softmax(A, axis=-1)         | torch.log_softmax(A, -1)
"""

ACTIVATIONS = """
ag.relu(x)                              | torch.relu(x)
ag.sigmoid(x)                           | torch.sigmoid(x)
ag.softmax(A)                           | torch.softmax(A, -1)
ag.log_softmax(A)                       | torch.log_softmax(A, -1)
ag.logsumexp(A)                         | torch.logsumexp(A, (0, 1))
ag.cross_entropy(A, labels)             | functional.cross_entropy(A, labels)
ag.binary_cross_entropy(share, binary)  | functional.binary_cross_entropy(share, binary.to(share))
ag.binary_cross_entropy_with_logits(x, binary) \
| functional.binary_cross_entropy_with_logits(x, binary.to(x))
"""
