"""Beside its Keras twin every optimizer takes the same steps, whatever the settings."""

import functools

import keras
import numpy as np
import pytest
from walks import OURS, PAIRS, assert_same_path, walk

from study.optimizers import SGD, Nadam

every = pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
# Keras rounds the 0.96 of Nadam's momentum to float32, 2e-8 off.
TOLERANCES = {Nadam: 1e-6}


@functools.cache
def bare(kind, steps):
    """Walk without further arguments, once for all that are compared with it."""
    ours, _ = PAIRS[kind]
    return walk(ours(), steps)


@every
def test_fifty_steps_beside_its_keras_twin(kind):
    ours, twin = PAIRS[kind]
    assert_same_path(walk(ours()), walk(twin()), TOLERANCES.get(kind, 0.0))


@pytest.mark.parametrize(
    "base",
    [
        {"weight_decay": 0.25, "clipnorm": 0.5},
        {"use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 3},
        {"clipvalue": 0.25, "loss_scale_factor": 4.0},
        {"global_clipnorm": 0.5, "gradient_accumulation_steps": 3},
    ],
    ids=lambda base: "-".join(base),
)
@every
@pytest.mark.usual(
    "SGD-weight_decay-clipnorm",
    "AdaDelta-use_ema-ema_momentum-ema_overwrite_frequency",
    "AdaGrad-clipvalue-loss_scale_factor",
    "Adam-global_clipnorm-gradient_accumulation_steps",
    "Momentum-weight_decay-clipnorm",
    "Nadam-use_ema-ema_momentum-ema_overwrite_frequency",
    "Nesterov-clipvalue-loss_scale_factor",
    "RMSProp-global_clipnorm-gradient_accumulation_steps",
)
def test_the_arguments_of_every_optimizer_act_as_in_its_twin(kind, base):
    ours, twin = PAIRS[kind]
    steps = 7  # two rounds of 3 and one more
    path = walk(ours(**base), steps)
    assert_same_path(path, walk(twin(**base), steps), TOLERANCES.get(kind, 0.0))
    assert abs(path - bare(kind, steps)).max() > 1e-3  # the arguments act
    assert {name: ours(**base).get_config()[name] for name in base} == base


@every
def test_an_average_of_the_weights_ends_up_in_the_model_as_with_its_twin(kind):
    averaged = []
    for make in PAIRS[kind]:
        optimizer = make(use_ema=True, ema_momentum=0.5)
        variable = keras.Variable([2.0, -1.0])
        for gradient in (1.0, -3.0, 2.0):
            optimizer.apply([keras.ops.full((2,), gradient)], [variable])
        last = variable.numpy().copy()
        optimizer.finalize_variable_values([variable])
        averaged.append(variable.numpy())
        assert (averaged[-1] != last).all()
    np.testing.assert_allclose(*averaged, rtol=1e-6)  # three steps in float32


@pytest.mark.parametrize(
    "schedule",
    [
        keras.optimizers.schedules.ExponentialDecay(0.125, 2, 0.5),
        keras.optimizers.schedules.PiecewiseConstantDecay([3, 6], [0.125, 0.25, 0.0]),
        lambda: 0.1875,
    ],
    ids=["exponential", "piecewise", "callable"],
)
@every
@pytest.mark.usual(
    "SGD-exponential",
    "AdaDelta-piecewise",
    "AdaGrad-callable",
    "Adam-exponential",
    "Momentum-piecewise",
    "Nadam-callable",
    "Nesterov-exponential",
    "RMSProp-piecewise",
)
def test_schedules_and_callables_act_as_in_its_twin(kind, schedule):
    ours, twin = PAIRS[kind]
    path = walk(ours(learning_rate=schedule), 8)
    expected = walk(twin(learning_rate=schedule), 8)
    assert_same_path(path, expected, TOLERANCES.get(kind, 0.0))
    assert abs(path - walk(ours(), 8)).max() > 1e-3


def test_the_twins_differ_from_one_another():
    """Else the comparisons above would not see a wrong one."""
    paths = {kind: walk(PAIRS[kind][0](), 10) for kind in OURS}
    for kind, path in paths.items():
        others = [
            abs(path - other).max() for each, other in paths.items() if each != kind
        ]
        assert min(others) > 1e-3
    assert abs(paths[SGD] - walk(SGD(0.25), 10)).max() > 1e-3
