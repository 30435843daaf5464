"""Optimizers keep the promises of every component."""

import keras
from contract import Contract

# With their own rates these get nowhere in so few steps.
ARGUMENTS = dict.fromkeys(("Adam", "Nadam", "RMSProp"), lambda kind: kind(0.01))


class TestOptimizers(Contract):
    modules = ("study.optimizers",)
    arguments = ARGUMENTS
    together = False
    batch = 5

    def layer(self, component, name):
        return keras.layers.Identity()

    def optimizer(self, component):
        return component
