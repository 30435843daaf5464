"""Results: bytes and back, to the bit."""

import dataclasses

import numpy as np
import pytest

from study.lab.engine.result import Result

RESULT = Result(
    measures={"final_loss": np.array([0.1, np.inf]), "steps": np.array([3.0, 9.0])},
    diverged=np.array([0, 7]),
    steps=np.array([5, 10, 11]),
    curves=np.array([[1.5, np.nan, 0.1], [2, 3, 4]], "float32"),
    outputs=np.zeros((2, 5, 1), "float32"),
    watched={"validation": np.array([[0.5, 0.25], [0.5, np.nan]])},
    looks=np.array([5, 11]),
    seconds=1.25,
)


def test_a_result_comes_back_from_its_bytes_to_the_bit():
    again = Result.from_bytes(RESULT.to_bytes())
    assert list(again.measures) == ["final_loss", "steps"]
    assert again.seconds == 1.25
    pairs = [(RESULT.measures[name], again.measures[name]) for name in RESULT.measures]
    pairs.append((RESULT.watched["validation"], again.watched["validation"]))
    for name in ("diverged", "steps", "curves", "outputs", "looks"):
        pairs.append((getattr(RESULT, name), getattr(again, name)))
    for before, after in pairs:
        assert (before.dtype, before.shape) == (after.dtype, after.shape)
        assert before.tobytes() == after.tobytes()


def test_results_are_joined_run_after_run_in_the_order_asked_for():
    other = dataclasses.replace(
        RESULT,
        measures={"final_loss": np.array([8.0]), "steps": np.array([4.0])},
        diverged=np.array([3]),
        curves=np.array([[5, 6, 7]], "float32"),
        outputs=np.ones((1, 5, 1), "float32"),
        watched={"validation": np.array([[0.75, 0.5]])},
    )
    joined = Result.joined([RESULT, other], [0, 2, 1], seconds=9.0)
    assert joined.measures["final_loss"].tolist() == [0.1, 8, np.inf]
    assert joined.measures["steps"].tolist() == [3, 4, 9]
    assert joined.diverged.tolist() == [0, 3, 7]
    assert joined.curves[1:].tolist() == [[5, 6, 7], [2, 3, 4]]
    assert joined.outputs[:, 0, 0].tolist() == [0, 1, 0]
    assert joined.watched["validation"][1].tolist() == [0.75, 0.5]
    assert joined.steps.tolist() == RESULT.steps.tolist()
    assert joined.looks.tolist() == RESULT.looks.tolist()
    assert joined.seconds == 9


def test_a_measure_may_have_the_name_of_a_field():
    named = dataclasses.replace(RESULT, measures={"curves": np.array([8.0, 9.0])})
    again = Result.from_bytes(named.to_bytes())
    assert again.measures["curves"].tolist() == [8, 9]
    assert again.curves.shape == (2, 3)


def test_objects_that_would_need_pickle_are_refused():
    objects = dataclasses.replace(RESULT, outputs=np.array([{}, None]))
    with pytest.raises(ValueError, match="allow_pickle"):
        objects.to_bytes()
