"""Say which examples each step of a run sees, the same on every backend."""

import numpy as np

from study.lab.data import generator


class Order:
    """Deal a replicate's training examples into batches.

    The examples form an endless stream of epochs, each a fresh permutation (or, with
    replacement, as many fresh draws), cut into batches: every example is seen once an
    epoch, and a batch may hold the end of one epoch and the start of the next. Where
    examples have `copies`, `stride` apart, an epoch takes the next copy of each.
    """

    def __init__(
        self, stage, replicate, examples, batch_size, replacement, copies=1, stride=0
    ):
        self.stage = stage
        self.replicate = replicate
        self.examples = examples
        self.batch_size = batch_size
        self.replacement = replacement
        self.copies = copies
        self.stride = stride

    def batches(self, start: int, stop: int) -> np.ndarray:
        """Return the examples of steps `start` to `stop` - 1, (steps, batch size)."""
        first, last = start * self.batch_size, stop * self.batch_size
        n = len(self.examples)
        epochs = [self._epoch(each) for each in range(first // n, (last - 1) // n + 1)]
        skip = first // n * n
        dealt = np.concatenate(epochs)[first - skip : last - skip]
        return dealt.reshape(stop - start, self.batch_size)

    def _epoch(self, epoch):
        random = generator(self.stage, self.replicate, f"epoch {epoch}")
        n = len(self.examples)
        drawn = (
            random.integers(n, size=n) if self.replacement else random.permutation(n)
        )
        return self.examples[drawn] + epoch % self.copies * self.stride
