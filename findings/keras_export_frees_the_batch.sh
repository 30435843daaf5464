#!/bin/sh
# Keras exports a model whose inputs have a fixed batch as one that takes any batch.
#
# Version:    keras 3.15.1, tensorflow-cpu 2.21.0, numpy 2.4.6, CPython 3.11, Linux x86-64.
# Behavior:  a model of keras.Input((3,), batch_size=4), exported by model.export, takes
#             (None, 3): the batch is dropped and seven examples are served. With
#             input_signature=[keras.InputSpec("float32", (4, 3))] it is kept.
# Usual guess: a batch size that the model itself refuses to leave is exported with it, so
#             that batch_size= is the way to a program of fixed shapes.
# Source:     make_input_spec in keras/src/export/export_utils.py, which puts None first
#             in every shape that comes from a model.
# Output seen:
#             the model has (4, 3)
#             exported: (None, 3)
#             with a signature: (4, 3)
# For users of this project: a reader that cannot do with a free batch, as TensorFlow
# where JAX 0.12 wrote the program, wants a signature.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    keras==3.15.1 tensorflow-cpu==2.21.0 numpy==2.4.6

cat >"$folder/export.py" <<'PYTHON'
import keras
import tensorflow as tf

inputs = keras.Input((3,), batch_size=4)
model = keras.Model(inputs, keras.layers.Dense(2)(inputs))
print("the model has", model.inputs[0].shape)


def exported(**options):
    model.export("served", verbose=False, **options)
    loaded = tf.saved_model.load("served")
    (spec,) = loaded.signatures["serve"].structured_input_signature[1].values()
    return tuple(spec.shape)


print("exported:", exported())
signature = [keras.InputSpec("float32", (4, 3))]
print("with a signature:", exported(input_signature=signature))
PYTHON
export KERAS_BACKEND=tensorflow KERAS_HOME="$folder" TF_CPP_MIN_LOG_LEVEL=3
cd "$folder"
seen=$("$folder/env/bin/python" export.py 2>/dev/null)
echo "$seen"
test "$seen" = "the model has (4, 3)
exported: (None, 3)
with a signature: (4, 3)"
