"""Whole arrays: reductions, statistics, shapes, indexing, sorting and selection."""

REDUCTIONS = """
np.sum(x)
np.sum(A, axis=0)                       | torch.sum(A, 0)
np.sum(A, axis=-1)                      | torch.sum(A, -1)
np.prod(nearly_one)
np.prod(near_one, axis=-1)              | torch.prod(near_one, -1)
np.max(x)
np.max(A, axis=-1)                      | torch.amax(A, -1)
np.min(x)
np.min(A, axis=-1)                      | torch.amin(A, -1)
np.amax(A, axis=-1)                     | torch.amax(A, -1)
np.amin(A, axis=0)                      | torch.amin(A, 0)
np.ptp(A, axis=-1)                      | torch.amax(A, -1) - torch.amin(A, -1)
np.cumsum(x)                            | torch.cumsum(x, 0)
np.cumsum(A, axis=-1)                   | torch.cumsum(A, -1)
np.cumprod(nearly_one)                  | torch.cumprod(nearly_one, 0)
np.cumprod(near_one, axis=-1)           | torch.cumprod(near_one, -1)
np.cumulative_sum(x)                    | torch.cumsum(x, 0)
np.cumulative_prod(nearly_one)          | torch.cumprod(nearly_one, 0)
np.nansum(spotted)
np.nansum(spotted_A, axis=-1)           | torch.nansum(spotted_A, -1)
np.nanprod(spotted_A, axis=-1)          | -
np.nanmax(spotted_A, axis=-1)           | -
np.nanmin(spotted_A, axis=-1)           | -
np.nancumsum(spotted)                   | torch.cumsum(torch.nan_to_num(spotted), 0)
np.nancumprod(spotted_A, axis=-1)       | -
np.trapezoid(A)                         | torch.trapezoid(A)
np.trapezoid(A, row)                    | torch.trapezoid(A, row)
"""

STATISTICS = """
np.mean(x)
np.mean(A, axis=-1)                     | torch.mean(A, -1)
np.var(x)                               | torch.var(x, correction=0)
np.var(A, axis=-1)                      | torch.var(A, -1, correction=0)
np.std(x)                               | torch.std(x, correction=0)
np.std(A, axis=-1)                      | torch.std(A, -1, correction=0)
np.nanmean(spotted)
np.nanvar(spotted_A, axis=-1)           | -
np.nanstd(spotted_A, axis=-1)           | -
np.average(x, weights=p)                | (x * p).sum() / p.sum()
np.average(A, axis=-1, weights=P)       | (A * P).sum(-1) / P.sum(-1)
np.median(x)
np.median(A, axis=-1)                   | torch.median(A, -1)[0]
np.nanmedian(spotted)
np.nanmedian(spotted_A, axis=-1)        | torch.nanmedian(spotted_A, -1)[0]
np.quantile(x, 0.3)
np.quantile(A, 0.3, axis=-1)            | torch.quantile(A, 0.3, -1)
np.percentile(x, 30)                    | torch.quantile(x, 0.3)
np.nanquantile(spotted, 0.3)
np.nanquantile(spotted_A, 0.3, axis=-1) | torch.nanquantile(spotted_A, 0.3, -1)
np.nanpercentile(spotted, 30)           | torch.nanquantile(spotted, 0.3)
np.cov(variables)
np.corrcoef(variables)
np.bincount(few, x)                     | torch.zeros(1000, dtype=x.dtype).index_add(0, few, x)
"""

