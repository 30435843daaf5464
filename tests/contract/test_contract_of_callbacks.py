"""Callbacks keep the promises of everything that takes part in training."""

import keras
from contract import TrainingContract


class TestCallbacks(TrainingContract):
    modules = ("study.callbacks",)

    def layer(self, component, name):
        return keras.layers.Identity()

    def callbacks(self, names):
        return [self.make(name) for name in names]
