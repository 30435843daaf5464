"""What the lab knows of losses before anything trains."""

import keras
import pytest
from tiny_study import experiment

from study.lab.data import xor
from study.lab.declare.measures import (
    FinalLoss,
    FirstStepSolved,
    Gap,
    Solved,
    StepsTo,
    TestError,
    TestLoss,
    TrainError,
    ValidationError,
)
from study.lab.errors import DefinitionError
from study.lab.figures import Learning

COUNTING = (TrainError(), ValidationError(), TestError(), StepsTo(5, window=5))
FULL = {"batch_size": None, "data": xor()}


class Own(keras.losses.Loss):
    """Take a distance of one's own."""

    def call(self, y_true, y_pred):
        return keras.ops.abs(y_true - y_pred)[:, 0]


@pytest.mark.parametrize("loss", ["mse", keras.losses.Huber(), Own(), "hinge"])
@pytest.mark.parametrize(
    ("measure", "changes"),
    [(each, {}) for each in COUNTING]
    + [(Gap(), {}), (Solved(), FULL), (FirstStepSolved(), FULL)],
    ids=lambda each: getattr(each, "name", ""),
)
def test_an_error_that_cannot_be_counted_is_refused_where_it_is_measured(
    loss, measure, changes
):
    measures = (measure, TrainError()) if measure == Gap() else (measure,)
    with pytest.raises(DefinitionError, match="expected a loss of classes, sparse_cat"):
        experiment(loss=loss, measures=measures, **changes)


def test_a_figure_of_errors_is_refused_with_them():
    fields = {"watch": ("train",), "figures": (Learning(),)}
    experiment(measures=(FinalLoss(),), **fields)
    with pytest.raises(
        DefinitionError, match=r"^figures\[Learning\]: it counts errors"
    ):
        experiment(loss="mse", measures=(FinalLoss(),), **fields)


@pytest.mark.parametrize("loss", ["mse", keras.losses.Huber(), Own(), "poisson"])
def test_losses_themselves_may_be_measured_under_any(loss):
    experiment(loss=loss, measures=(FinalLoss(), TestLoss()))


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("mean_square", "expected a name of Keras's, such as sparse_categorical"),
        (keras.losses.MeanSquaredError, "expected a name of Keras's, or a keras.los"),
        (lambda y, z: y - z, "expected a name of Keras's, or a keras.losses.Loss"),
        (keras.losses.Huber(reduction=None), 'by reduction="sum_over_batch_size" or'),
        (keras.losses.Huber(reduction="none"), "of a loss without reduction `fit` tak"),
    ],
)
def test_what_is_no_loss_of_a_batch_is_refused(loss, expected):
    with pytest.raises(DefinitionError) as error:
        experiment(loss=loss, measures=(FinalLoss(),))
    assert str(error.value).startswith("loss: ")
    assert expected in str(error.value)
    assert "Received: loss=" in str(error.value)
    assert "\n" not in str(error.value)
