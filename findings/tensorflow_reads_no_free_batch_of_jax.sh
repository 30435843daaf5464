#!/bin/sh
# TensorFlow 2.21 cannot run what Keras exports from JAX 0.11 and 0.12, but for one batch.
#
# Version:    keras 3.15.1, jax and jaxlib 0.12.0.1 and 0.11.2, tensorflow-cpu 2.21.0,
#             numpy 2.4.6, CPython 3.12, Linux x86-64.
# Behavior:  on the JAX backend model.export writes a SavedModel without complaint, and
#             TensorFlow loads it; its first call ends in InvalidArgumentError, "Cannot
#             deserialize computation". With a fixed batch in input_signature it runs.
#             JAX 0.10.2 writes both so that they run.
# Usual guess: packages that pip installs together without a conflict, each the newest,
#             read what the other writes; a load that succeeds means that the file is good.
# Source:     the message names vhlo.custom_call_v2, at a "shape_assertion", which JAX
#             writes where a shape is free, and which TensorFlow's reader does not know.
# Output seen:
#             jax 0.12.0.1: free batch InvalidArgumentError, fixed batch runs
#             jax 0.11.2: free batch InvalidArgumentError, fixed batch runs
#             jax 0.10.2: free batch runs, fixed batch runs
# For users of this project: the locks hold JAX to 0.10.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3.12}" -m venv "$folder/env" # JAX 0.11 and later want 3.12
python="$folder/env/bin/python"

cat >"$folder/export.py" <<'PYTHON'
import keras
import numpy as np
import tensorflow as tf

inputs = keras.Input((3,))
model = keras.Model(inputs, keras.layers.Dense(2)(inputs))


def served(**options):
    model.export("served", verbose=False, **options)
    loaded = tf.saved_model.load("served")
    try:
        loaded.serve(np.ones((4, 3), "float32"))
    except tf.errors.InvalidArgumentError as error:
        assert "Cannot deserialize computation" in str(error)
        return "InvalidArgumentError"
    return "runs"


signature = [keras.InputSpec("float32", (4, 3))]
print(f"free batch {served()}, fixed batch {served(input_signature=signature)}")
PYTHON
export KERAS_BACKEND=jax KERAS_HOME="$folder" TF_CPP_MIN_LOG_LEVEL=3
cd "$folder"
for version in 0.12.0.1 0.11.2 0.10.2; do
    "$python" -m pip install --quiet --disable-pip-version-check keras==3.15.1 \
        tensorflow-cpu==2.21.0 numpy==2.4.6 "jax==$version" "jaxlib==$version"
    echo "jax $version: $("$python" export.py 2>/dev/null)"
done | tee seen
test "$(cat seen)" = "jax 0.12.0.1: free batch InvalidArgumentError, fixed batch runs
jax 0.11.2: free batch InvalidArgumentError, fixed batch runs
jax 0.10.2: free batch runs, fixed batch runs"
