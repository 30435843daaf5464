"""Activations keep the promises of every component."""

import keras
from contract import Contract

from study.activations import leaky_relu

ARGUMENTS = {
    "Configured": lambda kind: kind(leaky_relu, negative_slope=0.1),
}


class TestActivations(Contract):
    modules = ("study.activations",)
    arguments = ARGUMENTS

    def layer(self, component, name):
        return keras.layers.Dense(3, activation=component)
