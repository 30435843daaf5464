"""HalfSquaredError: values and gradients by hand, its Keras twin, shapes, saving."""

import keras
import numpy as np
import pytest
from autodiff import value_and_gradient
from twins import assert_equal_training, train

from study.losses import HalfSquaredError

RNG = np.random.default_rng(6)
TRUTH, OUTPUTS = RNG.normal(size=(2, 7, 3)).astype("float32")


def test_it_is_half_the_sum_over_outputs_and_the_mean_over_the_batch():
    truth = np.asarray([[0.0, 1.0, 0.0], [1.0, 1.0, 1.0]])
    outputs = np.asarray([[3.0, 1.0, 4.0], [1.0, 0.0, 1.0]])
    assert float(HalfSquaredError()(truth, outputs)) == (12.5 + 0.5) / 2
    assert float(HalfSquaredError(reduction="sum")(truth, outputs)) == 13
    values = HalfSquaredError(reduction=None)(truth, outputs)
    assert [float(each) for each in values] == [12.5, 0.5]


def test_the_gradient_of_an_output_is_its_error_over_the_batch():
    _, gradient = value_and_gradient(
        lambda outputs: HalfSquaredError()(TRUTH, outputs), OUTPUTS, "float32"
    )
    np.testing.assert_allclose(gradient, (OUTPUTS - TRUTH) / 7, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("outputs", [1, 2, 3])
def test_it_is_half_the_number_of_outputs_times_the_mean_squared_error(outputs):
    truth, predicted = TRUTH[:, :outputs], OUTPUTS[:, :outputs]
    theirs = float(keras.losses.MeanSquaredError()(truth, predicted))
    ours = float(HalfSquaredError()(truth, predicted))
    assert ours == pytest.approx(outputs / 2 * theirs, rel=1e-6)


def test_with_two_outputs_training_is_that_of_the_mean_squared_error():
    assert_equal_training(
        train(loss=HalfSquaredError(), outputs=2),
        train(loss="mean_squared_error", outputs=2),
    )


def test_weights_of_examples_weigh_their_errors():
    weights = np.asarray([0, 1, 2, 0, 1, 0, 3], "float32")
    each = ((TRUTH - OUTPUTS) ** 2).sum(1) / 2
    loss = float(HalfSquaredError()(TRUTH, OUTPUTS, sample_weight=weights))
    assert loss == pytest.approx((weights * each).sum() / 7, rel=1e-6)


def test_axes_between_batch_and_outputs_count_as_examples():
    truth, outputs = RNG.normal(size=(2, 7, 5, 3))
    loss = float(HalfSquaredError()(truth, outputs))
    assert loss == pytest.approx(((truth - outputs) ** 2).sum(-1).mean() / 2, rel=1e-6)


def test_targets_of_one_output_may_lack_its_axis():
    wanted = ((TRUTH[:, 0] - OUTPUTS[:, 0]) ** 2).mean() / 2
    loss = float(HalfSquaredError()(TRUTH[:, 0], OUTPUTS[:, :1]))
    assert loss == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("columns", [slice(0, 1), slice(0, 2)])
def test_targets_of_another_shape_are_refused_instead_of_broadcast(columns):
    message = r"expected equal shapes\. Received: \(7, [12]\) and \(7, 3\)"
    with pytest.raises(ValueError, match=message):
        HalfSquaredError()(TRUTH[:, columns], OUTPUTS)


def test_targets_of_another_rank_are_refused():
    with pytest.raises(ValueError, match=r"Received: \(7,\) and \(7, 3\)"):
        HalfSquaredError()(TRUTH[:, 0], OUTPUTS)


def test_it_is_computed_in_single_precision_from_half_precision():
    loss = HalfSquaredError()(
        np.zeros((5, 3), "float16"), np.full((5, 3), 3e3, "float16")
    )
    assert float(loss) == pytest.approx(1.5 * 9e6, rel=1e-6)


def test_it_comes_back_from_its_config_as_an_identifier():
    loss = HalfSquaredError(reduction="sum", name="energy", dtype="float64")
    again = keras.losses.get(keras.losses.serialize(loss))
    assert type(again) is HalfSquaredError
    assert (again.reduction, again.name, again.dtype) == ("sum", "energy", "float64")
