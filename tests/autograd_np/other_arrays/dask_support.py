"""Which functions Dask's arrays can be differentiated through, as test_dask.py finds.

A function is missing here where Dask has none of its name, or none of one that its rule calls.
"""

# Functions whose samples give NumPy's gradients, but for `REFUSED`.
_BY_CHUNKS = """
    np.positive np.negative np.reciprocal np.absolute np.fabs np.conjugate np.sign np.copysign
    np.add np.subtract np.multiply np.divide np.floor_divide np.remainder np.fmod np.divmod
    np.square np.sqrt np.cbrt np.exp np.exp2 np.expm1 np.log np.log2 np.log10 np.log1p np.sin
    np.cos np.tanh np.power np.float_power np.logaddexp np.logaddexp2 np.tan np.sinh np.cosh
    np.arcsin np.arccos np.arctan np.arcsinh np.arccosh np.arctanh np.arctan2 np.hypot
    np.degrees np.rad2deg np.radians np.deg2rad np.sinc np.i0 spherical_bessel modified_bessel
    np.floor np.ceil np.trunc np.fix np.rint np.round np.around np.spacing np.nextafter
    np.heaviside np.modf np.frexp np.ldexp np.real np.imag np.angle np.nan_to_num finite
    np.add.reduce np.multiply.reduce np.maximum.reduce np.minimum.reduce np.fmax.reduce
    np.fmin.reduce np.hypot.reduce np.logaddexp.reduce np.logaddexp2.reduce np.subtract.reduce
    np.divide.reduce np.fmod.reduce np.add.accumulate np.multiply.accumulate
    np.maximum.accumulate np.minimum.accumulate np.fmax.accumulate np.fmin.accumulate
    np.subtract.accumulate np.logaddexp.accumulate np.multiply.reduceat np.hypot.reduceat
    np.add.outer np.multiply.outer np.power.outer length log_of_sum extremes np.divmod.outer
    np.maximum np.minimum np.fmax np.fmin np.where np.clip clamp np.select np.piecewise
    np.choose np.compress np.extract np.interp np.sum np.mean np.var np.std np.max np.amax
    np.min np.amin np.ptp np.prod products_of_others np.nansum np.nanprod np.nanmean np.nanvar
    np.nanstd np.nanmax np.nanmin np.cumsum np.cumprod np.cumulative_sum np.cumulative_prod
    np.nancumsum np.nancumprod recurrence tail_sums area np.trapezoid np.average weighted_mean
    fraction stepwise np.cov np.corrcoef observation_weights degrees_of_freedom np.ravel
    np.squeeze np.expand_dims np.transpose np.full_like np.swapaxes np.moveaxis np.rollaxis
    np.matrix_transpose np.linalg.matrix_transpose np.broadcast_to np.broadcast_arrays
    np.atleast_1d np.atleast_2d np.atleast_3d np.copy duplicate np.astype cast np.concatenate
    np.stack np.vstack np.hstack np.dstack np.column_stack np.append np.block np.split
    np.array_split np.vsplit np.hsplit np.dsplit np.unstack pieces layers np.flip np.flipud
    np.fliplr np.roll np.rot90 np.repeat np.sliding_window_view np.diag np.diagonal on_diagonal
    np.linalg.diagonal np.diagflat np.tril np.triu framed extended np.pad np.linspace
    np.logspace np.geomspace ramp geometric_ramp np.meshgrid np.diff np.ediff1d np.gradient
    np.apply_along_axis np.apply_over_axes getitem index_add index_set np.take np.delete
    np.insert np.matmul np.linalg.matmul np.dot np.vdot np.inner np.outer np.linalg.outer
    np.vecdot np.linalg.vecdot np.matvec np.vecmat np.tensordot np.linalg.tensordot np.trace
    np.linalg.trace cross_product np.cross np.linalg.cross np.linalg.multi_dot linear contract
    np.einsum cholesky_factor euclidean_norm power_norm np.linalg.vector_norm
    np.linalg.matrix_norm np.polyval evaluate np.polyadd np.polysub np.polyder np.polyint
    np.fft.fftshift np.fft.ifftshift relu sigmoid softmax log_softmax logsumexp cross_entropy
    binary_cross_entropy binary_cross_entropy_with_logits special.expit special.logit
    special.log_expit special.erf special.erfc special.erfcx special.erfinv special.erfcinv
    special.dawsn special.ndtr special.ndtri special.log_ndtr inverse_mills_ratio special.gamma
    special.gammaln special.psi special.rgamma special.gammasgn special.beta special.betaln
    special.zeta special.riemann_zeta trigamma polygamma multigammaln jn_by_power in_by_power
    ine_by_power special.j0 special.j1 special.y0 special.y1 special.i0 special.i1 special.i0e
    special.i1e special.jv special.iv special.ive special.yn special.exp1 special.expi
    special.expn generalized_expn special.spence spence_slope special.entr special.xlogy
    special.xlog1py special.rel_entr special.kl_div special.gammainc special.gammaincc
    special.betainc log_gamma_moment log_beta_moment
"""

