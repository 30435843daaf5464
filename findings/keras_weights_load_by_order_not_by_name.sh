#!/bin/sh
# Keras loads `.weights.h5` by the order of a network's layers, whatever they are called.
#
# Version:    keras 3.15.1, jax 0.10.2, jaxlib 0.10.2, numpy 2.4.6, CPython 3.11, Linux
#             x86-64.
# Behavior:   a file written by layers "first" and "second" is loaded without a word into
#             a network whose layers are called "second" and "first", or "left" and
#             "right": each takes what stood in its place. The file holds "dense" and
#             "dense_1", made of the class and a count; of the given names it has only an
#             attribute beside the numbers. So a network that was rearranged, where shapes
#             allow it, computes something else after loading.
# Usual guess: weights go where their names say, and names that do not agree are an error,
#             as for PyTorch's `load_state_dict`.
# Source:     keras/src/saving/saving_lib.py, `_save_container_state` and
#             `_load_container_state`, which number layers of a class as they come.
# Output seen:
#             names in the file:         dense, dense_1
#             second, first:             loaded, second has what first had
#             left, right:               loaded, left has what first had
# For users of this project: components of `study` are layers like Keras's; load weights
#             only into the network, with its order, that wrote them.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    keras==3.15.1 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6

cat >"$folder/names.py" <<'PYTHON'
import sys

import h5py
import keras
import numpy as np


def network(*names):
    layers = [keras.layers.Dense(4, name=each) for each in names]
    return keras.Sequential([keras.Input((4,)), *layers])


def kernel(layer):
    return keras.ops.convert_to_numpy(layer.kernel)


path = sys.argv[1]
written = network("first", "second")
written.save_weights(path)
with h5py.File(path) as file:
    print("names in the file:        ", ", ".join(sorted(file["layers"])))
for names in (("second", "first"), ("left", "right")):
    loaded = network(*names)
    loaded.load_weights(path)
    same = np.array_equal(kernel(loaded.layers[0]), kernel(written.get_layer("first")))
    has = f"{names[0]} has what first had" if same else "refused"
    print(f"{', '.join(names) + ':':26} loaded, {has}")
PYTHON
export KERAS_BACKEND=jax KERAS_HOME="$folder" JAX_PLATFORMS=cpu
seen=$("$folder/env/bin/python" "$folder/names.py" "$folder/network.weights.h5")
echo "$seen"
test "$seen" = "names in the file:         dense, dense_1
second, first:             loaded, second has what first had
left, right:               loaded, left has what first had"
