"""Optimizers keep the promises of every component."""

import keras
from contract import Contract


class TestOptimizers(Contract):
    modules = ("study.optimizers",)
    together = False

    def layer(self, component, name):
        return keras.layers.Identity()

    def optimizer(self, component):
        return component
