"""Labels come back from a file as what they were, or are refused before training."""

import io

import numpy as np
import pandas as pd
import pytest
from tiny_study import experiment

from study.lab.declare import labels
from study.lab.errors import DefinitionError

KEPT = [
    (0, 0.5),
    (1.0, 2),
    (True, False),
    (True, 0.5, "half"),
    ("1", 2),
    ("", "none", "nan"),
    (1e-30, 1e30),
    (-1, 0, 1),
    ("a,b", 'c"d', " e "),
    (float("inf"), 0),
]


@pytest.mark.parametrize("some", KEPT, ids=str)
def test_labels_keep_their_kinds_through_a_file(some):
    written = io.StringIO()
    pd.DataFrame({"x": labels.column(some, some)}).to_csv(written, index=False)
    written.seek(0)
    texts = pd.read_csv(written, dtype=str, keep_default_na=False)["x"]
    found = labels.read(texts, some)
    assert [*map(repr, found)] == [*map(repr, some)]


def test_labels_of_one_kind_stay_a_column_of_numbers():
    assert labels.column([3, 5], (3, 5)).dtype == "int64"
    assert labels.column([0.1], (0.1, 0.5)).dtype == "float64"
    assert labels.column([0, 0], (0, 0.5)).dtype == object


@pytest.mark.parametrize(
    ("some", "received"),
    [
        ((True, 1), "True beside 1"),
        ((0, False), "0 beside False"),
        ((1, "1"), "1 beside '1'"),
        (("0.5", 0.5), "'0.5' beside 0.5"),
        ((1, 1.0), "1 beside 1.0"),
        ((3, 3), "3 beside 3"),
        ((None, 1), "None; give it a name"),
        ((float("nan"),), "nan; give it a name"),
        ((np.int64(3), 3), "3 beside 3"),
        (((1, 2),), "(1, 2); give it a name"),
        (5, "5"),
    ],
    ids=str,
)
@pytest.mark.parametrize("swept", ["vary", "tune"])
def test_labels_that_no_table_tells_apart_are_refused(some, received, swept):
    vary = {"units": (5, 3), "learning_rate": (0.1,)}
    changes = {"vary": vary | {"units": some}}
    if swept == "tune":
        del vary["units"]
        changes = {"vary": vary, "tune": {"units": some}}
    with pytest.raises(DefinitionError) as error:
        experiment(**changes)
    assert str(error.value).startswith(f"{swept}[units]: expected")
    assert f"Received: {received}" in str(error.value)
    assert "\n" not in str(error.value)
