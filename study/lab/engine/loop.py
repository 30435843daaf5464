"""Train the runs of one program and measure them."""

import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from study.lab import plan
from study.lab.data import Arrays
from study.lab.engine import initial
from study.lab.engine.order import Order
from study.lab.engine.result import Result
from study.lab.engine.tensorflow import LONGEST, Stack
from study.lab.experiment import Experiment
from study.lab.measures import History

POINTS = 60


class Engine:
    """Train programs of one experiment, compiling each structure once."""

    def __init__(self, experiment: Experiment):
        self.experiment = experiment
        self.arrays: Arrays = experiment.data.load()
        self._structure = self._stack = None

    def run(self, program: plan.Program, report: Callable[[int, float], None]):
        """Train and measure a program's runs; `report(step, mean loss)` as it goes."""
        start = time.perf_counter()
        experiment = self.experiment
        measures = [  # tuning never opens the test set
            each
            for each in experiment.measures
            if not (program.stage == "tune" and each.split == "test")
        ]
        stack, state = self._start(program)
        x, y = stack.place((self.arrays.x, self.arrays.y))
        deal = self._dealer(program)
        losses, hits = [], []
        for first, last in _segments(experiment.steps, experiment.evaluations):
            state, loss, hit = stack.train(state, x, y, deal(first, last), last - first)
            losses.append(loss)
            hits.append(hit)
            report(last, float(np.nanmean(loss[:, -1])))
        history = History(
            loss=np.concatenate(losses, axis=1),
            hits=np.concatenate(hits, axis=1),
            evaluations=self._evaluate(program, measures, stack, state, x, y),
            chance_loss=self.arrays.chance_loss,
            chance_error=self.arrays.chance_error,
        )
        steps, curves = _thin(history.loss)
        outputs = np.zeros((len(program.runs), 0, 0), "float32")
        wanted = experiment.outputs
        if wanted and any(wanted.arm.items() <= cell.items() for cell in program.cells):
            grid = stack.place(np.asarray(wanted.inputs(), "float32"))
            outputs = stack.predict(state, grid)
        return Result(
            {each.name: each.read(history) for each in measures},
            history.diverged(),
            steps,
            curves,
            outputs,
            time.perf_counter() - start,
        )

    def _start(self, program):
        """Return the compiled stack and the initial state of every run."""
        parts = []
        for cell in program.cells:
            model, optimizer = plan.build(self.experiment, cell)
            structure = plan.structure(model, optimizer)
            if structure != self._structure:
                self._structure = structure
                self._stack = Stack(model, optimizer, self.experiment.loss, jit(model))
            optimizer.build(model.trainable_variables)
            slots = [np.asarray(each) for each in optimizer.variables]
            for replicate in program.replicates:
                parts.append((*initial.draw(model, program.stage, replicate), slots))
        state = tuple(
            [np.stack(values) for values in zip(*part, strict=True)]
            for part in zip(*parts, strict=True)
        )
        return self._stack, self._stack.place(state)

    def _dealer(self, program):
        """Return a function from a stretch of steps to its batches (or None)."""
        experiment, data = self.experiment, self.experiment.data
        if experiment.batch_size is None and data.train == data.available:
            return lambda first, last: None
        orders = [
            Order(
                program.stage,
                replicate,
                data.split(program.stage, replicate)[0],
                experiment.batch_size or data.train,
                experiment.replacement,
            )
            for replicate in program.replicates
        ]
        longest = max(
            b - a for a, b in _segments(experiment.steps, experiment.evaluations)
        )

        def deal(first, last):
            dealt = np.stack([each.batches(first, last) for each in orders], axis=1)
            dealt = np.tile(dealt.astype("int32"), (1, len(program.cells), 1))
            return np.pad(dealt, ((0, longest - (last - first)), (0, 0), (0, 0)))

        return deal

    def _evaluate(self, program, measures, stack, state, x, y):
        """Score every split that a measure reads, once, after the last step."""
        splits = {each.split for each in measures} - {None}
        indices = {
            name: np.stack(
                [
                    self.experiment.data.split(program.stage, replicate)[part]
                    for _, replicate in program.runs
                ]
            ).astype("int32")
            for part, name in enumerate(("train", "validation"))
            if name in splits
        }
        scores = {
            name: stack.evaluate(state, x, y, each) for name, each in indices.items()
        }
        if "test" in splits:
            n = len(self.arrays.x_test)
            everything = np.tile(np.arange(n, dtype="int32"), (len(program.runs), 1))
            test = stack.place((self.arrays.x_test, self.arrays.y_test))
            scores["test"] = stack.evaluate(state, *test, everything)
        return {
            name: {"loss": loss, "error": error}
            for name, (loss, error) in scores.items()
        }


def jit(model) -> bool:
    """Say whether XLA pays: it does for dense stacks, not for convolutions."""
    return not any("conv" in type(layer).__name__.lower() for layer in model.layers)


def _segments(steps, evaluations):
    """Cut the steps into equal stretches, none longer than a compiled call takes."""
    size = min(-(-steps // evaluations), LONGEST)
    return [(a, min(a + size, steps)) for a in range(0, steps, size)]


def _thin(loss):
    """Average the losses over at most POINTS stretches."""
    points = min(POINTS, loss.shape[1])
    ends = np.linspace(0, loss.shape[1], points + 1).astype(int)
    curves = [loss[:, a:b].mean(axis=1) for a, b in pairwise(ends)]
    return ends[1:], np.stack(curves, axis=1)
