"""Look at runs on their way: keep what is seen, and act on it."""

from types import SimpleNamespace

import numpy as np

from study.callbacks.early_stopping import Patience
from study.lab.train import plan
from study.lab.train.checkpoint import flat, nested

# What is seen of a split at a look.
VALUES = "loss", "error"


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
        looked = max(cells, key=lambda each: experiment.asked(program.stage, each))
        self.looks = experiment.asked(program.stage, looked)
        self.seen = {each: [] for each in experiment.watched(program.stage, looked)}
        held = [program.runs[i][0] for i in reader.held]
        self.plateaus = [plan.plateau(experiment, cell) for cell in held]
        self.stopped = np.full(len(cells), steps)
        self._best = self._rates = None
        self._count = 0

    def begin(self, state):
        """Take the first state for the best so far."""
        if self.patience is not None:
            self._best = self._wanted(state)
        if any(self.plateaus):
            self._rates = self.stack.learning_rates(state)

    def look(self, state, step):
        """Evaluate runs after a step; return their state, with other rates perhaps."""
        for split, seen in self.seen.items():
            seen.append(self.reader.evaluate(state, split))
        improved = self._improved(step)
        if self.patience is not None:
            self._best = self.stack.choose(improved, self._wanted(state), self._best)
        if not any(self.plateaus):
            return state
        rates = self._slowed(self.stack.learning_rates(state))
        return self.stack.with_learning_rates(state, rates)

    def saved(self):
        """Return what was seen, and from what it was acted on, as arrays by name."""
        found = {
            f"seen {split} {value}": np.array([each[value] for each in seen])
            for split, seen in self.seen.items()
            for value in VALUES
        }
        if self._rates is not None:
            found["rates"] = self._rates
        if self._best is not None:
            found |= flat("best", self._best, self.stack.numpy)
        return found

    def resume(self, arrays, steps):
        """See again what was seen after `steps`, and act on it as then."""
        if self.patience is not None:
            self._best = self.stack.place(nested("best", arrays))
        self._rates = arrays.get("rates")
        rates = self._rates
        for look, step in enumerate(steps):
            for split, seen in self.seen.items():
                values = {each: arrays[f"seen {split} {each}"][look] for each in VALUES}
                seen.append(values)
            self._improved(step)
            if any(self.plateaus):
                rates = self._slowed(rates)

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

    def _improved(self, step):
        """Tell patience what was seen last; return which runs wanted improved."""
        self._count += 1
        if self.patience is None:
            return None
        loss = self.seen["validation"][-1]["loss"][self.rows]
        improved, stopped = self.patience.update(loss)
        reached = np.minimum(self.stopped, step)
        self.stopped = np.where(stopped, reached, self.stopped)
        return improved

    def _slowed(self, rates):
        """Let each plateau lower its run's learning rate; return those of all."""
        rates = rates.copy()
        losses = self.seen["validation"][-1]["loss"]
        for run, (plateau, loss) in enumerate(zip(self.plateaus, losses, strict=True)):
            if plateau is not None:
                optimizer = SimpleNamespace(learning_rate=rates[run])
                plateau.set_model(SimpleNamespace(optimizer=optimizer))
                plateau.on_epoch_end(self._count, {"val_loss": loss})
                rates[run] = optimizer.learning_rate
        return rates
