"""In the engine's stack every component trains as it trains alone."""

import math

import keras
import numpy as np
import pytest
import test_contract_of_activations as activations
import test_contract_of_constraints as constraints
import test_contract_of_initializers as initializers
import test_contract_of_layers as layers
import test_contract_of_regularizers as regularizers
import test_contract_of_schedules as schedules
from digits_study import experiment, train
from twin import fit_alone

from study import losses

pytestmark = pytest.mark.usefixtures("stacked")

KINDS = {
    "activations": activations.TestActivations(),
    "constraints": constraints.TestConstraints(),
    "initializers": initializers.TestInitializers(),
    "layers": layers.TestLayers(),
    "regularizers": regularizers.TestRegularizers(),
}
SCHEDULES = schedules.TestSchedules()
# Float32 carries 6e-8, and 6 steps of training make less than 1e-5 of it; a component
# that draws, clips or counts otherwise shows at 1e-3.
STEPS, TOLERANCE = 6, 2e-5


def network(kind):
    """Build a branch for every component of a kind; their outputs are summed up."""
    kind = KINDS[kind]
    inputs, ends = keras.Input((64,)), []
    for name in kind.names():
        shape = kind.shapes.get(name, kind.shape)
        x = keras.layers.Dense(math.prod(shape))(inputs)
        x = kind.layer(kind.make(name), name)(keras.layers.Reshape(shape)(x))
        ends.append(keras.layers.Dense(10)(keras.layers.Flatten()(x)))
    return keras.Model(inputs, keras.layers.Softmax()(keras.layers.add(ends)))


def slow_sgd():
    return keras.optimizers.SGD(0.001)


def scheduled(schedule):
    return keras.optimizers.SGD(SCHEDULES.make(schedule))


def assert_equals_its_twin_trained_alone(definition, drawing=False):
    program, result, *_ = train(definition)
    last = len(program.runs) - 1
    alone, _ = fit_alone(definition, *program.runs[last], drawing=drawing)
    np.testing.assert_allclose(result.curves[last], alone, rtol=TOLERANCE)
    assert len(np.unique(result.curves[:, -1])) == len(program.runs) > 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_component_of_a_kind_trains_stacked_as_alone(kind):
    definition = experiment(
        model=network, vary={"kind": (kind,)}, steps=STEPS, evaluations=1
    )
    assert_equals_its_twin_trained_alone(definition, drawing=kind == "layers")


@pytest.mark.slow
@pytest.mark.parametrize("schedule", SCHEDULES.names())
def test_every_schedule_trains_stacked_as_alone(schedule):
    definition = experiment(
        optimizer=scheduled, vary={"schedule": (schedule,)}, steps=33, evaluations=3
    )
    assert_equals_its_twin_trained_alone(definition)


def regression():
    return keras.Sequential([keras.Input((64,)), keras.layers.Dense(1)])


@pytest.mark.parametrize("loss", losses.__all__)
def test_every_loss_trains_stacked_as_alone(loss):
    definition = experiment(
        model=regression,
        loss=getattr(losses, loss)(),
        optimizer=slow_sgd,
        steps=STEPS,
        evaluations=2,
    )
    assert_equals_its_twin_trained_alone(definition)
