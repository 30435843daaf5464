"""Weight decay and few images: formulas by hand, and what is counted as overfitting."""

from pathlib import Path

import keras
import numpy as np
import pytest

from study.lab import registry
from study.lab.measures import History
from study.regularizers import L2

FOLDER = Path(__file__).parents[2] / "experiments"


def names(finding):
    """Return the names of a finding's module."""
    definition = registry.load(FOLDER / f"{finding}.py").definition
    return getattr(definition, "run", getattr(definition, "model", None)).__globals__


@pytest.fixture(scope="module")
def formulas():
    return names("weight_decay_formulas")


@pytest.fixture(scope="module")
def example(formulas):
    random = np.random.default_rng(0)
    x = random.standard_normal((7, formulas["INPUTS"]))
    labels = random.integers(formulas["CLASSES"], size=7)
    shape = (formulas["INPUTS"], formulas["CLASSES"])
    return random.standard_normal(shape), x, labels


def test_the_objective_of_zero_weights_is_that_of_a_guess(formulas, example):
    weights, x, labels = example
    found = formulas["objective"](0 * weights, x, labels)
    assert found == pytest.approx(np.log(formulas["CLASSES"]))


def test_the_penalty_is_half_the_strength_times_the_squares(formulas, example):
    weights, x, labels = example
    found = formulas["objective"](weights, x, labels)
    found -= formulas["mean_error"](weights, x, labels)
    assert found == pytest.approx(formulas["STRENGTH"] / 2 * (weights**2).sum())


def test_the_update_goes_down_the_objective(formulas, example):
    weights, x, labels = example
    slope = np.empty_like(weights)
    for place in np.ndindex(weights.shape):
        ends = []
        for move in (1e-5, -1e-5):
            moved = weights.copy()
            moved[place] += move
            ends.append(formulas["objective"](moved, x, labels))
        slope[place] = (ends[0] - ends[1]) / 2e-5
    first = formulas["updated"](weights, x, labels)[0]
    np.testing.assert_allclose(first, weights - formulas["RATE"] * slope, atol=1e-9)


def test_a_regularizer_without_the_half_is_not_exact(formulas, example):
    loss, printed = formulas["loss"], formulas["objective"](*example)
    ours = loss(*example, L2(formulas["STRENGTH"]))
    twice = loss(*example, keras.regularizers.L2(formulas["STRENGTH"]))
    assert ours == pytest.approx(printed, abs=formulas["TOLERANCE"])
    assert abs(twice - printed) > 1e6 * formulas["TOLERANCE"]


def history(train, test):
    """Return what two runs leave that end at these errors, as shares."""
    errors = {"train": train, "test": test}
    return History(
        loss=np.ones((2, 3)),
        hits=np.ones((2, 3)),
        evaluations={name: {"error": np.array(each)} for name, each in errors.items()},
        chance_loss=2.3,
        chance_error=0.9,
    )


def test_errors_are_far_apart_beyond_half_the_distance_of_the_source():
    found = names("weight_decay_on_few_images")["FarApart"]()
    np.testing.assert_array_equal(
        found.read(history([0.0, 0.1], [0.13, 0.22])), [1.0, 0.0]
    )


@pytest.mark.parametrize(
    ("train", "test", "expected"),
    [(0.005, 0.16, 1.0), (0.02, 0.16, 0.0), (0.005, 0.14, 0.0)],
)
def test_the_symptom_is_a_learned_training_set_and_a_failed_test(train, test, expected):
    found = names("overfitting_on_few_images")["Symptom"]()
    assert found.read(history([train] * 2, [test] * 2))[0] == expected


def test_every_layer_decays_by_the_strength_and_the_norm_is_that_of_all():
    finding = names("weight_decay_on_few_images")
    model = finding["model"](0.5)
    squares = [float((np.asarray(each.kernel) ** 2).sum()) for each in model.layers]
    assert len(squares) == 7
    assert float(sum(model.losses)) == pytest.approx(0.25 * sum(squares), rel=1e-5)
    norm = float(finding["weight_norm"](model, None, None))
    assert norm == pytest.approx(np.sqrt(sum(squares)), rel=1e-5)
