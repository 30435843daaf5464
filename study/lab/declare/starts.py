"""The initial weights that the lectures compare, by the names they have on pages."""

from functools import partial
from types import MappingProxyType

import keras

from study.initializers import He, Xavier

# Name to a function of a seed.
STARTS = MappingProxyType(
    {
        "std 1": partial(keras.initializers.RandomNormal, 0.0, 1.0),
        "std 0.01": partial(keras.initializers.RandomNormal, 0.0, 0.01),
        "Xavier": Xavier,
        "He": He,
    }
)
