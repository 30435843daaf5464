"""Read numbers off a stack of finished runs: one number a run.

A run that diverged counts as chance level from its divergence on, and a step count
it never reached is censored at the budget: no run is dropped.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from study.lab.declare.losses import uncounted

# Errors on the training set are of at most so many of its examples.
SEEN = 10_000


def first_broken(loss: np.ndarray) -> np.ndarray:
    """Return the step (from 1) of each run's first non-finite loss, or 0 if none.

    Args:
        loss: Training loss of each step, (runs, steps).
    """
    bad = ~np.isfinite(loss)
    return np.where(bad.any(axis=1), bad.argmax(axis=1) + 1, 0)


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
        watched: Split to `{"loss": (runs, looks), "error": (runs, looks)}`.
        ends: The step of each look.
        stopped: The step at which each run ended, of patience or of steps, (runs,).
        probes: Name of a `Probe` to what it read, (runs,).
    """

    loss: np.ndarray
    hits: np.ndarray
    evaluations: dict[str, dict[str, np.ndarray]]
    chance_loss: float
    chance_error: float
    watched: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)
    ends: np.ndarray | None = None
    stopped: np.ndarray | None = None
    probes: dict[str, np.ndarray] = field(default_factory=dict)

    def diverged(self) -> np.ndarray:
        """Return the step (from 1) of the first non-finite loss, or 0 if none."""
        return first_broken(self.loss)

    def sound(self) -> np.ndarray:
        """Mark the steps before a run diverged, (runs, steps)."""
        return np.logical_and.accumulate(np.isfinite(self.loss), axis=1)


@dataclass(frozen=True)
class Column:
    """Name a column that a simulation's table brings, with its unit.

    A count that stands for "not by then" where it is `never` is censored there.
    """

    name: str
    unit: str = ""
    label: str = ""
    never: float = math.inf

    @property
    def censored(self) -> bool:
        """Return whether it is censored."""
        return math.isfinite(self.never)

    def budget(self, simulation, cell) -> float:
        """Return where it is censored."""
        return self.never

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

    def budget(self, experiment, cell) -> float:
        """Return where it is censored in a cell, in its own unit: at the last step."""
        return experiment.budget(cell)

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
        if not 1 <= self.window <= self.step <= experiment.shortest:
            return (
                "expected 1 <= window <= step <= the experiment's steps. Received: "
                f"window={self.window}, step={self.step}, steps={experiment.shortest}"
            )
        if self.step > experiment.surest:
            return (
                "expected a step that every run takes; out of patience one may end "
                f"after {experiment.surest:,}. Received: step={self.step}; measure "
                "FinalLoss()"
            )
        return ""

    def read(self, history):
        window = history.loss[:, self.step - self.window : self.step]
        sound = history.sound()[:, self.step - 1]
        return np.where(sound, window.mean(axis=1), history.chance_loss)


@dataclass(frozen=True)
class MeanLoss(Measure):
    """Mean training loss of all steps; chance level from a divergence on."""

    name = "mean_loss"
    label = "mean training loss of all steps"

    def read(self, history):
        loss = np.where(history.sound(), history.loss, history.chance_loss)
        return loss.mean(axis=1)


@dataclass(frozen=True)
class StepsTo(Measure):
    """First step at which the training error of the last `window` steps is this low.

    Censored at the budget: a run that never gets there counts as the last step.

    Args:
        error: Training error to reach, in percent.
        window: Steps whose batches are averaged.
    """

    error: float
    window: int = 50
    unit = "steps"
    censored = True

    @property
    def name(self):
        return f"steps_to_{self.error:g}"

    @property
    def label(self):
        return f"first step with {self.error:g} % training error"

    def problem(self, experiment):
        if uncounted(experiment.loss):
            return uncounted(experiment.loss)
        if 0 < self.error < 100 and 1 <= self.window <= experiment.shortest:
            return ""
        return (
            "expected 0 < error < 100 and 1 <= window <= the experiment's steps. "
            f"Received: error={self.error}, window={self.window}, "
            f"steps={experiment.shortest}"
        )

    def read(self, history):
        # Before the first loss that is not finite; a diverged run reaches nothing.
        wrong = np.where(history.sound(), 1 - history.hits, 1.0)
        sums = np.cumsum(wrong, axis=1)
        sums[:, self.window :] -= sums[:, : -self.window].copy()
        low = sums[:, self.window - 1 :] / self.window <= self.error / 100 + 1e-9
        first = low.argmax(axis=1) + self.window
        return np.where(low.any(axis=1), first, wrong.shape[1]).astype(float)