SHAPES = """
np.reshape(x, (1000, 1000))
np.ravel(A)
np.transpose(A)                         | torch.t(A)
np.matrix_transpose(A)                  | A.mT
np.swapaxes(cube, 0, 2)
np.moveaxis(cube, 0, 2)
np.rollaxis(cube, 2)                    | torch.movedim(cube, 2, 0)
np.expand_dims(x, 0)                    | torch.unsqueeze(x, 0)
np.squeeze(column)
np.broadcast_to(row, (1000, 1000))
np.broadcast_arrays(A, row)             | torch.broadcast_tensors(A, row)
np.atleast_1d(x)
np.atleast_2d(x)
np.atleast_3d(x)
np.concatenate([x, y])
np.concatenate([A, B], axis=-1)         | torch.concatenate([A, B], -1)
np.stack([x, y])
np.stack([x, y], axis=-1)               | torch.stack([x, y], -1)
np.vstack([A, B])
np.hstack([A, B])
np.dstack([A, B])
np.column_stack([x, y])
np.block([[A, B], [B, A]])              | torch.cat([torch.cat([A, B], 1), torch.cat([B, A], 1)])
np.split(x, 10)                         | torch.split(x, 10**5)
np.array_split(x, 7)                    | torch.tensor_split(x, 7)
np.hsplit(A, 10)
np.vsplit(A, 10)
np.dsplit(cube, 10)
np.unstack(A)                           | torch.unbind(A)
list(A)
np.tile(row, (1000, 1))
np.tile(A, (2, 2))
np.repeat(row, 1000)                    | torch.repeat_interleave(row, 1000)
np.repeat(A, 2, axis=0)                 | torch.repeat_interleave(A, 2, 0)
np.flip(A)                              | torch.flip(A, (0, 1))
np.fliplr(A)
np.flipud(A)
np.roll(x, 1000)
np.roll(A, 10, axis=-1)                 | torch.roll(A, 10, -1)
np.rot90(A)
np.pad(A, 10)                           | functional.pad(A, (10, 10, 10, 10))
np.pad(A, 10, mode="edge")              | functional.pad(A[None, None], (10,) * 4, "replicate")
np.pad(A, 10, mode="reflect")           | functional.pad(A[None, None], (10,) * 4, "reflect")
np.pad(A, 10, mode="wrap")              | functional.pad(A[None, None], (10,) * 4, "circular")
np.append(x, y)                         | torch.cat([x, y])
np.insert(x, 1000, row[0])              | torch.cat([x[:1000], row[:1], x[1000:]])
np.insert(x, rows, row)                 | -
np.delete(x, 1000)                      | torch.cat([x[:1000], x[1001:]])
np.delete(x, rows)                      | -
np.resize(row, (1000, 1000))            | -
np.trim_zeros(x)                        | -
np.diag(A)
np.diag(row)
np.diagonal(A)
np.diagflat(row)
np.tril(A)
np.triu(A)
np.meshgrid(row, heights)               | torch.meshgrid(row, heights, indexing="xy")
np.copy(x)                              | torch.clone(x)
np.astype(x, np.float32)                | x.to(torch.float32)
np.linspace(row, heights, 1000)         | -
np.logspace(row, heights, 1000)         | -
np.geomspace(P[0], P[1], 1000)          | -
np.apply_along_axis(np.sum, -1, A)      | -
np.apply_over_axes(np.sum, A, [0, 1])   | torch.sum(A, (0, 1), keepdim=True)
np.diff(x)
np.diff(A)
np.ediff1d(x)                           | torch.diff(x)
np.gradient(x)                          | torch.gradient(x)[0]
"""

INDEXING = """
x[places]
x[few]
x[mask]
x[::2]
x[1:-1]
A[10]
A[:, 10]
A[1:, :-1]
A[rows]
A[:, rows]
A[i, j]
A[rows, labels]
cube[:, picks]
table[words]
np.take(x, places)
np.take(A, rows, axis=0)                | torch.index_select(A, 0, rows)
np.take(A, rows, axis=1)                | torch.index_select(A, 1, rows)
np.take_along_axis(A, order, axis=-1)   | torch.take_along_dim(A, order, -1)
np.take_along_axis(A, order, axis=0)    | torch.take_along_dim(A, order, 0)
"""

SORTING = """
np.sort(x)                              | torch.sort(x)[0]
np.sort(A)                              | torch.sort(A)[0]
np.sort(A, axis=0)                      | torch.sort(A, 0)[0]
np.partition(x, 1000)                   | -
np.where(mask, x, y)
np.where(x > 0, x, 0.0)
np.select([mask, other_mask], [x, y])   | torch.where(mask, x, torch.where(other_mask, y, 0.0))
np.piecewise(x, [x > 0], [np.exp, np.sin]) | torch.where(x > 0, torch.exp(x), torch.sin(x))
np.choose(binary, [x, y])               | torch.where(binary == 0, x, y)
np.compress(mask, x)                    | torch.masked_select(x, mask)
np.extract(mask, x)                     | torch.masked_select(x, mask)
np.clip(x, -1.0, 1.0)
np.clip(x, -p, q)
np.interp(x, nodes, heights)            | -
np.unwrap(x)                            | -
"""
