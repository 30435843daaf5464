"""Batch normalization: networks are as they are named, and probes count."""

import keras
import numpy as np
import pytest
from modules import module

from study.lab.data import Draws
from study.lab.declare.measures import History
from study.lab.judge import judge_all
from study.layers import BatchNormalization
from study.theory.gradient_flow import cross_entropy_error


def finding_of(name):
    return module(f"batch_normalization_{name}")


def test_a_fall_is_lost_and_a_rise_is_not():
    finding = finding_of("gradient_flow")
    random = np.random.default_rng(0)
    inputs, error = random.random((20, 6)), cross_entropy_error(np.arange(20) % 10, 10)
    shapes = [(6, 40), *[(40, 40)] * 9, (40, 10)]
    for scale, falls in ((0.01, True), (30.0, False)):
        kernels = [random.normal(0, scale, shape) for shape in shapes]
        rows = list(finding.by_depth(inputs, error, kernels, "ReLU", None))
        assert [row["depth"] for row in rows] == list(finding.DEPTHS)
        last = rows[-1]
        assert (last["change"] < 0) == falls
        assert last["lost"] == (last["drift"] if falls else 0)
        assert last["kept"] == 0


def test_the_mean_error_is_the_area_over_the_accuracy():
    finding = finding_of("initial_scale")
    loss = np.array([[1.0, 1.0, 1.0, 1.0], [1.0, np.nan, 1.0, 1.0]])
    hits = np.array([[0.0, 0.5, 0.5, 1.0], [1.0, 1.0, 1.0, 1.0]])
    history = History(
        loss=loss, hits=hits, evaluations={}, chance_loss=2.3, chance_error=0.8
    )
    # the second diverges at its second step and counts as chance from there on
    np.testing.assert_allclose(finding.MeanError().read(history), [50.0, 60.0])


def test_the_sixteen_scales_are_even_steps_from_1_to_a_ten_thousandth():
    stds = finding_of("initial_scale").STDS
    steps = np.diff(np.log10(stds))
    assert len(stds) == 16
    assert (stds[0], stds[-1]) == (1.0, 0.0001)
    np.testing.assert_allclose(steps, -4 / 15, atol=0.01)


def identity():
    """Return a network that names the largest of three inputs."""
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3)])
    model.layers[0].set_weights([np.eye(3), np.zeros(3)])
    return model


def test_a_network_trains_if_less_than_a_tenth_is_wrong():
    trains = finding_of("learning_rate").trains
    x = np.eye(3, dtype="float32")[np.arange(30) % 3]
    y = np.arange(30) % 3
    assert float(trains(identity(), x, y)) == 1
    wrong = np.where(np.arange(30) < 3, (y + 1) % 3, y)  # a tenth
    assert float(trains(identity(), x, wrong)) == 0


def test_moments_are_gathered_or_those_of_the_images_at_hand():
    finding = finding_of("batch_size")
    normalization = BatchNormalization(epsilon=0.0)
    model = keras.Sequential([keras.Input((2,)), normalization])
    # class 0 is the larger input; the second one has a mean of 10
    x = np.array([[1.0, 9.0], [-1.0, 11.0], [1.0, 9.0], [-1.0, 11.0]], "float32")
    y = np.array([0, 1, 0, 1])
    assert float(finding.by_gathered(model, x, y)) == 50
    assert float(finding.by_all(model, x, y)) == 0
    assert float(finding.serves(model, x, y)) == 0
    # reading by the moments of images changes none of those gathered
    np.testing.assert_array_equal(np.asarray(normalization.moving_mean), 0)
    normalization.moving_mean.assign([0.0, 10.0])
    assert float(finding.serves(model, x, y)) == 1


@pytest.mark.parametrize(
    ("placement", "order"),
    [
        ("none", ["Dense", "Activation"]),
        ("before", ["Dense", "BatchNormalization", "Activation"]),
        ("after", ["Dense", "Activation", "BatchNormalization"]),
    ],
)
def test_normalization_stands_where_its_placement_says(placement, order):
    model = finding_of("placement").model(placement, "relu")
    found = [type(each).__name__ for each in model.layers]
    assert found == [*order * 3, "Dense"]


def test_the_input_layer_is_normalized_and_not_it_alone():
    finding = finding_of("formula")
    tables = finding.run(Draws("draft"), replicates=1)
    judged = {x.id: y for x, y in judge_all(finding.EXPERIMENT, tables)}
    assert judged["d1-07"].word == "depends"
    assert judged["d1-07"].reason == (
        "the input layer: exact; the input layer alone: refuted"
    )
    assert {y.word for id, y in judged.items() if id != "d1-07"} == {"exact"}