@dataclass(frozen=True)
class Stopped(Measure):
    """Step after which a run ended, out of patience or of steps."""

    name = "stopped"
    label = "last step"
    unit = "steps"

    def read(self, history):
        return history.stopped.astype(float)


@dataclass(frozen=True)
class Probe(Measure):
    """One number that a function reads off each run's network.

    Args:
        name: The measure's name.
        function: Function of (model, x, y) that returns one number, written with
            `keras.ops`; weights hold the run's values when it is called.
        when: `"start"`, before the first step, or `"end"`.
        on: The split whose examples it gets.
        examples: How many of them, at most.
        unit, label: For the pages.
    """

    name: str
    function: Callable
    when: str = "end"
    on: str = "train"
    examples: int = 1_000
    unit: str = ""
    label: str = ""

    @property
    def split(self):
        return "test" if self.on == "test" else None

    def problem(self, experiment):
        if self.when not in ("start", "end"):
            return f"expected when='start' or 'end'. Received: when={self.when!r}"
        splits = ["train", "test"] + ["validation"] * bool(experiment.data.validation)
        if self.on not in splits:
            return f"expected on= one of {splits}. Received: on={self.on!r}"
        return ""

    def read(self, history):
        return np.asarray(history.probes[self.name], "float64")


@dataclass(frozen=True)
class Solved(Measure):
    """1 if every training example is predicted correctly at the last step, else 0.

    It reads the last step's batch, so it needs full-batch training.
    """

    name = "solved"
    label = "solved"

    def problem(self, experiment):
        return _full_batch(experiment) or uncounted(experiment.loss)

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
        return _full_batch(experiment) or uncounted(experiment.loss)

    def read(self, history):
        solved = (history.hits == 1) & history.sound()
        first = solved.argmax(axis=1) + 1
        return np.where(solved.any(axis=1), first, solved.shape[1]).astype(float)


@dataclass(frozen=True)
class _SplitError(Measure):
    unit = "%"

    def problem(self, experiment):
        return uncounted(experiment.loss)

    def read(self, history):
        error = history.evaluations[self.split]["error"]
        return 100 * _or_chance(history, error, history.chance_error)


@dataclass(frozen=True)
class TrainError(_SplitError):
    """Share of the training set, of at most `SEEN`, predicted wrongly at the end."""

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
            return super().problem(experiment)
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


@dataclass(frozen=True)
class Gap(Measure):
    """Test error minus training error after the last step."""

    name = "gap"
    label = "test error minus training error"
    unit = "percentage points"
    split = "test"

    def problem(self, experiment):
        if any(isinstance(each, TrainError) for each in experiment.measures):
            return uncounted(experiment.loss)
        return "it reads the training error too. Received: no TrainError(); add it"

    def read(self, history):
        return TestError().read(history) - TrainError().read(history)


@dataclass(frozen=True)
class TestLoss(Measure):
    """Mean loss on the test set after the last step; chance level if diverged."""

    __test__ = False  # pytest would collect the name

    name = "test_loss"
    label = "test loss"
    unit = "nats"
    split = "test"

    def read(self, history):
        loss = history.evaluations["test"]["loss"]
        return _or_chance(history, loss, history.chance_loss)


@dataclass(frozen=True)
class Rise(Measure):
    """Validation loss at the last look above its lowest at any: what training on cost.

    Chance level stands for what diverged.
    """

    name = "rise"
    label = "rise of the validation loss above its lowest"
    unit = "nats"

    def problem(self, experiment):
        if "validation" in experiment.watch:
            return ""
        return (
            "it reads the validation loss, which is not watched. Received: "
            f'watch={experiment.watch}; add watch=("validation",)'
        )

    def read(self, history):
        loss = history.watched["validation"]["loss"]
        loss = np.where(np.isfinite(loss), loss, history.chance_loss)
        return loss[:, -1] - loss.min(axis=1)


def _full_batch(experiment):
    if experiment.batch_size is None:
        return ""
    return (
        "it reads the whole training set off one step: expected batch_size=None. "
        f"Received: batch_size={experiment.batch_size}"
    )


def _or_chance(history, values, chance):
    return np.where(history.diverged() == 0, values, chance)
