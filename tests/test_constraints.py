"""MaxNorm and ProximalL1: projections, exact zeros, Keras twins, saving."""

import keras
import numpy as np
import pytest
from autodiff import numpy
from compiling import JITS
from twins import assert_equal_training, train

from study.constraints import MaxNorm, ProximalL1
from study.regularizers import L1

RNG = np.random.default_rng(2)
W = RNG.normal(size=(5, 7)).astype("float32")


def norms(w, axis=0):
    return np.sqrt((np.asarray(w, "float64") ** 2).sum(axis))


def test_max_norm_moves_long_columns_onto_the_ball_and_leaves_the_others():
    w = np.asarray([[3.0, 0.3, 0.0], [4.0, 0.4, 0.0]], "float32")
    projected = numpy(MaxNorm(1.0)(w))
    np.testing.assert_allclose(projected, [[0.6, 0.3, 0], [0.8, 0.4, 0]], rtol=1e-6)


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_weights_inside_the_ball_come_back_to_the_bit(dtype):
    w = (W / (1.01 * norms(W))).astype(dtype)
    w[:, 3] = 0
    # A norm of exactly the largest one is inside too.
    w[:, 4] = [0, 0, -1, 0, 0]
    projected = keras.ops.convert_to_numpy(MaxNorm(1.0)(w))
    assert projected.dtype == w.dtype
    assert projected.tobytes() == w.tobytes()


@pytest.mark.parametrize("max_value", [1e-3, 0.5, 2.0])
@pytest.mark.parametrize(
    ("shape", "axis"), [((5, 7), 0), ((7, 5), 1), ((3, 2, 5, 7), (0, 1, 2))]
)
def test_the_projection_is_the_nearest_point_of_the_ball(max_value, shape, axis):
    w = RNG.normal(size=shape).astype("float32")
    projected = numpy(MaxNorm(max_value, axis)(w))
    # A point outside is scaled, to a norm of max_value up to some roundings.
    assert (norms(projected, axis) <= max_value * (1 + 5e-7)).all()
    scale = np.minimum(1, max_value / norms(w, axis))
    wanted = w * np.expand_dims(scale, axis)
    np.testing.assert_allclose(projected, wanted, rtol=1e-6)


def test_a_bound_on_the_squared_norm_is_the_bound_of_its_root_on_the_norm():
    projected = numpy(MaxNorm(np.sqrt(1.5))(W))
    squares = (projected**2).sum(0)
    assert (squares <= 1.5 * (1 + 1e-6)).all()
    assert squares[norms(W) ** 2 > 1.5] == pytest.approx(1.5, rel=1e-6)


def test_max_norm_is_the_keras_twin_but_for_its_epsilon():
    # Keras divides by norm + 1e-7, here of norms above 0.5.
    theirs = numpy(keras.constraints.MaxNorm(1.0)(W))
    assert norms(W).min() > 0.5
    np.testing.assert_allclose(numpy(MaxNorm(1.0)(W)), theirs, rtol=1e-6)


def test_max_norm_trains_like_the_keras_twin():
    ours = train(keras.optimizers.SGD(0.2), kernel_constraint=MaxNorm(0.7))
    theirs = keras.constraints.MaxNorm(0.7)
    assert_equal_training(
        ours, train(keras.optimizers.SGD(0.2), kernel_constraint=theirs), rtol=1e-4
    )
    # The bound matters: a column lies on it.
    assert norms(ours[0][0]).max() == pytest.approx(0.7, rel=1e-5)


def test_the_norm_of_half_precision_is_taken_in_single_precision():
    w = np.full((100, 3), 100, "float16")  # the squares sum to 1e6, above 65,504
    np.testing.assert_allclose(numpy(MaxNorm(2.0)(w)), 0.2, rtol=2**-10)


