"""Polynomials and ridge: values by hand, Keras's weight decay, and monotony."""

import keras
import numpy as np
import pytest
from compiling import JITS

from study.regularizers import L2
from study.theory.polynomials import (
    closed_form,
    decayed,
    features,
    fitted,
    least_squares,
    noisy_sine,
    objective,
    ridge,
    ridge_errors,
    slope,
)


def sample(seed, n=15):
    x = np.linspace(0, 1, n)
    return x, noisy_sine(np.random.default_rng(seed), x, 0.3)


@pytest.fixture
def problem():
    x, y = sample(0)
    return features(x, 3), y


def test_features_are_powers_from_0_on():
    np.testing.assert_array_equal(
        features(np.array([2.0, 3.0]), 3), [[1, 2, 4, 8], [1, 3, 9, 27]]
    )


@pytest.mark.parametrize("solver", [ridge, closed_form, decayed])
def test_one_feature_is_solved_as_by_hand(solver):
    # (1·2 + 2·3) / (1 + 4 + 3) = 1
    phi, y = np.array([[1.0], [2.0]]), np.array([2.0, 3.0])
    assert solver(phi, y, 3.0) == pytest.approx(1.0)


def test_the_objective_is_the_sum_of_squares_and_the_penalty():
    phi, y = np.array([[1.0], [2.0]]), np.array([2.0, 3.0])
    assert objective(np.array([1.0]), phi, y, 3.0) == 1 + 1 + 3
    found = slope(np.array([2.0]), phi, y, 3.0)
    assert found == pytest.approx(2 * (2 - 2) + 2 * 2 * (4 - 3) + 2 * 3 * 2)


def test_any_other_theta_costs_more(problem):
    best = closed_form(*problem, 0.1)
    least = objective(best, *problem, 0.1)
    for step in np.random.default_rng(0).normal(0, 0.1, (100, len(best))):
        assert objective(best + step, *problem, 0.1) > least


def test_one_doubling_is_two_steps_of_weight_decay(problem):
    phi, y = problem
    rate = 1 / (np.linalg.eigvalsh(2 * phi.T @ phi)[-1] + 2 * 0.1)
    theta = np.zeros(4)
    for _ in range(2):
        decay = (1 - 2 * rate * 0.1) * theta
        theta = decay - 2 * rate * phi.T @ (phi @ theta - y)
    np.testing.assert_allclose(decayed(phi, y, 0.1, 1), theta, rtol=1e-12)


def test_a_step_of_keras_with_the_component_stays_at_the_solution(problem):
    phi, y = problem
    theta = closed_form(phi, y, 0.5)
    # n · mean((φθ - y)²) + λ‖θ‖²: the component halves its strength, 2 λ / n
    layer = keras.layers.Dense(
        1, use_bias=False, kernel_regularizer=L2(2 * 0.5 / len(y))
    )
    model = keras.Sequential([keras.Input((4,)), layer])
    model.set_weights([theta[:, None]])
    model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=JITS)
    model.train_on_batch(phi, y[:, None])
    np.testing.assert_allclose(model.get_weights()[0][:, 0], theta, atol=1e-5)
    model.set_weights([1.1 * theta[:, None]])
    model.train_on_batch(phi, y[:, None])
    assert abs(model.get_weights()[0][:, 0] - 1.1 * theta).max() > 1e-3


def test_more_penalty_never_enlarges_coefficients_or_improves_the_fit():
    for seed in range(5):
        x, y = sample(seed)
        phi = features(x, 14)
        fits = [ridge(phi, y, 10.0**power) for power in range(-10, 3)]
        assert (np.diff([np.linalg.norm(each) for each in fits]) < 0).all()
        assert (np.diff([((phi @ each - y) ** 2).sum() for each in fits]) > 0).all()


def test_three_other_ways_lead_to_the_closed_form(problem):
    found = dict(ridge_errors(*problem, 0.1))
    assert [*found] == ["gradient", "least squares", "weight decay"]
    assert 0 < max(found.values()) < 1e-9


def test_without_a_ridge_the_residuals_lie_across_all_features(problem):
    phi, y = problem
    np.testing.assert_allclose(phi.T @ (phi @ least_squares(phi, y) - y), 0, atol=1e-12)


def test_the_noise_has_the_deviation_that_is_told():
    x = np.linspace(0, 1, 100_000)
    noise = noisy_sine(np.random.default_rng(0), x, 0.3) - np.sin(2 * np.pi * x)
    assert noise.std() == pytest.approx(0.3, rel=5 / np.sqrt(2 * len(x)))


def test_a_polynomial_with_as_many_coefficients_as_points_meets_them():
    x, y = sample(0)
    found = fitted(np.random.default_rng(1), x, y, 14, 0.0, 0.3)
    assert found["train"] < 1e-12
    assert found["misfit"] == pytest.approx(np.log10(15 * found["train"]))


def test_the_right_polynomial_errs_on_other_points_by_about_the_noise():
    x, y = sample(0, n=300)
    found = fitted(np.random.default_rng(1), x, y, 5, 0.0, 0.3)
    # the mean of 1,000 squares of deviation 0.3 has a relative deviation of 0.045
    assert 10 ** found["test"] == pytest.approx(0.09, rel=5 * 0.045)
    shrunk = fitted(np.random.default_rng(1), x, y, 5, 1e3, 0.3)
    assert shrunk["norm"] < found["norm"]
