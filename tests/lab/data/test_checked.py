"""Arrays that somebody brings: one form for all, and a line for what is wrong."""

import numpy as np
import other_sets
import pytest

from study.lab.data.checked import checked
from study.lab.errors import StudyError


def without(name):
    found = other_sets.arrays()
    del found[name]
    return found


@pytest.mark.parametrize("shape", [(6, 6), (6, 6, 1), (36,)], ids=str)
def test_images_of_one_channel_become_vectors(shape):
    given = other_sets.arrays(shape=shape)
    found = checked("set", given)
    assert found["x_train"].shape == (90, 36)
    assert found["x_test"].dtype == np.uint8
    assert (found["x_test"] == given["x_test"].reshape(30, 36)).all()
    assert found["y_train"].dtype == np.int32


def test_images_of_three_channels_keep_their_shape():
    found = checked("set", other_sets.arrays(shape=(4, 4, 3)))
    assert found["x_train"].shape == (90, 4, 4, 3)


def test_numbers_of_a_floating_type_stay_what_they_are():
    given = other_sets.arrays()
    given |= {f"x_{each}": given[f"x_{each}"] / 7 for each in ("train", "test")}
    found = checked("set", given)
    assert found["x_train"].dtype == np.float32
    np.testing.assert_allclose(found["x_train"][3], given["x_train"][3].reshape(36))


def test_labels_may_stand_in_a_column():
    given = other_sets.arrays()
    column = {"y_train": given["y_train"][:, None].astype(float)}
    found = checked("set", given | column)
    assert (found["y_train"] == given["y_train"]).all()


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        (without("x_test"), ["Received: no x_test", "set some examples apart"]),
        (without("y_train"), ["Received: no y_train", "under that name"]),
        ({"x_test": [], "y_test": []}, ["examples in x_test", "Received: none"]),
        ({"y_train": np.zeros(89)}, ["90 in x_train and 89 in y_train"]),
        ({"y_train": np.full(90, 4)}, ["two classes at least", "all of y_train are 4"]),
        ({"y_train": np.arange(90) / 2}, ["y_train", "whole number", "float64"]),
        ({"y_train": np.arange(90) - 1}, ["y_train", "the least -1"]),
        ({"y_train": np.zeros((90, 3))}, ["y_train", "shape (90, 3)"]),
        ({"x_train": np.zeros(90)}, ["x_train", "(examples, ...)", "shape (90,)"]),
        ({"x_train": np.full((90, 6), "a")}, ["x_train", "Received: <U1"]),
        ({"x_train": np.full((90, 6), np.nan)}, ["finite", "Received: 540"]),
        ({"x_train": np.full((90, 6), 256)}, ["0 to 255", "from 256 to 256"]),
        ({"x_test": np.ones((30, 5, 5), int)}, ["shape (36,)", "bytes of shape (25,)"]),
        ({"x_test": np.ones((30, 6, 6))}, ["bytes of", "Received: of a floating type"]),
        ({"y_train": np.arange(90) * 9}, ["fewer classes", "a label of 801;"]),
    ],
    ids=range(15),
)
def test_what_is_wrong_is_told_in_one_line(change, parts):
    given = change if len(change) == 3 else other_sets.arrays() | change
    with pytest.raises(StudyError) as error:
        checked("a set", given)
    message = str(error.value)
    assert message.startswith("a set: ")
    assert "\n" not in message
    assert all(part in message for part in parts), message
