#!/bin/sh
# A Keras optimizer that is saved with its model forgets which weights it must not decay.
#
# Version:    keras 3.15.1, jax 0.10.2, jaxlib 0.10.2, numpy 2.4.6, CPython 3.11, Linux
#             x86-64.
# Behavior:   after `optimizer.exclude_from_weight_decay(var_names=["bias"])` a bias stays
#             as it is where its gradient is 0. The model that `load_model` returns decays
#             it from its next step on, without a warning. So does an optimizer made from
#             `get_config`; and a second call of `exclude_from_weight_decay` takes the
#             place of the first: what that one named decays again.
# Usual guess: whoever saves a compiled model and loads it goes on with the same training,
#             as the saved moments and the step's number do; and two calls exclude both.
# Source:     keras/src/optimizers/base_optimizer.py: `get_config` has no such entry, and
#             `exclude_from_weight_decay` sets what it keeps anew. Its docstring wants it
#             called before the optimizer is built; after that it works all the same. That
#             variables which are named one by one cannot be serialized is said at
#             https://github.com/keras-team/keras/pull/16274
# Output seen:
#             before saving:     kernel 0.99, bias 1.00
#             after loading:     kernel 0.99, bias 0.99
#             told again:        kernel 0.99, bias 1.00
#             from its config:   kernel 0.99, bias 0.99
#             after two calls:   kernel 1.00, bias 0.99
# For users of this project: where biases, or weights of normalization, must not decay, the
#             optimizer of a loaded model is told so again before it is trained further.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    keras==3.15.1 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6

cat >"$folder/saved.py" <<'PYTHON'
import sys

import keras
import numpy as np


def sgd(*excluded):
    made = keras.optimizers.SGD(0.1, weight_decay=0.1)
    for each in excluded:
        made.exclude_from_weight_decay(var_names=[each])
    return made


def stepped(model, optimizer):
    """Take a step of no gradient at all from weights of 1; tell the weights."""
    model.set_weights([np.ones_like(each) for each in model.get_weights()])
    zeros = [np.zeros_like(each) for each in model.get_weights()]
    optimizer.apply(zeros, model.trainable_variables)
    kernel, bias = (each.item() for each in model.get_weights())
    return f"kernel {kernel:.2f}, bias {bias:.2f}"


def network():
    return keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])


path = sys.argv[1]
model = network()
model.compile(sgd("bias"), "mse")
print("before saving:    ", stepped(model, model.optimizer))
model.save(path)
loaded = keras.models.load_model(path)
print("after loading:    ", stepped(loaded, loaded.optimizer))
loaded.optimizer.exclude_from_weight_decay(var_names=["bias"])
print("told again:       ", stepped(loaded, loaded.optimizer))
again = keras.optimizers.SGD.from_config(sgd("bias").get_config())
print("from its config:  ", stepped(network(), again))
print("after two calls:  ", stepped(network(), sgd("bias", "kernel")))
PYTHON
export KERAS_BACKEND=jax KERAS_HOME="$folder" JAX_PLATFORMS=cpu
seen=$("$folder/env/bin/python" "$folder/saved.py" "$folder/model.keras")
echo "$seen"
test "$seen" = "before saving:     kernel 0.99, bias 1.00
after loading:     kernel 0.99, bias 0.99
told again:        kernel 0.99, bias 1.00
from its config:   kernel 0.99, bias 0.99
after two calls:   kernel 1.00, bias 0.99"
