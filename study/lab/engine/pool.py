"""Augment examples ahead of training, a copy for each of a few epochs."""

import numpy as np

COPIES = 8


def pool(augmentation, x, examples):
    """Return the examples used, sorted, their augmented copies, and how many of these.

    Copy `c` of example `used[i]` stands at `c * len(used) + i`. `augmentation` is a
    function from images and a seed to images of the same shape.
    """
    used = np.unique(np.concatenate(examples))
    copies = [augmentation(x[used], seed) for seed in range(COPIES)]
    return used, np.concatenate(copies).astype(x.dtype), COPIES
