"""MNIST: found, fetched, checked; and what happens when it is not there or not whole."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from examples import data

pooch = pytest.importorskip("pooch")


def idx(*sizes: int) -> bytes:
    """Return an IDX file of unsigned bytes that count up."""
    header = bytes([0, 0, 8, len(sizes)]) + np.array(sizes, ">i4").tobytes()
    return header + np.arange(np.prod(sizes), dtype=np.uint8).tobytes()


CONTENTS = {
    "train-images-idx3-ubyte": idx(6, 2, 2),
    "train-labels-idx1-ubyte": idx(6),
    "t10k-images-idx3-ubyte": idx(3, 2, 2),
    "t10k-labels-idx1-ubyte": idx(3),
}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that MNIST is a handful of images."""
    for name, content in CONTENTS.items():
        monkeypatch.setitem(data.SHA256, name, hashlib.sha256(content).hexdigest())


@pytest.fixture
def folder(small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of whole files that the environment variable names."""
    for name, content in CONTENTS.items():
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(content))
    monkeypatch.setenv(data.FOLDER_VARIABLE, str(tmp_path))
    return tmp_path


@pytest.fixture
def cache(
    small: None, no_folder: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:  # fmt: skip
    """Return an empty cache."""
    monkeypatch.setattr(pooch, "os_cache", lambda name: tmp_path / "cache" / name)
    return tmp_path / "cache" / "autograd_np"


class Mirrors:
    """A downloader that answers from memory and counts."""

    def __init__(self, answer: Callable[[str], bytes]) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def __call__(self, url: str, output_file: str, _: Any) -> None:
        """Write the answer for an address to a file, as pooch asks of a downloader."""
        self.asked.append(url)
        Path(output_file).write_bytes(self.answer(url))


def whole(url: str) -> bytes:
    """Answer with the whole file."""
    return gzip.compress(CONTENTS[Path(url).stem])


def down(url: str) -> bytes:
    """Answer as a machine without a network does."""
    raise ConnectionError(f"cannot reach {url}")


def test_mnist_itself(mnist: data.Digits) -> None:
    assert mnist.train_images.shape == (60_000, 28, 28)
    assert mnist.test_images.shape == (10_000, 28, 28)
    assert mnist.train_labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    inputs = mnist.test_inputs()
    assert inputs.shape == (10_000, 784)
    assert inputs.dtype == np.float64
    assert (inputs.min(), inputs.max()) == (0.0, 1.0)


def test_a_folder_of_packed_files(folder: Path) -> None:
    digits = data.load_mnist()
    assert digits.train_images.tolist() == np.arange(24).reshape(6, 2, 2).tolist()
    assert digits.test_labels.tolist() == [0, 1, 2]


def test_a_folder_of_unpacked_files(folder: Path) -> None:
    for name, content in CONTENTS.items():
        (folder / f"{name}.gz").unlink()
        (folder / name).write_bytes(content)
    assert data.load_mnist().train_labels.tolist() == [0, 1, 2, 3, 4, 5]


def test_how_a_file_is_packed_does_not_matter(folder: Path) -> None:
    name = "train-labels-idx1-ubyte"
    (folder / f"{name}.gz").write_bytes(gzip.compress(CONTENTS[name], compresslevel=1, mtime=7))
    assert len(data.load_mnist().train_labels) == 6


def test_a_folder_that_lacks_a_file(folder: Path) -> None:
    (folder / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(FileNotFoundError, match=r"t10k-labels-idx1-ubyte.*unset the variable"):
        data.load_digits()


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize(
    ("doctor", "message"),
    [
        (lambda packed: packed[: len(packed) // 2], "truncated"),
        (lambda packed: b"", "SHA-256"),
        (lambda packed: b"<html>404</html>", "not a gzip file"),
        (lambda packed: packed[:-12] + b"\0" * 12, "truncated or not a gzip"),
        (lambda packed: gzip.compress(gzip.decompress(packed)[:-1]), "SHA-256"),
        (lambda packed: gzip.compress(gzip.decompress(packed)[:-1] + b"\xff"), "SHA-256"),
    ],
)
def test_a_damaged_file_is_an_error(
    folder: Path, name: str, doctor: Callable[[bytes], bytes], message: str
) -> None:
    path = folder / f"{name}.gz"
    path.write_bytes(doctor(path.read_bytes()))
    with pytest.raises(data.DamagedDataError, match=message) as caught:
        data.load_digits()
    assert str(path) in str(caught.value)


def test_a_file_is_fetched_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mirrors = Mirrors(whole)
    monkeypatch.setattr(pooch.core, "choose_downloader", lambda *_, **__: mirrors)
    assert not data.cached_mnist()
    first, second = data.load_mnist(), data.load_mnist()
    assert data.cached_mnist()
    assert mirrors.asked == [f"{data.MIRRORS[0]}{name}.gz" for name in CONTENTS]
    np.testing.assert_array_equal(first.train_images, second.train_images)


def test_fetching_from_an_address(small: None, tmp_path: Path) -> None:
    """pooch's own code, from a mirror that is a folder of this machine."""
    name = "t10k-labels-idx1-ubyte"
    (tmp_path / f"{name}.gz").write_bytes(gzip.compress(CONTENTS[name]))

    def copy(url: str, output_file: str, _: Any) -> None:
        Path(output_file).write_bytes(Path(url.removeprefix("file://")).read_bytes())

    content = data.download(name, tmp_path / "cache", [f"file://{tmp_path}/"], copy)
    assert content == CONTENTS[name]
    assert (tmp_path / "cache" / f"{name}.gz").exists()


def test_the_second_mirror_answers_for_the_first(small: None, tmp_path: Path) -> None:
    mirrors = Mirrors(lambda url: whole(url) if "second" in url else down(url))
    name = "t10k-labels-idx1-ubyte"
    content = data.download(name, tmp_path, ["http://first/", "http://second/"], mirrors)
    assert content == CONTENTS[name]
    assert [url.split("/")[2] for url in mirrors.asked] == ["first", "second"]


def test_a_mirror_that_sends_a_damaged_file_is_passed_over(small: None, tmp_path: Path) -> None:
    mirrors = Mirrors(lambda url: whole(url)[: None if "second" in url else 20])
    name = "t10k-images-idx3-ubyte"
    content = data.download(name, tmp_path, ["http://first/", "http://second/"], mirrors)
    assert content == CONTENTS[name]


@pytest.mark.parametrize("other", ["http://down/", "http://second/"])
def test_damaged_from_every_mirror(small: None, tmp_path: Path, other: str) -> None:
    mirrors = Mirrors(lambda url: down(url) if "down" in url else whole(url)[:20])
    with pytest.raises(data.DamagedDataError, match="was not kept"):
        data.download("t10k-images-idx3-ubyte", tmp_path, ["http://first/", other], mirrors)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_in_the_cache_is_an_error(cache: Path) -> None:
    cache.mkdir(parents=True)
    for name, content in CONTENTS.items():
        (cache / f"{name}.gz").write_bytes(gzip.compress(content)[:-9])
    with pytest.raises(data.DamagedDataError, match="delete it and fetch it again"):
        data.load_digits()


def test_with_neither_network_nor_folder_it_goes_on(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pooch.core, "choose_downloader", lambda *_, **__: Mirrors(down))
    said: list[str] = []
    digits = data.load_digits(said.append)
    assert digits.name == "scikit-learn's digits"
    assert len(said) == 1
    assert "cannot be downloaded" in said[0]
    assert "\n" not in said[0]


def test_bundled_digits_are_scaled_to_one() -> None:
    digits = data.bundled_digits()
    inputs = digits.train_inputs(np.float32)
    assert inputs.shape == (1500, 64)
    assert inputs.dtype == np.float32
    assert (inputs.min(), inputs.max()) == (0.0, 1.0)
