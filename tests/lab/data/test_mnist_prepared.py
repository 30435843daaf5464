"""The real MNIST, where it has been prepared."""

import hashlib
import time

import numpy as np
import pytest
import tensorflow_datasets as tfds

from study.lab.data import mnist_files, mnist_sources


@pytest.fixture(scope="module")
def arrays(mnist_directory):
    return mnist_files.arrays(mnist_directory)


def row_digests(images, labels):
    """Return one digest for each example, sorted: equal for equal multisets."""
    return sorted(
        hashlib.sha256(image.tobytes() + bytes([label])).digest()
        for image, label in zip(images, labels, strict=True)
    )


def test_arrays_have_the_shapes_of_mnist(arrays):
    assert {
        name: (array.shape, array.dtype.name) for name, array in arrays.items()
    } == {
        "x_train": ((60_000, 28, 28), "uint8"),
        "y_train": ((60_000,), "uint8"),
        "x_test": ((10_000, 28, 28), "uint8"),
        "y_test": ((10_000,), "uint8"),
    }


def test_arrays_are_the_bytes_of_the_published_files(arrays):
    for file in mnist_sources.FILES:
        header = bytes([0, 0, 8, len(file.shape)])
        header += np.array(file.shape, ">u4").tobytes()
        raw = header + arrays[file.array].tobytes()
        assert hashlib.sha256(raw).hexdigest() == file.sha256, file.name


@pytest.mark.parametrize(
    "split", [pytest.param("train", marks=pytest.mark.slow), "test"]
)
def test_stock_tfds_holds_the_same_multiset_of_examples(split, mnist_directory, arrays):
    loaded = tfds.load(
        "mnist",
        split=split,
        data_dir=mnist_directory,
        download=False,
        batch_size=-1,
        as_supervised=True,
    )
    images, labels = tfds.as_numpy(loaded)
    assert row_digests(images, labels) == row_digests(
        arrays[f"x_{split}"], arrays[f"y_{split}"]
    )


def test_arrays_are_checked_and_ready_in_a_fraction_of_a_second(mnist_directory):
    mnist_files.arrays(mnist_directory)
    start = time.perf_counter()
    mnist_files.arrays(mnist_directory)
    assert time.perf_counter() - start < 1
