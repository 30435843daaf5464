"""Look at runs on their way: keep what is seen, and act on it."""

from types import SimpleNamespace

import numpy as np

from study.callbacks.early_stopping import Patience
from study.lab.train import plan


class Watch:
    """Evaluate runs at each look, stop the impatient and lower learning rates.

    Runs that differ in patience alone are trained as one. `rows` says for each of
    `cells`, one a run that is wanted, by which row of the stack its steps are taken.

    Args:
        reader: What evaluates them.
        cells: The cell of each run that is wanted.
        rows: Its row of the stack.
        steps: The steps of a run to its end.
    """

    def __init__(self, reader, cells, rows, steps):
        experiment, program = reader.experiment, reader.program
        self.reader, self.stack, self.rows = reader, reader.stack, rows
        patience = [experiment.setting("patience", each) for each in cells]
        limits = np.array([np.inf if each is None else each for each in patience])
        self.patience = Patience(limits) if np.isfinite(limits).any() else None
        looked = max(cells, key=lambda each: experiment.looks(program.stage, each))
        self.looks = experiment.looks(program.stage, looked)
        self.seen = {each: [] for each in experiment.watched(program.stage, looked)}
        held = [program.runs[i][0] for i in reader.held]
        self.plateaus = [plan.plateau(experiment, cell) for cell in held]
        self.stopped = np.full(len(cells), steps)
        self._best = None
        self._count = 0

    def begin(self, state):
        """Take the first state for the best so far."""
        self._best = None if self.patience is None else self._wanted(state)

    def look(self, state, step):
        """Evaluate runs after a step; return their state, with other rates perhaps."""
        self._count += 1
        for split, seen in self.seen.items():
            seen.append(self.reader.evaluate(state, split))
        if self.patience is not None:
            loss = self.seen["validation"][-1]["loss"][self.rows]
            improved, stopped = self.patience.update(loss)
            self._best = self.stack.choose(improved, self._wanted(state), self._best)
            reached = np.minimum(self.stopped, step)
            self.stopped = np.where(stopped, reached, self.stopped)
        return self._slowed(state) if any(self.plateaus) else state

    def chosen(self, state):
        """Return the state of every run wanted: its last, or its best if patient."""
        state = self._wanted(state)
        if self.patience is None:
            return state
        return self.stack.choose(np.isinf(self.patience.patience), state, self._best)

    def read(self, split, value):
        """Return what was seen of every run wanted, (runs, looks)."""
        return np.stack([each[value] for each in self.seen[split]], axis=1)[self.rows]

    def _wanted(self, state):
        apart = isinstance(self.rows, slice)
        return state if apart else self.stack.take(state, self.rows)

    def _slowed(self, state):
        """Let each plateau lower its run's learning rate."""
        rates = self.stack.learning_rates(state)
        losses = self.seen["validation"][-1]["loss"]
        for run, (plateau, loss) in enumerate(zip(self.plateaus, losses, strict=True)):
            if plateau is not None:
                optimizer = SimpleNamespace(learning_rate=rates[run])
                plateau.set_model(SimpleNamespace(optimizer=optimizer))
                plateau.on_epoch_end(self._count, {"val_loss": loss})
                rates[run] = optimizer.learning_rate
        return self.stack.with_learning_rates(state, rates)
