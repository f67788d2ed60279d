"""Linear algebra, polynomials and Fourier transforms."""

LINEAR_ALGEBRA = """
np.dot(M, N)                            | torch.matmul(M, N)
np.dot(x, y)
np.vdot(x, y)
np.inner(M, N)
np.outer(row, heights)
np.matmul(M, N)
np.matmul(M, m)
np.matmul(stack, other_stack)
np.matvec(M, m)                         | torch.mv(M, m)
np.vecmat(m, M)                         | torch.matmul(m, M)
np.vecdot(A, B)                         | torch.linalg.vecdot(A, B)
np.kron(small, other_small)
np.tensordot(M, N, 1)
np.tensordot(cube, cube, 2)
np.einsum("ij,jk->ik", M, N)
np.einsum("ij,jk,kl->il", M, N, S, optimize=True) | torch.einsum("ij,jk,kl->il", M, N, S)
np.einsum("bij,bjk->bik", stack, other_stack)
np.einsum("ij,ij->i", A, B)
np.einsum("ij,ij->", A, B)
np.einsum("ij->ji", A)
np.einsum("ii->i", A)
np.einsum("ij->i", A)
np.einsum("i,j->ij", row, heights)
np.einsum("ijk,kl->ijl", cube, cube[0])
np.cross(vectors, other_vectors)        | torch.linalg.cross(vectors, other_vectors)
np.trace(A)
np.convolve(signal, kernel) \
| functional.conv1d(signal[None, None], kernel.flip(0)[None, None], padding=99)
np.correlate(signal, kernel) | functional.conv1d(signal[None, None], kernel[None, None])
np.linalg.det(M)
np.linalg.slogdet(M)
np.linalg.inv(M)
np.linalg.inv(stack)
np.linalg.pinv(tall)
np.linalg.solve(M, N)
np.linalg.solve(M, m)
np.linalg.solve(stack, other_stack)
np.linalg.lstsq(tall, long)[0]          | torch.linalg.lstsq(tall, long[:, None])[0]
np.linalg.cholesky(S)
np.linalg.qr(M)
np.linalg.eigh(S)
np.linalg.eigvalsh(S)
np.linalg.eigvals(E)
abs(np.linalg.eig(E)[1])
np.linalg.svd(M, full_matrices=False)
np.linalg.svdvals(M)
np.linalg.norm(M)
np.linalg.norm(A, axis=-1)              | torch.linalg.norm(A, dim=-1)
np.linalg.norm(M, 2)
np.linalg.norm(M, "nuc")
np.linalg.vector_norm(x)
np.linalg.vector_norm(x, ord=3)
np.linalg.vector_norm(A, ord=1, axis=-1) | torch.linalg.vector_norm(A, 1, -1)
np.linalg.matrix_norm(M)
np.linalg.matrix_norm(M, ord=1)
np.linalg.cond(M)
np.linalg.matrix_power(M, 5)
np.linalg.multi_dot([M, N, S])
np.linalg.tensorinv(blocks)
np.linalg.tensorsolve(blocks, block)
np.linalg.matrix_transpose(A)           | A.mT
np.linalg.diagonal(A)
np.linalg.trace(A)                      | torch.trace(A)
np.linalg.outer(row, heights)           | torch.outer(row, heights)
np.linalg.cross(vectors, other_vectors)
np.linalg.matmul(M, N)
np.linalg.vecdot(A, B)
np.linalg.tensordot(M, N, axes=1)       | torch.tensordot(M, N, 1)
"""

POLYNOMIALS = """
np.polyval(cubic, x)                    | -
np.polyadd(x, y)                        | -
np.polysub(x, y)                        | -
np.polymul(factor, other_factor)        | -
np.polydiv(factor, cubic)               | -
np.polyder(x)                           | -
np.polyint(x)                           | -
np.poly(zeros)                          | -
np.polyfit(x, y, 3)                     | -
np.roots(zeros)                         | -
np.vander(x, 4)                         | torch.vander(x, 4)
"""

FOURIER = """
np.fft.fft(x)
np.fft.fft(z)
np.fft.ifft(z)
np.fft.rfft(x)
np.fft.irfft(half)
np.fft.hfft(half)
np.fft.ihfft(x)
np.fft.fft2(A)
np.fft.ifft2(Z)
np.fft.fftn(cube)
np.fft.ifftn(Z)
np.fft.rfft2(A)
np.fft.rfftn(cube)
np.fft.irfft2(half_Z)
np.fft.irfftn(half_Z)
np.fft.fftshift(A)
np.fft.ifftshift(A)
"""
