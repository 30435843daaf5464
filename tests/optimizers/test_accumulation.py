"""Batches whose gradients are accumulated make one update, constraints included."""

import keras
import numpy as np
import pytest
from feeding import batches
from walks import OURS, PAIRS

from study.constraints import MaxNorm, ProximalL1
from study.optimizers import SGD
from study.schedules import ReciprocalDecay

every = pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
constrained = pytest.mark.parametrize(
    "make", [lambda: ProximalL1(0.03125), lambda: MaxNorm(0.75)], ids=["L1", "norm"]
)
START = np.array([[0.5, -0.25, 0.0625], [0.75, 0.5, -0.0625]])
GRADIENTS = np.random.default_rng(5).normal(size=(6, 2, 3))


def path(optimizer, constraint, gradients):
    """Return the weights after each batch."""
    variable = keras.Variable(START, dtype="float64")
    variable.constraint = constraint
    seen = []
    for each in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(each)], [variable])
        assert variable.constraint is constraint
        seen.append(variable.numpy().copy())
    return seen


@every
@constrained
def test_a_constraint_acts_once_an_update(kind, make):
    ours, _ = PAIRS[kind]
    rounds = path(ours(gradient_accumulation_steps=3), make(), GRADIENTS)
    means = GRADIENTS.reshape(2, 3, 2, 3).mean(axis=1)
    whole = path(ours(), make(), means)
    for batch, update in ((2, 0), (5, 1)):
        # Two updates of some ten roundings, in float64 or what the backend has.
        tolerance = 100 * np.finfo(rounds[0].dtype).eps
        np.testing.assert_allclose(
            rounds[batch], whole[update], rtol=tolerance, atol=tolerance
        )
    assert (rounds[0] == START).all()  # which one of the norms is above
    assert (rounds[3] == rounds[2]).all()
    assert (rounds[4] == rounds[2]).all()
    free = path(ours(), None, means)
    assert abs(free[-1] - whole[-1]).max() > 1e-3  # the constraint acts


@pytest.mark.parametrize("eager", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_fit_on_thirds_of_the_batches_trains_as_on_the_batches(eager):
    x = np.random.default_rng(0).normal(size=(24, 4)).astype("float32")

    def train(batch, **options):
        keras.utils.set_random_seed(4)
        layer = keras.layers.Dense(3, kernel_constraint=ProximalL1(0.01))
        model = keras.Sequential([keras.Input((4,)), layer])
        model.compile(SGD(0.1, **options), "mse", run_eagerly=eager)
        model.fit(**batches(x, x[:, :3], batch), epochs=3, verbose=0)
        return layer.kernel.numpy()

    whole = train(12)
    # Six updates in float32.
    thirds = train(4, gradient_accumulation_steps=3)
    np.testing.assert_allclose(thirds, whole, rtol=1e-4, atol=1e-6)


def test_a_constraint_stays_where_an_update_fails():
    class Failing(SGD):
        def update_step(self, *arguments):
            raise RuntimeError

    variable, constraint = keras.Variable([1.0]), MaxNorm(1.0)
    variable.constraint = constraint
    optimizer = Failing(0.1, gradient_accumulation_steps=2)

    def update():
        for _ in range(2):  # JAX takes the step after each batch and drops the first
            optimizer.apply([keras.ops.ones(1)], [variable])

    with pytest.raises(RuntimeError):
        update()
    assert variable.constraint is constraint


def steps(optimizer, batches):
    """Return how far each batch moves a weight whose gradient is 1."""
    variable = keras.Variable([0.0], dtype="float64")
    seen = [0.0]
    for _ in range(batches):
        optimizer.apply([keras.ops.ones((1,), "float64")], [variable])
        seen.append(float(variable.numpy()[0]))
    return -np.diff(seen)


def test_a_schedule_counts_batches_as_beside_the_optimizers_of_keras():
    found = [
        steps(make(ReciprocalDecay(1.0, 1), gradient_accumulation_steps=4), 9)
        for make in (SGD, keras.optimizers.SGD)
    ]
    np.testing.assert_allclose(found[0], [0, 0, 0, 1 / 4, 0, 0, 0, 1 / 8, 0], rtol=1e-6)
    np.testing.assert_allclose(*found, rtol=1e-6)


def test_steps_per_epoch_times_the_batches_makes_a_schedule_of_updates():
    schedule = ReciprocalDecay(0.5, steps_per_epoch=1 * 3)
    found = steps(SGD(schedule, gradient_accumulation_steps=3), 9)
    expected = [0, 0, 1 / 2, 0, 0, 1 / 4, 0, 0, 1 / 6]
    np.testing.assert_allclose(found, expected, rtol=1e-6)
