"""A checkpoint as bytes is the checkpoint."""

import ml_dtypes
import numpy as np
import pytest

from study.lab.train.checkpoint import Checkpoint, flat, nested, step

pytestmark = pytest.mark.usefixtures("stacked")

ARRAYS = {
    "state 0 0": np.arange(6, dtype="float32").reshape(2, 3) / 7,
    "a half": np.array([[1.5, -2.0]], ml_dtypes.bfloat16),
    "seeds": np.array([[1, 2**32 - 1]], "uint32"),
    "counts": np.array([-1, 2**62], "int64"),
    "flags": np.array([True, False]),
    "no number": np.array([np.nan, -0.0, np.inf]),
    "transposed": np.arange(6.0).reshape(2, 3).T,
    "none": np.zeros((0, 3), "float32"),
    "a number": np.array(3.25),
}


def bits(arrays):
    return [
        (name, each.dtype, each.shape, each.tobytes()) for name, each in arrays.items()
    ]


@pytest.mark.parametrize("results", [(), (b"", b"line\n\0", b"x")])
@pytest.mark.parametrize("arrays", [ARRAYS, {}])
def test_what_is_written_is_read_to_the_bit_and_may_be_written_to(results, arrays):
    content = Checkpoint(12.5, 0.1, results, arrays).to_bytes()
    found = Checkpoint.from_bytes(content)
    assert (found.step, found.seconds, found.results) == (12.5, 0.1, results)
    assert bits(found.arrays) == bits(arrays)
    assert all(each.flags.writeable for each in found.arrays.values())
    assert step(content) == 12.5


def test_a_state_is_named_by_place_and_put_together_again():
    state = tuple(
        [np.full((2, count), count) for count in range(1, most + 1)]
        for most in (11, 0, 2, 0)
    )
    arrays = flat("state", state, np.asarray) | {"state_of 0 0": np.zeros(1)}
    content = Checkpoint(arrays=arrays).to_bytes()
    found = nested("state", Checkpoint.from_bytes(content).arrays)
    assert [[each.shape for each in part] for part in found] == [
        [each.shape for each in part] for part in state
    ]
    assert nested("best", arrays) == ([], [], [], [])
