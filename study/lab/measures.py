"""Read numbers off a stack of finished runs: one number a run.

A run that diverged counts as chance level from its divergence on, and a step count
it never reached is censored at the budget: no run is dropped.
"""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, kw_only=True)
class History:
    """What training leaves behind for the measures; arrays have one row a run.

    Args:
        loss: Training loss of each step's batch before the update, (runs, steps).
        hits: Share of each step's batch predicted correctly, (runs, steps).
        evaluations: Split to its final `{"loss": (runs,), "error": (runs,)}`,
            error as a share.
        chance_loss: Loss of a guess that knows nothing.
        chance_error: Its error, a share.
    """

    loss: np.ndarray
    hits: np.ndarray
    evaluations: dict[str, dict[str, np.ndarray]]
    chance_loss: float
    chance_error: float

    def diverged(self) -> np.ndarray:
        """Return the step (from 1) of the first non-finite loss, or 0 if none."""
        bad = ~np.isfinite(self.loss)
        return np.where(bad.any(axis=1), bad.argmax(axis=1) + 1, 0)

    def sound(self) -> np.ndarray:
        """Mark the steps before a run diverged, (runs, steps)."""
        return np.logical_and.accumulate(np.isfinite(self.loss), axis=1)


@dataclass(frozen=True)
class Column:
    """Name a column that a simulation's table brings, with its unit."""

    name: str
    unit: str = ""
    label: str = ""
    censored: bool = field(default=False, init=False)

    def problem(self, experiment) -> str:
        """Say that an experiment measures training."""
        return "expected a measure of training. Received: a Column, for a Simulation"


class Measure:
    """Base of the measures of training: a name, a unit and `read`."""

    name: str
    label: str
    unit: str = ""
    censored: bool = False
    split: str | None = None

    def read(self, history: History) -> np.ndarray:
        """Return one number a run, shape (runs,)."""
        raise NotImplementedError

    def problem(self, experiment) -> str:
        """Say why this experiment cannot be measured so; empty where it can."""
        return ""


@dataclass(frozen=True)
class FinalLoss(Measure):
    """Training loss at the last step; chance level where the run diverged."""

    name = "final_loss"
    label = "training loss at the last step"

    def read(self, history):
        return _or_chance(history, history.loss[:, -1], history.chance_loss)


@dataclass(frozen=True)
class LossAt(Measure):
    """Mean training loss of the `window` steps that end at `step`."""

    step: int
    window: int = 50

    @property
    def name(self):
        return f"loss_at_{self.step}"

    @property
    def label(self):
        return f"mean training loss of the {self.window} steps up to {self.step:,}"

    def problem(self, experiment):
        if 1 <= self.window <= self.step <= experiment.steps:
            return ""
        return (
            "expected 1 <= window <= step <= the experiment's steps. Received: "
            f"window={self.window}, step={self.step}, steps={experiment.steps}"
        )

    def read(self, history):
        window = history.loss[:, self.step - self.window : self.step]
        sound = history.sound()[:, self.step - 1]
        return np.where(sound, window.mean(axis=1), history.chance_loss)


@dataclass(frozen=True)
class Solved(Measure):
    """1 if every training example is predicted correctly at the last step, else 0.

    It reads the last step's batch, so it needs full-batch training.
    """

    name = "solved"
    label = "solved"

    def problem(self, experiment):
        return _full_batch(experiment)

    def read(self, history):
        return ((history.hits[:, -1] == 1) & (history.diverged() == 0)).astype(float)


@dataclass(frozen=True)
class FirstStepSolved(Measure):
    """First step at which every training example is predicted correctly.

    Censored at the budget: a run that never gets there counts as the last step.
    """

    name = "first_step_solved"
    label = "first step solved"
    unit = "steps"
    censored = True

    def problem(self, experiment):
        return _full_batch(experiment)

    def read(self, history):
        solved = (history.hits == 1) & history.sound()
        first = solved.argmax(axis=1) + 1
        return np.where(solved.any(axis=1), first, solved.shape[1]).astype(float)


@dataclass(frozen=True)
class _SplitError(Measure):
    unit = "%"

    def read(self, history):
        error = history.evaluations[self.split]["error"]
        return 100 * _or_chance(history, error, history.chance_error)


@dataclass(frozen=True)
class TrainError(_SplitError):
    """Share of the training set predicted wrongly after the last step."""

    name = "train_error"
    label = "training error"
    split = "train"


@dataclass(frozen=True)
class ValidationError(_SplitError):
    """Share of the validation set predicted wrongly after the last step."""

    name = "validation_error"
    label = "validation error"
    split = "validation"

    def problem(self, experiment):
        if experiment.data.validation:
            return ""
        return (
            "expected data with validation examples. Received: validation=0; give "
            "some, such as validation=10_000"
        )


@dataclass(frozen=True)
class TestError(_SplitError):
    """Share of the test set predicted wrongly after the last step."""

    __test__ = False  # pytest would collect the name

    name = "test_error"
    label = "test error"
    split = "test"


def _full_batch(experiment):
    if experiment.batch_size is None:
        return ""
    return (
        "it reads the whole training set off one step: expected batch_size=None. "
        f"Received: batch_size={experiment.batch_size}"
    )


def _or_chance(history, values, chance):
    return np.where(history.diverged() == 0, values, chance)