# Those whose arrays Dask takes in one chunk only, along some axes at least.
_IN_ONE_CHUNK = """
    np.reshape np.tile np.resize np.kron np.linalg.matrix_power np.linalg.tensorinv
    np.linalg.tensorsolve np.linalg.inv np.linalg.solve np.linalg.cholesky triangular_inverse
    np.linalg.qr q_and_r np.linalg.svd singular_system np.linalg.svdvals np.linalg.norm
    np.linalg.cond np.fft.fft np.fft.ifft np.fft.irfft np.fft.hfft np.fft.rfft np.fft.ihfft
    np.fft.fft2 np.fft.ifft2 np.fft.irfft2 np.fft.fftn np.fft.ifftn np.fft.irfftn np.fft.rfft2
    np.fft.rfftn
"""

IN_ONE_CHUNK = set(_IN_ONE_CHUNK.split())
SUPPORTED = set(_BY_CHUNKS.split()) | IN_ONE_CHUNK

# Samples with arguments, or of shapes, that Dask's own functions do not take.
_CALLS = {
    "np.nan_to_num": ("settings",),
    "np.add.reduce np.multiply.reduce np.maximum.reduce np.minimum.reduce": (
        "initial",
        "empty, initial",
        "where",
        "0-d",
    ),
    "np.multiply.accumulate": ("empty",),
    "np.piecewise np.cumsum np.nancumsum": ("0-d",),
    "np.choose": ("wrap", "clip"),
    "np.interp": ("0-d", "period", "period given", "complex", "number"),
    "np.sum np.nansum": ("where", "where all", "initial", "complex where"),
    "np.mean np.nanmean": ("where", "where all"),
    "np.var np.std np.nanvar np.nanstd": (
        "where",
        "where all",
        "correction",
        "mean given",
        "complex mean given",
        "complex where",
    ),
    "np.max np.amax np.min np.amin np.nanmax np.nanmin": ("where", "initial"),
    "np.prod np.nanprod": ("where", "where all", "initial", "complex where", "initial, where"),
    "np.cumprod np.nancumprod": ("0-d", "empty"),
    "np.reshape np.ravel": ("order F",),
    "np.concatenate": ("dtype",),
    "np.roll": ("one shift for two axes",),
    "np.repeat": ("flattened", "array", "array along an axis", "array of one", "0-d"),
    "np.tril np.triu": ("vector",),
    "np.pad": ("empty array", "median", "median, vector", "median of some"),
    "np.take": ("flattened", "wrapped", "clipped", "0-d"),
    "np.delete": ("one", "mask", "flattened"),
    "np.dot": ("numbers", "number right", "0-d both"),
    "np.linalg.matrix_power": ("stack, negative",),
    "np.linalg.inv triangular_inverse": ("stack", "empty stack", "complex stack"),
    "np.linalg.solve": (
        "stacks",
        "stack and vector",
        "stack and matrix",
        "matrix and stack",
        "stretched stacks",
        "empty stack",
        "constant left",
    ),
    "np.linalg.cholesky np.linalg.svdvals": ("stack", "empty stack"),
    "np.linalg.qr": ("stack", "empty stack", "complete", "complete, square", "complete, wide"),
    "q_and_r": ("stack", "empty stack", "complete"),
    "np.linalg.svd": (
        "stack",
        "no columns",
        "no rows",
        "empty stack",
        "full, tall",
        "full, wide",
        "hermitian",
        "hermitian values",
    ),
    "singular_system": (
        "stack",
        "no columns",
        "no rows",
        "empty stack",
        "full, tall",
        "full, wide",
    ),
    "euclidean_norm": ("deep",),
    "np.linalg.norm": ("deep", "axes, nuc", "axes, 2", "axes, -2", "kept axes, nuc"),
    "np.linalg.cond": (
        "fro",
        "nuc",
        "1",
        "-1",
        "inf",
        "-inf",
        "stack, None",
        "stack, fro",
        "stack, nuc",
        "stack, 1",
        "stack, -1",
        "stack, 2",
        "stack, -2",
        "stack, inf",
        "stack, -inf",
        "1x1",
    ),
    "np.fft.fft2 np.fft.ifft2 np.fft.fftn np.fft.ifftn": (
        "repeated axes",
        "repeated axes of complex",
    ),
}
REFUSED = {
    (name, sample)
    for names, samples in _CALLS.items()
    for name in names.split()
    for sample in samples
}


def is_supported(name, sample):
    """Whether a sample of a function gives NumPy's gradients."""
    return name in SUPPORTED and (name, sample) not in REFUSED
