"""Under every precision the steps are those of float32, as far as weights hold them."""

import keras
import numpy as np
import pytest
from walks import OURS, PAIRS

from study.constraints import MaxNorm, ProximalL1
from study.optimizers import AdaGrad, Adam, Nadam, RMSProp

every = pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
half = pytest.mark.parametrize(
    ("dtype", "eps"), [("float16", 2**-10), ("bfloat16", 2**-7)]
)


def last(optimizer, dtype, gradients, start=1.0):
    variable = keras.Variable(np.full(len(gradients), start), dtype=dtype)
    for _ in range(5):
        gradient = keras.ops.convert_to_tensor(gradients, dtype)
        optimizer.apply([gradient], [variable])
    assert variable.dtype == dtype
    return keras.ops.convert_to_numpy(keras.ops.cast(variable, "float64"))


@half
@pytest.mark.parametrize("kind", [AdaGrad, Adam, Nadam, RMSProp])
def test_squares_of_small_and_large_gradients_have_room(kind, dtype, eps):
    """In float16 the square of 1e-4 is 0, that of 1,000 infinite; in bfloat16 the
    0.999 of Adam is 1, so that a corrected mean would be divided by 0."""
    gradients = np.array([1e-4, -1e-4, 0.5, 1_000.0, 0.0])
    found = last(kind(0.0625), dtype, gradients)
    expected = last(kind(0.0625), "float32", gradients)
    # Five roundings of weights from 0.5 to 2 by half their spacing, at most `eps`, and
    # gradients rounded once.
    np.testing.assert_allclose(found, expected, atol=5 * eps)
    assert abs(expected - 1)[:4].min() > 0.1
    assert found[4] == 1


@half
@every
def test_every_optimizer_takes_the_steps_of_float32(kind, dtype, eps):
    ours, _ = PAIRS[kind]
    gradients = np.array([0.5, -1.0, 0.25])
    found = last(ours(), dtype, gradients)
    expected = last(ours(), "float32", gradients)
    np.testing.assert_allclose(found, expected, atol=5 * eps)
    assert abs(expected - 1).max() > 10 * eps


# Under mixed_float16 the contract trains every optimizer.
@pytest.mark.slow
@pytest.mark.parametrize("policy", ["float16", "bfloat16", "mixed_bfloat16", "float64"])
@every
def test_a_network_trains_under_every_other_policy(kind, policy):
    layer = keras.layers.Dense(
        2,
        kernel_initializer="ones",
        kernel_constraint=MaxNorm(1.0),
        bias_constraint=ProximalL1(2**-10),
        dtype=policy,
    )
    model = keras.Sequential([keras.Input((3,), dtype="float32"), layer])
    model.compile(PAIRS[kind][0](), "mse", run_eagerly=True)
    x = np.linspace(-1, 1, 18, dtype="float32").reshape(6, 3)
    losses = model.fit(x, x[:, :2], 6, epochs=6, verbose=0).history["loss"]
    assert losses[-1] < 0.9 * losses[0]
    assert layer.kernel.dtype == keras.DTypePolicy(policy).variable_dtype
