"""Costs: weights are counted that nobody drew, and runs as they are planned."""

import keras
import pytest
from tiny_study import experiment

from study.lab.declare.measures import ValidationError
from study.lab.train import plan
from study.lab.train.cost import alike, cost, planned


def convolution(units, shape, classes):
    return keras.Sequential(
        [
            keras.Input(shape),
            keras.layers.Reshape((8, 8, 1)),
            keras.layers.Conv2D(units, 3),
            keras.layers.BatchNormalization(),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes),
        ]
    )


def cells(experiment):
    return [(each, 1) for each in plan.cells(experiment.vary)]


def test_a_run_costs_its_weights_times_its_examples():
    # 65 * 5 + 6 * 10 weights and 65 * 3 + 4 * 10, each at two rates; 20 steps of 7
    assert cost(experiment(), cells(experiment())) == 2 * (385 + 235) * 20 * 7


def test_a_whole_training_set_is_a_step_where_there_are_no_batches():
    whole = experiment(batch_size=None, vary={"units": (5,)})
    assert cost(whole, cells(whole)) == 385 * 20 * 30


@pytest.mark.parametrize("model", [experiment().model, convolution])
def test_weights_that_nobody_drew_are_as_many_as_those_of_a_network(model):
    cell, single = {"units": 3}, {"batch_size": 1, "steps": 1, "evaluations": 1}
    tiny = experiment(model=model, vary={"units": (3,)}, **single)
    network = plan.network(tiny, cell)
    assert cost(tiny, [(cell, 1)]) == network.count_params()
    assert keras.ops.shape(network(keras.ops.zeros((1, 64)))) == (1, 10)


def test_networks_whose_weights_are_known_are_not_built_again():
    built, plain = [], experiment()

    def model(units):
        built.append(units)
        return plain.model(units)

    counted, known = experiment(model=model), {}
    first = cost(counted, cells(counted), known)
    assert built == [5, 3]
    assert cost(counted, cells(counted), known) == first
    assert built == [5, 3]
    assert first == cost(plain, cells(plain))


def test_what_is_planned_are_seeds_of_each_cell_and_two_of_each_trial():
    tuned = experiment(
        vary={"units": (5, 3)},
        tune={"learning_rate": (0.1, 0.2, 0.4)},
        measures=(ValidationError(),),
    )
    runs = planned(tuned)
    assert [count for _, count in runs] == [2] * 2 + [2] * 6
    assert runs[0] == ({"learning_rate": 0.1, "units": 5}, 2)
    assert {each["learning_rate"] for each, _ in runs[2:]} == {0.1, 0.2, 0.4}
    assert [count for _, count in planned(experiment(replicates=3))] == [3] * 4


def test_experiments_are_alike_where_the_same_labels_build_the_same_networks():
    plain = experiment()
    labels = {"few": 3, "many": 5}
    named, wider = (
        experiment(vary=plain.vary | {"units": labels | more})
        for more in ({}, {"many": 9})
    )
    assert alike(plain, experiment(steps=40))
    assert alike(named, named.at("standard"))
    assert not alike(named, wider)
    assert not alike(plain, experiment(model=convolution))


def test_what_was_not_drawn_is_not_drawn_with_what_is_built_later():
    drawn = []

    class Noted(keras.initializers.Initializer):
        def __call__(self, shape, dtype=None):
            drawn.append(shape)
            return keras.ops.zeros(shape, dtype)

    def model(units):
        layers = [keras.Input((64,)), keras.layers.Dense(units, None, True, Noted())]
        return keras.Sequential(layers)

    plan.undrawn(experiment(model=model), {"units": 3})
    with keras.StatelessScope():
        keras.layers.Dense(2).build((None, 3))
    assert drawn == []
