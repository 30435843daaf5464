"""Callbacks keep the promises of everything that takes part in training."""

import keras
import numpy as np
from contract import TrainingContract

X = np.ones((3, 5), "float32")
ARGUMENTS = {
    "ActivationStatistics": lambda kind: kind(X, bins=3),
    "DeadUnits": lambda kind: kind(X),
    "EarlyStopping": lambda kind: kind("loss", patience=3),
    "GradientNorms": lambda kind: kind(X, np.ones((3, 1, 2), "float32"), bins=3),
}


class TestCallbacks(TrainingContract):
    modules = ("study.callbacks",)
    arguments = ARGUMENTS
    together = False

    def layer(self, component, name):
        return keras.layers.Dense(4, "tanh")

    def callbacks(self, names):
        return [self.make(name) for name in names]
