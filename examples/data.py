"""MNIST, downloaded once, cached and checked; scikit-learn's digits where it cannot be had."""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

FOLDER_VARIABLE = "AUTOGRAD_NP_MNIST"
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
# Of the unpacked files: how a mirror packed them does not matter.
SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}


class DamagedDataError(ValueError):
    """A file of the data set is truncated, altered, or not what its name says."""


class NoDataError(OSError):
    """The data set is neither in a folder nor in the cache, and no mirror can be reached."""


@dataclass(frozen=True)
class Digits:
    """Images of handwritten digits and what they show.

    Attributes
    ----------
    name : what the data set is called
    train_images, test_images : uint8 arrays of shape (count, height, width)
    train_labels, test_labels : integer arrays of shape (count,)
    white : the largest value of a pixel
    """

    name: str
    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.integer[Any]]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.integer[Any]]
    white: int = 255

    def train_inputs(self, dtype: DTypeLike = np.float64) -> NDArray[Any]:
        """Return the training images flattened and scaled to [0, 1]: (count, height * width)."""
        return self._inputs(self.train_images, dtype)

    def test_inputs(self, dtype: DTypeLike = np.float64) -> NDArray[Any]:
        """Return the test images flattened and scaled to [0, 1]: (count, height * width)."""
        return self._inputs(self.test_images, dtype)

    def _inputs(self, images: NDArray[np.uint8], dtype: DTypeLike) -> NDArray[Any]:
        flat = images.reshape(len(images), -1).astype(dtype)
        flat /= self.white
        return flat


def one_hot(labels: NDArray[np.integer[Any]], classes: int = 10) -> NDArray[np.float64]:
    """Return rows of zeros with a one at each label, shape (count, classes).

    >>> one_hot(np.array([2, 0]), classes=3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    return np.asarray(np.eye(classes)[labels])


def load_digits(say: Callable[[str], None] = print) -> Digits:
    """Return MNIST, or scikit-learn's bundled digits where MNIST cannot be had, saying so.

    Raises
    ------
    DamagedDataError
        If a file of MNIST is there but damaged: that is an error to see, not to step round.
    """
    try:
        return load_mnist()
    except NoDataError as error:
        say(f"{error}; running on scikit-learn's bundled digits instead")
        return bundled_digits()


def load_mnist() -> Digits:
    """Return MNIST: 60,000 training and 10,000 test images of 28 by 28.

    The files are looked for in the folder that the environment variable ``AUTOGRAD_NP_MNIST``
    names; without it in pooch's cache, and those that are not there are downloaded into it.

    Raises
    ------
    FileNotFoundError
        If the folder that the variable names lacks a file.
    DamagedDataError
        If a file's unpacked content does not have its SHA-256; nothing is returned then.
    NoDataError
        If there is no such variable, a file is not in the cache, and no mirror can be reached.
    """
    folder = os.environ.get(FOLDER_VARIABLE)
    contents = [_from_folder(Path(folder), n) if folder else _from_cache(n) for n in SHA256]
    train, train_labels, test, test_labels = map(_parse_idx, contents)
    return Digits("MNIST", train, train_labels, test, test_labels)


def bundled_digits() -> Digits:
    """Return scikit-learn's digits: 1,797 images of 8 by 8; the last 297 are the test part.

    >>> bundled_digits().test_images.shape
    (297, 8, 8)
    """
    try:
        from sklearn.datasets import load_digits as load
    except ImportError as error:
        raise ImportError(
            "the bundled digits need scikit-learn: pip install 'autograd-np[examples]'"
        ) from error
    bunch = load()
    images, labels = bunch.images.astype(np.uint8), bunch.target
    return Digits(
        "scikit-learn's digits", images[:1500], labels[:1500], images[1500:], labels[1500:], 16
    )


def cached_mnist() -> bool:
    """Return whether `load_mnist` would find all four files without downloading any."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder:
        return True
    try:
        cache = _cache()
    except ImportError:
        return False
    return all((cache / f"{name}.gz").exists() for name in SHA256)


def download(
    name: str,
    folder: Path,
    mirrors: Sequence[str] = MIRRORS,
    downloader: Callable[..., Any] | None = None,
) -> bytes:
    """Download one file, packed, into `folder` and return its content, unpacked and checked.

    The mirrors are tried in turn. A file that arrives damaged is not kept.

    Parameters
    ----------
    name : a name in `SHA256`
    folder : where the packed file is put
    mirrors : addresses that end in a slash
    downloader : pooch's downloader to use; by default the one for the address's protocol

    Raises
    ------
    DamagedDataError
        If every mirror that answers sends a damaged file.
    NoDataError
        If no mirror answers.
    """
    pooch = _pooch()
    # pooch logs the packed file's hash and advises to pin it; the unpacked one's is pinned here.
    pooch.get_logger().setLevel("WARNING")
    failure: Exception = NoDataError("no mirror is named")
    for mirror in mirrors:
        try:
            path = pooch.retrieve(
                f"{mirror}{name}.gz", None, f"{name}.gz", path=folder, downloader=downloader
            )
        except OSError as error:
            if not isinstance(failure, DamagedDataError):
                failure = NoDataError(f"MNIST cannot be downloaded ({_reason(error)})")
            continue
        try:
            return _unpack(Path(path))
        except DamagedDataError as error:
            Path(path).unlink()
            failure = DamagedDataError(f"{error} (it came from {mirror} and was not kept)")
    raise failure


def _from_folder(folder: Path, name: str) -> bytes:
    for path in (folder / f"{name}.gz", folder / name):
        if path.exists():
            return _unpack(path)
    raise FileNotFoundError(
        f"{FOLDER_VARIABLE} names the folder {str(folder)!r}, which has neither {name}.gz nor "
        f"{name}; put MNIST's four files there, or unset the variable to download them"
    )


def _from_cache(name: str) -> bytes:
    folder = _cache()
    path = folder / f"{name}.gz"
    return _unpack(path) if path.exists() else download(name, folder)


def _cache() -> Path:
    return Path(_pooch().os_cache("autograd_np"))


def _pooch() -> Any:
    try:
        import pooch
    except ImportError as error:
        raise ImportError(
            "downloading MNIST needs pooch: pip install 'autograd-np[data]'"
        ) from error
    return pooch


def _unpack(path: Path) -> bytes:
    """Return a file's content, unpacked where its name ends in .gz, once its SHA-256 is right."""
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DamagedDataError(
            f"{path} is truncated or not a gzip file ({error}); delete it and fetch it again"
        ) from error
    expected = SHA256[path.name.removesuffix(".gz")]
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise DamagedDataError(
            f"{path} is not MNIST's: the SHA-256 of its unpacked content is {found}, "
            f"expected {expected}; delete it and fetch it again"
        )
    return content


def _parse_idx(content: bytes) -> NDArray[np.uint8]:
    """Return the array of an IDX file of unsigned bytes: two zeros, type, rank, sizes, values."""
    rank = content[3]
    shape = np.frombuffer(content, ">i4", count=rank, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


def _reason(error: BaseException) -> str:
    """Return the kind of an error that is deepest in its chain: the shortest honest reason."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return str(error) or type(error).__name__
