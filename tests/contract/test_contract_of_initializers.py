"""Initializers keep the promises of every component."""

import keras
from contract import Contract

ARGUMENTS = {
    "Glorot": lambda kind: kind(seed=1),
    "He": lambda kind: kind(seed=1),
    "Normal": lambda kind: kind(0.1, seed=1),
    "Xavier": lambda kind: kind(seed=1),
}


class TestInitializers(Contract):
    modules = ("study.initializers",)
    arguments = ARGUMENTS

    def layer(self, component, name):
        return keras.layers.Dense(3, kernel_initializer=component)
