"""Hand examples to `fit`.

`fit` on arrays draws their order anew in every epoch, with one exception: on TensorFlow
after `keras.utils.set_random_seed`, Keras 3.15.1 repeats one order in all epochs and in
every later `fit`. What is here does not.
"""

from typing import Any

import keras
import numpy as np

__all__ = ["Reshuffled"]


class Reshuffled(keras.utils.PyDataset):
    """Hand out all examples in batches, in an order of its own in every epoch.

    A later `fit` goes on with further orders. It is meant for training alone: what
    `predict` returns would come in the order of the batches.

    Args:
        x: What the model takes, an array or a structure of arrays, with as many
            examples along the first axis as there are.
        y: True outputs, likewise. Defaults to `None`, none.
        sample_weight: Weights of the examples, likewise. Defaults to `None`, none.
        batch_size: Positive integer. The last batch of an epoch has what is left.
            Defaults to 32.
        seed: Integer or `None`, which takes it from NumPy's global generator and so
            follows `keras.utils.set_random_seed`. Defaults to `None`.
        **kwargs: Arguments of `keras.utils.PyDataset`: `workers`,
            `use_multiprocessing`, `max_queue_size`.

    Raises:
        ValueError: The arrays differ in their number of examples, or `batch_size` is
            no positive integer.

    Example: with `shuffle=False` the order is that of `seed` alone; without, `fit`
    shuffles the batches once more.

    >>> batches = Reshuffled(np.arange(5), batch_size=3, seed=2)
    >>> for _ in range(2):
    ...     print([batches[i][0].tolist() for i in range(batches.num_batches)])
    ...     batches.on_epoch_end()  # as `fit` does
    [[2, 4, 3], [0, 1]]
    [[2, 0, 4], [3, 1]]
    >>> x, y = keras.ops.ones((8, 1)), keras.ops.zeros((8, 1))
    >>> model = keras.Sequential([keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> _ = model.fit(Reshuffled(x, y, seed=1), epochs=3, shuffle=False, verbose=0)
    """

    def __init__(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        *,
        batch_size: int = 32,
        seed: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        given = (x,) if y is None else (x, y)
        if sample_weight is not None:
            given = (x, y, sample_weight)
        self.arrays = keras.tree.map_structure(keras.ops.convert_to_numpy, given)
        counts = {len(each) for each in keras.tree.flatten(self.arrays)}
        if len(counts) > 1:
            raise ValueError(
                "`x`, `y` and `sample_weight` belong together: expected as many "
                f"examples in each. Received: {sorted(counts)} examples"
            )
        size = np.asarray(batch_size)
        if size.shape or size.dtype.kind not in "iu" or size < 1:
            raise ValueError(
                "`batch_size` is a count of examples: expected a positive integer. "
                f"Received: batch_size={batch_size!r}"
            )
        self.batch_size = int(size)
        (self.examples,) = counts
        seed = np.random.randint(2**31) if seed is None else seed
        self._draws = np.random.default_rng(int(seed))
        self.on_epoch_end()

    @property
    def num_batches(self):
        return -(-self.examples // self.batch_size)

    def __getitem__(self, index):
        start = index * self.batch_size
        batch = self._order[start : start + self.batch_size]
        return keras.tree.map_structure(lambda each: each[batch], self.arrays)

    def on_epoch_end(self):
        self._order = self._draws.permutation(self.examples)
