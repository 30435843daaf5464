#!/bin/sh
# Keras keeps no state of random draws in its files: Dropout begins anew once loaded.
#
# Version:    keras 3.15.1, tensorflow-cpu 2.21.0, numpy 2.4.6, CPython 3.11, Linux x86-64.
# Behavior:  a model with keras.layers.Dropout(0.5, seed=3) is called twice, saved to
#             .keras and loaded. The loaded model's first mask is the first that the
#             saved one drew, not the third; so it is with save_weights. The counter is
#             among the layer's variables and in none of the files.
# Usual guess: the whole state of a model is saved, optimizer included, so that training
#             goes on from a file as if it had not been interrupted.
# Source:     keras/src/random/seed_generator.py keeps the state in a variable that
#             Layer.save_own_variables of keras/src/layers/layer.py does not write.
# Output seen:
#             first and third mask differ: True
#             loaded draws the third: False
#             loaded draws the first: True
# For users of this project: study.layers.Dropout and the other layers that draw save
# their counters.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    keras==3.15.1 tensorflow-cpu==2.21.0 numpy==2.4.6

cat >"$folder/resume.py" <<'PYTHON'
import keras
import numpy as np

model = keras.Sequential([keras.Input((64,)), keras.layers.Dropout(0.5, seed=3)])
x = np.ones((1, 64), "float32")


def mask(network):
    return np.asarray(network(x, training=True)) > 0


first, _ = mask(model), mask(model)
model.save("model.keras")
again = mask(keras.models.load_model("model.keras"))
third = mask(model)
print("first and third mask differ:", bool((first != third).any()))
print("loaded draws the third:", bool((again == third).all()))
print("loaded draws the first:", bool((again == first).all()))
PYTHON
export KERAS_BACKEND=tensorflow KERAS_HOME="$folder" TF_CPP_MIN_LOG_LEVEL=3
cd "$folder"
seen=$("$folder/env/bin/python" resume.py 2>/dev/null)
echo "$seen"
test "$seen" = "first and third mask differ: True
loaded draws the third: False
loaded draws the first: True"
