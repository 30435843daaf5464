"""Make arrays that TensorFlow's programs take over without a copy."""

import math
import mmap

import numpy as np

ALIGNED = 64  # bytes: compiled programs take no array that begins between


def empty(shape: tuple[int, ...], dtype) -> np.ndarray:
    """Return an array of zeros that begins at the start of a page."""
    dtype, count = np.dtype(dtype), math.prod(shape)
    memory = mmap.mmap(-1, max(count * dtype.itemsize, 1))
    return np.frombuffer(memory, dtype, count).reshape(shape)


def is_so(array: np.ndarray) -> bool:
    """Return whether a program takes the array as it is."""
    begins = array.ctypes.data % ALIGNED == 0
    return begins and array.flags.c_contiguous and array.flags.writeable
