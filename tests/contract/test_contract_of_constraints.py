"""Constraints keep the promises of every component."""

import keras
from contract import Contract

ARGUMENTS = {
    "MaxNorm": lambda kind: kind(0.5),
    "ProximalL1": lambda kind: kind(0.001),
}


class TestConstraints(Contract):
    modules = ("study.constraints",)
    arguments = ARGUMENTS

    def layer(self, component, name):
        return keras.layers.Dense(3, kernel_constraint=component)
