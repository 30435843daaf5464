"""Augment replicates' examples ahead of training, a copy for each of a few epochs."""

import numpy as np

from study.lab.data import generator

COPIES = 8


def augmented(augmentation, x, stage, replicates, examples):
    """Return augmented copies of each replicate's examples, and which they were.

    Copy `c` of the `i`-th of `n` examples of the `r`-th replicate stands at
    `(r COPIES + c) n + i`. It is drawn with a seed of the stage, the replicate and the
    copy, so that a replicate's copies are the same in any company.

    Args:
        augmentation: Function of examples and a seed that returns as many.
        x: All examples.
        stage: Whose seeds to take.
        replicates: The replicates' numbers.
        examples: Indices into `x` for each of them, as many for all.
    """
    copies = [
        augmentation(x[mine], int(seed))
        for replicate, mine in zip(replicates, examples, strict=True)
        for seed in generator(stage, replicate, "augmentation").integers(
            2**31 - 1, size=COPIES
        )
    ]
    used = np.concatenate([np.tile(mine, COPIES) for mine in examples])
    return np.concatenate(copies).astype(x.dtype), used
