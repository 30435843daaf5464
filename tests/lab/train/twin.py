"""The slow twin: train one run with plain `model.fit`."""

import keras
import numpy as np
import tensorflow as tf

from study.lab.train import initial, plan, thresholds
from study.lab.train.order import Order

FEW = 12  # steps, that take as long as to trace one


def start_alone(experiment, cell, replicate, stage="judge"):
    """Build a run's model, with its initial weights, and its optimizer."""
    model, optimizer = plan.build(experiment, cell)
    trainable, non_trainable = initial.draw(model, stage, replicate)
    for variables, values in (
        (model.trainable_variables, trainable),
        (model.non_trainable_variables, non_trainable),
    ):
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
    return model, optimizer


class StepLosses(keras.callbacks.Callback):
    """Note the loss of every step; of `fit` one learns the mean of each epoch."""

    def __init__(self):
        super().__init__()
        self.losses = []

    def on_train_batch_begin(self, batch, logs=None):
        self.model.reset_metrics()

    def on_train_batch_end(self, batch, logs=None):
        self.losses.append(logs["loss"])


def fit_alone(
    experiment,
    cell,
    replicate,
    stage="judge",
    epochs=1,
    callbacks=(),
    drawing=False,
    x=None,
    **settings,
):
    """Return the losses of every step and the model, trained alone by `fit`.

    `x` are the inputs of every step, if they are not the examples as they are.
    Networks of which numbers are drawn while they train are compiled as in a stack, to
    draw the same; others are traced where that takes less time than their steps do.
    """
    model, optimizer = start_alone(experiment, cell, replicate, stage)
    arrays, steps = experiment.data.load(), experiment.budget(cell)
    size = experiment.setting("batch_size", cell)
    batches = np.tile(np.arange(len(arrays.x)), (steps, 1))
    if size:
        examples, _ = experiment.split(stage, replicate, cell)
        order = Order(stage, replicate, examples, size, experiment.replacement)
        batches = order.batches(0, steps)
    x = arrays.x[batches] if x is None else x
    dataset = tf.data.Dataset.from_tensor_slices((x, arrays.y[batches]))
    jit = drawing and thresholds.limit(model).jit
    eagerly = not drawing and steps <= FEW
    model.compile(optimizer, experiment.loss, jit_compile=jit, run_eagerly=eagerly)
    noted = StepLosses()
    model.fit(
        dataset,
        epochs=epochs,
        steps_per_epoch=steps // epochs,
        callbacks=[noted, *callbacks],
        verbose=0,
        **settings,
    )
    return np.array(noted.losses), model
