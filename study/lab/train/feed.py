"""Deal a stack's runs their batches."""

import numpy as np

from study.lab.train.augment import COPIES, augmented
from study.lab.train.order import Order


class Feed:
    """Hold the examples of a program's runs, and the order in which each sees them.

    Args:
        engine: The engine that trains.
        stack: The compiled stack.
        program: Whose runs are fed.
        splits: (training, validation) indices of each replicate.
        held: Which run of the program each row of the stack is.
        longest: The most batches of one call.
    """

    def __init__(self, engine, stack, program, splits, held, longest):
        self.experiment, self.program = engine.experiment, program
        self.held, self.longest = held, longest
        self._arrays = engine.arrays
        cell = program.cells[0]  # cells of a program share all settings
        self._batch_size = self.experiment.setting("batch_size", cell)
        count = len(splits[0][0])
        if self._batch_size or count < self.experiment.data.available:
            self.examples = engine.placed(stack)
            self._orders = self._ordered(stack, cell, [each for each, _ in splits])
        else:
            self.examples = stack.place((self._arrays.x, self._arrays.y))
            self._orders = None

    def batches(self, first, last):
        """Return the indices of steps' examples, (longest, runs, batch size).

        None where every step takes all of them.
        """
        if self._orders is None:
            return None
        dealt = np.stack([each.batches(first, last) for each in self._orders], axis=1)
        dealt = np.tile(dealt.astype("int32"), (1, len(self.program.cells), 1))
        dealt = dealt[:, self.held]
        return np.pad(dealt, ((0, self.longest - (last - first)), (0, 0), (0, 0)))

    def _ordered(self, stack, cell, examples):
        """Return each replicate's order of examples, or of their augmented copies."""
        stage, replicates = self.program.stage, self.program.replicates
        count, copies = len(examples[0]), 1
        augmentation = self.experiment.setting("augmentation", cell)
        if augmentation is not None:
            x, used = augmented(
                augmentation, self._arrays.x, stage, replicates, examples
            )
            self.examples = stack.place((x, self._arrays.y[used]))
            copies = COPIES
            first = range(0, len(used), copies * count)
            examples = [np.arange(count) + each for each in first]
        return [
            Order(
                stage,
                replicate,
                each,
                self._batch_size or count,
                self.experiment.replacement,
                copies,
                count,
            )
            for replicate, each in zip(replicates, examples, strict=True)
        ]
