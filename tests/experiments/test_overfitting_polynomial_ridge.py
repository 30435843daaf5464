"""Polynomials and ridge: values by hand, Keras's weight decay, and monotony."""

from pathlib import Path

import keras
import numpy as np
import pytest

from study.lab import registry
from study.regularizers import L2

FILE = Path(__file__).parents[2] / "experiments" / "overfitting_polynomial_ridge.py"


@pytest.fixture(scope="module")
def finding():
    """Return the module's names."""
    return registry.load(FILE).definition.run.__globals__


@pytest.fixture
def problem(finding):
    x, y = finding["sample"](np.random.default_rng(0), 15)
    return finding["features"](x, 3), y


def test_features_are_powers_from_0_on(finding):
    np.testing.assert_array_equal(
        finding["features"](np.array([2.0, 3.0]), 3), [[1, 2, 4, 8], [1, 3, 9, 27]]
    )


@pytest.mark.parametrize("solver", ["ridge", "closed_form", "decayed"])
def test_one_feature_is_solved_as_by_hand(finding, solver):
    # (1·2 + 2·3) / (1 + 4 + 3) = 1
    phi, y = np.array([[1.0], [2.0]]), np.array([2.0, 3.0])
    assert finding[solver](phi, y, 3.0) == pytest.approx(1.0)


def test_the_objective_is_the_sum_of_squares_and_the_penalty(finding):
    phi, y = np.array([[1.0], [2.0]]), np.array([2.0, 3.0])
    assert finding["objective"](np.array([1.0]), phi, y, 3.0) == 1 + 1 + 3
    slope = finding["central_differences"](np.array([2.0]), phi, y, 3.0)
    assert slope == pytest.approx(2 * (2 - 2) + 2 * 2 * (4 - 3) + 2 * 3 * 2)


def test_any_other_theta_costs_more(finding, problem):
    best = finding["closed_form"](*problem, 0.1)
    least = finding["objective"](best, *problem, 0.1)
    for step in np.random.default_rng(0).normal(0, 0.1, (100, len(best))):
        assert finding["objective"](best + step, *problem, 0.1) > least


def test_one_doubling_is_two_steps_of_weight_decay(finding, problem):
    phi, y = problem
    rate = 1 / (np.linalg.eigvalsh(2 * phi.T @ phi)[-1] + 2 * 0.1)
    theta = np.zeros(4)
    for _ in range(2):
        decay = (1 - 2 * rate * 0.1) * theta
        theta = decay - 2 * rate * phi.T @ (phi @ theta - y)
    np.testing.assert_allclose(finding["decayed"](phi, y, 0.1, 1), theta, rtol=1e-12)


def test_a_step_of_keras_with_the_component_stays_at_the_solution(finding, problem):
    phi, y = problem
    theta = finding["closed_form"](phi, y, 0.5)
    # n · mean((φθ - y)²) + λ‖θ‖²: the component halves its strength, 2 λ / n
    layer = keras.layers.Dense(
        1, use_bias=False, kernel_regularizer=L2(2 * 0.5 / len(y))
    )
    model = keras.Sequential([keras.Input((4,)), layer])
    model.set_weights([theta[:, None]])
    model.compile(keras.optimizers.SGD(0.1), "mean_squared_error")
    model.train_on_batch(phi, y[:, None])
    np.testing.assert_allclose(model.get_weights()[0][:, 0], theta, atol=1e-5)
    model.set_weights([1.1 * theta[:, None]])
    model.train_on_batch(phi, y[:, None])
    assert abs(model.get_weights()[0][:, 0] - 1.1 * theta).max() > 1e-3


def test_more_penalty_never_enlarges_coefficients_or_improves_the_fit(finding):
    for seed in range(5):
        x, y = finding["sample"](np.random.default_rng(seed), 15)
        phi = finding["features"](x, 14)
        fits = [finding["ridge"](phi, y, 10.0**p) for p in finding["POWERS"]]
        assert (np.diff([np.linalg.norm(each) for each in fits]) < 0).all()
        assert (np.diff([((phi @ each - y) ** 2).sum() for each in fits]) > 0).all()


def test_a_polynomial_with_as_many_coefficients_as_points_meets_them(finding):
    found = finding["fitted"](np.random.default_rng(0), 15, 14, 0.0)
    assert found["train"] < 1e-12
    assert found["misfit"] == pytest.approx(np.log10(15 * found["train"]))
