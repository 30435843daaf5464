"""Small data sets of other shapes than MNIST's, for tests."""

import numpy as np

from study.lab.data.checked import checked
from study.lab.data.prepared import Prepared, keep


def arrays(count=90, tests=30, shape=(6, 6), classes=3) -> dict[str, np.ndarray]:
    """Return images that differ by class, as bytes."""
    random = np.random.default_rng(0)
    patterns = random.integers(0, 200, (classes, *shape))
    found = {}
    for split, number in (("train", count), ("test", tests)):
        y = np.arange(number) % classes
        noise = random.integers(0, 50, (number, *shape))
        found[f"x_{split}"] = (patterns[y] + noise).astype("uint8")
        found[f"y_{split}"] = y.astype("uint8")
    return found


def prepared(**sizes) -> Prepared:
    """Return such a set, kept in the data folder."""
    return keep("other", checked("other", arrays(**sizes)))
