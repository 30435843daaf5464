#!/bin/sh
# Keras keeps the weights that a scope left undrawn, and draws them in another model's call.
#
# Version:    keras 3.15.1, tensorflow-cpu 2.21.0, numpy 2.4.6, CPython 3.11, Linux x86-64.
# Behavior:  a model is built under StatelessScope(initialize_variables=False), only to
#             count its weights, and deleted. Its kernel stays in memory, and the next
#             stateless_call, of a model that has nothing to do with it, runs its
#             initializer. Then it goes.
# Usual guess: what is not initialized is nowhere but in the model, and goes with it
#             without ever having been drawn.
# Source:     keras/src/backend/common/variables.py lists such variables in a global
#             attribute of the thread, which stateless_scope.py works off at the end of the
#             next scope that initializes.
# Output seen:
#             weights counted: 20 drawn: []
#             the model is gone, its kernel is kept: True
#             another model was called, drawn: [(3, 5)]
#             its kernel is kept: False
# For users of this project: networks are planned and counted in a thread that ends with
#             its list.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    keras==3.15.1 tensorflow-cpu==2.21.0 numpy==2.4.6

cat >"$folder/undrawn.py" <<'PYTHON'
import gc
import weakref

import keras

drawn = []


def zeros(shape, dtype=None):
    drawn.append(shape)
    return keras.ops.zeros(shape, dtype)


def network(units, initializer):
    layer = keras.layers.Dense(units, kernel_initializer=initializer)
    return keras.Sequential([keras.Input((3,)), layer])


with keras.StatelessScope(initialize_variables=False):
    model = network(5, zeros)
print("weights counted:", model.count_params(), "drawn:", drawn)
kernel = weakref.ref(model.layers[0].kernel)
del model
gc.collect()
print("the model is gone, its kernel is kept:", kernel() is not None)
other = network(2, "ones")
weights = [each.value for each in other.trainable_variables]
other.stateless_call(weights, [], keras.ops.ones((1, 3)))
print("another model was called, drawn:", drawn)
gc.collect()
print("its kernel is kept:", kernel() is not None)
PYTHON
export KERAS_BACKEND=tensorflow KERAS_HOME="$folder" TF_CPP_MIN_LOG_LEVEL=3
cd "$folder"
seen=$("$folder/env/bin/python" undrawn.py 2>/dev/null)
echo "$seen"
test "$seen" = "weights counted: 20 drawn: []
the model is gone, its kernel is kept: True
another model was called, drawn: [(3, 5)]
its kernel is kept: False"
