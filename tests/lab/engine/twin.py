"""The slow twin: train one run with plain `model.fit`, a step at a time."""

import numpy as np
import tensorflow as tf

from study.lab import plan
from study.lab.engine import initial
from study.lab.engine.loop import jit
from study.lab.engine.order import Order


def fit_alone(experiment, cell, replicate, stage="judge"):
    """Return the losses of every step and the model, trained alone by `fit`."""
    model, optimizer = plan.build(experiment, cell)
    trainable, non_trainable = initial.draw(model, stage, replicate)
    for variables, values in (
        (model.trainable_variables, trainable),
        (model.non_trainable_variables, non_trainable),
    ):
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
    arrays = experiment.data.load()
    batches = np.tile(np.arange(len(arrays.x)), (experiment.steps, 1))
    if experiment.batch_size:
        examples, _ = experiment.data.split(stage, replicate)
        order = Order(
            stage, replicate, examples, experiment.batch_size, experiment.replacement
        )
        batches = order.batches(0, experiment.steps)
    dataset = tf.data.Dataset.from_tensor_slices((arrays.x[batches], arrays.y[batches]))
    model.compile(optimizer, experiment.loss, jit_compile=jit(model))
    history = model.fit(dataset, epochs=experiment.steps, steps_per_epoch=1, verbose=0)
    return np.array(history.history["loss"]), model
