"""Arrays that programs take over as they are."""

import keras
import numpy as np
import pytest

from study.lab.train import aligned


@pytest.mark.parametrize("dtype", ["float32", "uint8", "int64"])
@pytest.mark.parametrize("shape", [(3, 5), (0, 4), ()])
def test_an_empty_array_holds_zeros_and_is_taken_as_it_is(shape, dtype):
    made = aligned.empty(shape, dtype)
    assert (made.shape, made.dtype) == (shape, dtype)
    assert not made.any()
    assert aligned.is_so(made)
    made[...] = 1
    assert made.all()


def test_what_begins_between_or_has_gaps_or_is_read_only_is_not_taken():
    made = aligned.empty((8, 16), "float32")
    locked = made.view()
    locked.flags.writeable = False
    for other in (made[:, 1:], made[:, ::2], made.T, made.reshape(-1)[1:], locked):
        assert not aligned.is_so(other)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="its adapter")
def test_a_large_array_is_taken_without_a_copy_and_any_other_is_right():
    from study.lab.train.tensorflow import LARGE, _tensor

    large = aligned.empty((LARGE // 4,), "float32")
    large[:] = np.arange(len(large))
    assert _address(_tensor(large)) == large.ctypes.data
    odd = np.arange(len(large) + 1, dtype="float32")[1:]
    read_only = large.copy()
    read_only.flags.writeable = False
    for array in (odd, odd[::-1], read_only, odd[:7], np.float32(3)):
        np.testing.assert_array_equal(_tensor(array).numpy(), array)


def _address(tensor):
    return np.from_dlpack(tensor).ctypes.data
