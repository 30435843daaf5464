"""Results: bytes and back, to the bit."""

import dataclasses

import numpy as np

from study.lab.train.result import Result

LOSS = np.array([[1.5, np.nan, 0.1], [-0.0, np.inf, 4]], "float32")
RESULT = Result(
    loss=LOSS,
    hits=np.array([[0.5, 0.25, 1.0], [0.0, 1 / 3, 0.0]], "float32"),
    stopped=np.array([2, 3]),
    looks=np.array([1, 3]),
    reads={
        "end test loss": np.array([0.1, np.inf]),
        "look validation error": np.array([[0.5, 0.25], [0.5, np.nan]]),
        "outputs": np.zeros((2, 5, 1), "float32"),
        "probe loss": np.array([1.0, 2.0], "float32"),
    },
    chance=np.array([2.3, 0.9]),
    seconds=1.25,
)


def test_a_result_comes_back_from_its_bytes_to_the_bit():
    again = Result.from_bytes(RESULT.to_bytes())
    assert again.seconds == 1.25
    assert list(again.reads) == list(RESULT.reads)
    pairs = [(each, again.reads[name]) for name, each in RESULT.reads.items()]
    for name in ("loss", "hits", "stopped", "looks", "chance"):
        pairs.append((getattr(RESULT, name), getattr(again, name)))
    for before, after in pairs:
        assert (before.dtype, before.shape) == (after.dtype, after.shape)
        assert before.tobytes() == after.tobytes()


def test_steps_that_change_little_take_little():
    smooth = np.tile(np.linspace(1, 2, 10_000, dtype="float32"), (20, 1))
    large = dataclasses.replace(RESULT, loss=smooth, hits=np.round(smooth))
    content = large.to_bytes()
    assert len(content) < smooth.nbytes / 4
    assert Result.from_bytes(content).loss.tobytes() == smooth.tobytes()


def test_results_are_joined_run_after_run_in_the_order_asked_for():
    other = dataclasses.replace(
        RESULT,
        loss=np.array([[5, 6, 7]], "float32"),
        hits=np.zeros((1, 3), "float32"),
        stopped=np.array([9]),
        reads={name: each[:1] + 1 for name, each in RESULT.reads.items()},
    )
    joined = Result.joined([RESULT, other], [0, 2, 1], seconds=9.0)
    assert joined.loss[1].tolist() == [5, 6, 7]
    assert joined.loss[2].tobytes() == LOSS[1].tobytes()
    assert joined.stopped.tolist() == [2, 9, 3]
    assert joined.reads["end test loss"].tolist() == [0.1, 1.1, np.inf]
    assert joined.reads["outputs"][:, 0, 0].tolist() == [0, 1, 0]
    assert joined.looks.tolist() == RESULT.looks.tolist()
    assert joined.seconds == 9
