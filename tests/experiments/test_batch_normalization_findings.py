"""Batch normalization: networks are as they are named, and probes count."""

import keras
import numpy as np
import pytest
from modules import module

from study.lab.data import Draws
from study.lab.declare.measures import History
from study.lab.judge import judge_all
from study.layers import BatchNormalization, Dropout
from study.theory.activations import RELU
from study.theory.gradient_flow import by_depth, cross_entropy_error


def finding_of(name):
    return module(f"batch_normalization_{name}")


def cells(changes):
    """Return rows of one network that differ in depth alone."""
    cell = {"activation": "ReLU", "initializer": "He", "normalization": "none"}
    return [{**cell, "depth": i, "change": x} for i, x in enumerate(changes, start=1)]


@pytest.mark.parametrize(
    ("changes", "unvanished", "unexploded"),
    [
        ((0.0, -0.9, 0.9), (1, 1, 1), (1, 1, 1)),
        ((0.0, -1.1, 0.0), (1, 0, 1), (1, 1, 1)),
        ((0.0, 0.2, 1.1), (1, 1, 1), (1, 1, 0)),
    ],
)
def test_a_gradient_vanishes_or_explodes_by_a_power_of_ten(
    changes, unvanished, unexploded
):
    rows = [*finding_of("gradient_flow").summed(cells(changes))]
    (largest,) = (row for row in rows if row["table"] == "largest")
    assert largest["drift_to_20"] == max(map(abs, changes))
    assert largest["kept_to_20"] == min(*unvanished, *unexploded)
    of_all = [row for row in rows if row["table"] == "all_starts"]
    assert tuple(row["unvanished"] for row in of_all) == unvanished
    assert tuple(row["unexploded"] for row in of_all) == unexploded


def test_one_start_that_vanishes_is_enough():
    good, bad = cells((0.0,)), cells((-3.0,))
    for row in bad:
        row["initializer"] = "std 0.01"
    rows = [*finding_of("gradient_flow").summed(good + bad)]
    (found,) = (row for row in rows if row["table"] == "all_starts")
    assert (found["unvanished"], found["unexploded"]) == (0, 1)


def test_small_weights_shrink_the_gradient_with_depth_and_large_ones_swell_it():
    depths = finding_of("gradient_flow").DEPTHS
    random = np.random.default_rng(0)
    inputs, error = random.random((20, 6)), cross_entropy_error(np.arange(20) % 10, 10)
    shapes = [(6, 40), *[(40, 40)] * (depths[-1] - 1), (40, 10)]
    for scale, falls in ((0.01, True), (30.0, False)):
        kernels = [random.normal(0, scale, shape) for shape in shapes]
        rows = list(by_depth(inputs, kernels, RELU, error, depths))
        assert [row["depth"] for row in rows] == list(depths)
        assert rows[0]["change"] == 0
        assert (rows[-1]["change"] < 0) == falls


def history(**fields):
    """Return the history of runs of four steps, of which the second breaks off."""
    loss = np.array([[1.0, 1.0, 1.0, 1.0], [1.0, np.nan, 1.0, 1.0]])
    given = {"hits": np.zeros_like(loss), "evaluations": {}, "chance_loss": 2.3}
    return History(loss=loss, chance_error=0.8, **given, **fields)


def test_the_mean_error_is_the_area_over_the_accuracy():
    errors = np.array([[1.0, 0.5, 0.5, 0.0], [0.0, 0.0, 0.0, 0.0]])
    seen = history(ends=np.arange(1, 5), watched={"train": {"error": errors}})
    # the second diverges at its second step and counts as chance from there on
    found = finding_of("initial_scale").MeanError().read(seen)
    np.testing.assert_allclose(found, [50.0, 60.0])


def test_a_run_is_as_unsteady_as_its_error_strays_from_its_trend_in_the_end():
    falls, strays = (0.4, 0.3, 0.2, 0.1), (0.2, 0.1, 0.1, 0.2)
    flat = 100 * np.sqrt(4 * 0.05**2 / 2)  # its line is level, at 0.15
    for last, expected in ((falls, 0.0), (strays, flat)):
        errors = np.array([(0.9, 0.1, 0.9, 0.1, *last)] * 2)
        seen = history(watched={"validation": {"error": errors}})
        # the second diverges
        found = finding_of("starts").Unsteady().read(seen)
        np.testing.assert_allclose(found, [expected, 80.0], atol=1e-12)


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
    assert float(finding.cost(model, x, y)) == 50
    # reading by the moments of images changes none of those gathered
    np.testing.assert_array_equal(np.asarray(normalization.moving_mean), 0)
    normalization.moving_mean.assign([0.0, 10.0])
    assert float(finding.cost(model, x, y)) == 0


@pytest.mark.parametrize(
    ("placement", "order"),
    [
        ("none", ["Dense", "Activation"]),
        ("before", ["Dense", "BatchNormalization", "Activation"]),
        ("after", ["Dense", "Activation", "BatchNormalization"]),
    ],
)
def test_normalization_stands_where_its_placement_says(placement, order):
    model = finding_of("placement").model(placement, "relu", (784,), 10)
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
    assert judged["d3-23"].word == "exact (with a condition)"
    assert {judged[id].word for id in finding.CLAIMS} == {"exact"}


@pytest.mark.parametrize("normalization", ["none", "batch"])
@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_normalization_and_dropout_stand_where_they_are_named(normalization, dropout):
    finding = finding_of("as_regularizer")
    layers = finding.model(normalization, dropout, (784,), 10).layers
    normalized = [isinstance(each, BatchNormalization) for each in layers]
    assert sum(normalized) == 2 * (normalization == "batch")
    assert {x.rate for x in layers if isinstance(x, Dropout)} == {dropout}
