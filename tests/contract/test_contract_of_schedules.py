"""Schedules keep the promises of every component."""

import keras
from contract import Contract
from registered import decaying

ARGUMENTS = {
    "LambdaLR": lambda kind: kind(0.05, decaying, 11, epochs=5),
    "LinearDecay": lambda kind: kind(0.05, 0.01, 4, 11),
    "MultiplicativeLR": lambda kind: kind(0.05, decaying, 11, epochs=5),
    "ReciprocalDecay": lambda kind: kind(0.1, 11),
    "StepLR": lambda kind: kind(0.05, 2, 11, gamma=0.5),
}


class TestSchedules(Contract):
    modules = ("study.schedules",)
    arguments = ARGUMENTS
    together = False
    batch = 5

    def layer(self, component, name):
        return keras.layers.Identity()

    def optimizer(self, component):
        return keras.optimizers.SGD(component)
