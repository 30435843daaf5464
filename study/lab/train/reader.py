"""Read the runs of a stack: evaluate them, probe them, take their outputs."""

import copy

import numpy as np

from study.lab.declare import losses
from study.lab.declare.measures import SEEN, Probe


class Reader:
    """Read what is wanted off the runs that a stack holds.

    Args:
        engine: The engine that trains.
        stack: The compiled stack.
        program: Whose runs are read.
        splits: (training, validation) indices of each replicate.
        held: Which run of the program each row of the stack is.
    """

    def __init__(self, engine, stack, program, splits, held):
        self.engine, self.stack, self.program = engine, stack, program
        self.experiment, self.splits, self.held = engine.experiment, splits, held
        self.reads = self.experiment.reads(program.stage)
        batch = self.experiment.setting("batch_size", program.cells[0])
        self.scale = losses.scale(self.experiment.loss, batch or len(splits[0][0]))
        self._evaluated: dict[str, tuple] = {}

    def of(self, held):
        """Return a reader of other rows."""
        other = copy.copy(self)
        other.held, other._evaluated = held, {}
        return other

    def evaluate(self, state, split):
        """Return every run's mean loss and share of errors on a split."""
        before, found = self._evaluated.get(split, (None, None))
        if before is not state:  # the last look is often at the end
            examples = self._examples(split, SEEN if split == "train" else None)
            data = self.engine.placed(self.stack)
            loss, error = self.stack.evaluate(state, *data, examples)
            found = {"loss": self._scaled(loss, examples), "error": error}
            self._evaluated[split] = state, found
        return found

    def probe(self, state, when):
        """Read the probes that are due, by what they are called in a result."""
        found = {}
        for each in self.experiment.measures:
            name = f"probe {each.name}"
            if isinstance(each, Probe) and each.when == when and name in self.reads:
                examples = self._examples(each.on, each.examples)
                data = self.engine.placed(self.stack)
                found[name] = self.stack.probe(each.function, state, *data, examples)
        return found

    def end(self, state, outputs):
        """Read what is due at the end, with the outputs where these are wanted."""
        read = {"outputs": self._outputs(state)} if outputs else {}
        for name in sorted(each for each in self.reads if each.startswith("end ")):
            found = self.evaluate(state, name.removeprefix("end "))
            read |= {f"{name} {value}": each for value, each in found.items()}
        return read | self.probe(state, "end")

    def _outputs(self, state):
        inputs = np.asarray(self.experiment.outputs.inputs(), "float32")
        return self.stack.predict(state, self.stack.place(inputs))

    def _scaled(self, loss, examples):
        """Return losses that are means over examples as `fit` tells them."""
        ignored = getattr(self.experiment.loss, "ignore_class", None)
        if ignored is not None:
            counted = self.engine.examples.y.reshape(-1)[examples] != ignored
            loss = loss / counted.mean(axis=1)
        return self.scale * loss

    def _examples(self, split, most=None):
        """Return indices of a split's examples, (runs, n)."""
        arrays = self.engine.arrays
        if split == "test":
            first = len(arrays.x)
            each = np.arange(len(arrays.x_test), dtype="int32")[:most] + first
            return np.tile(each, (len(self.held), 1))
        part = ("train", "validation").index(split)
        each = np.stack([each[part][:most] for each in self.splits]).astype("int32")
        return np.tile(each, (len(self.program.cells), 1))[self.held]