def test_diverged_weights_stay_visible():
    assert np.isnan(numpy(MaxNorm(1.0)(np.asarray([[np.nan], [1.0]])))).any()
    assert np.isnan(numpy(ProximalL1(0.1)(np.asarray([np.nan, 1.0])))).any()


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_the_soft_threshold_is_the_keras_function(dtype):
    w = keras.ops.convert_to_tensor(W, dtype)
    ours, theirs = ProximalL1(0.5)(w), keras.ops.soft_shrink(w, 0.5)
    assert keras.backend.standardize_dtype(ours.dtype) == dtype
    np.testing.assert_allclose(numpy(ours), numpy(theirs), rtol=1e-6)


def test_the_soft_threshold_gives_exact_zeros_up_to_the_amount():
    w = np.asarray([-1.0, -0.25, -0.1, 0.0, 0.25, 0.5], "float32")
    shrunk = numpy(ProximalL1(0.25)(w))
    assert shrunk.tolist() == [-0.75, 0, 0, 0, 0, 0.25]
    assert numpy(ProximalL1(0.0)(w)).tolist() == w.tolist()


def test_the_soft_threshold_minimizes_the_proximal_objective():
    # argmin over v of (v - w)² / 2 + threshold |v|, by search on a fine grid.
    grid = np.linspace(-3, 3, 60_001)
    for w in W.ravel()[:9].astype("float64"):
        cost = (grid - w) ** 2 / 2 + 0.4 * abs(grid)
        found = grid[cost.argmin()]
        assert float(ProximalL1(0.4)(np.float32(w))) == pytest.approx(found, abs=2e-4)


def test_a_threshold_of_rate_times_strength_gives_the_l1_solution_with_exact_zeros():
    # Minimize (v - w)² / 2 + 0.6 |v| on weights, whose solution is the soft threshold.
    rate, strength = 0.1, 0.6
    target = np.asarray([[2.0, -0.5, 0.3, -1.0]], "float32")

    def solve(**kernel):
        model = keras.Sequential(
            [keras.Input((1,)), keras.layers.Dense(4, use_bias=False, **kernel)]
        )
        model.set_weights([np.full((1, 4), 0.9)])
        # The mean of 4 squares: 2 / 4 of the objective's gradient, hence twice a rate.
        optimizer = keras.optimizers.SGD(2 * rate)
        model.compile(optimizer, "mean_squared_error", jit_compile=JITS)
        for _ in range(300):
            model.train_on_batch(np.ones((1, 1)), target)
        return model.get_weights()[0]

    solution = np.sign(target) * np.maximum(abs(target) - strength, 0)
    proximal = solve(kernel_constraint=ProximalL1(rate * strength))
    np.testing.assert_allclose(proximal, solution, atol=1e-5)
    assert (proximal == 0).tolist() == [[False, True, True, False]]
    # The penalty's own gradient comes near, and misses the zeros.
    penalized = solve(kernel_regularizer=L1(strength / 2))
    np.testing.assert_allclose(penalized, solution, atol=2 * rate * strength)
    assert (penalized != 0).all()


@pytest.mark.parametrize(
    ("constraint", "name"),
    [(MaxNorm(1.0), "max_value"), (ProximalL1(1.0), "threshold")],
)
def test_the_bound_is_an_attribute_that_the_call_reads(constraint, name):
    setattr(constraint, name, keras.ops.convert_to_tensor(0.5))
    wanted = type(constraint)(0.5)(W)
    np.testing.assert_allclose(numpy(constraint(W)), numpy(wanted), rtol=1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MaxNorm(0), r"`max_value` .*positive number.*Received: max_value=0"),
        (lambda: MaxNorm(float("nan")), r"`max_value` .*Received: max_value=nan"),
        (lambda: ProximalL1(-0.1), r"`threshold` .*from 0 up.*threshold=-0\.1"),
        (lambda: ProximalL1(float("inf")), r"`threshold` .*finite.*threshold=inf"),
    ],
)
def test_arguments_out_of_range_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("constraint", [MaxNorm(0.5, (0, 1)), ProximalL1(0.25)])
def test_it_comes_back_from_its_config_as_an_identifier(constraint):
    again = keras.constraints.get(keras.constraints.serialize(constraint))
    assert type(again) is type(constraint)
    assert numpy(again(W)).tobytes() == numpy(constraint(W)).tobytes()
