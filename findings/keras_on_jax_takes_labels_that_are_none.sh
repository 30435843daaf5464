#!/bin/sh
# Keras on JAX gives a label beyond the classes no loss at all, and an index beyond NaN.
#
# Version:    keras 3.15.1, tensorflow 2.21.0, jax 0.10.2, jaxlib 0.10.2, numpy 2.4.6,
#             CPython 3.11, Linux x86-64.
# Behavior:   `sparse_categorical_crossentropy` of label 3 among three classes, 0 to 2, is
#             0 on JAX, the least that there is, and so is that of label -1: labels that
#             count from 1 train a network that never sees its last class, without a word.
#             TensorFlow refuses both on a CPU. An `Embedding` asked for a row beyond its
#             last one returns NaN on JAX, where TensorFlow refuses.
# Usual guess: a label that is none is an error, or at least NaN, on every backend.
# Source:     keras/src/backend/jax/nn.py, `sparse_categorical_crossentropy`, multiplies
#             by `jax.nn.one_hot`, which is all 0 there. Of indices beyond an array see
#             https://docs.jax.dev/en/latest/notebooks/Common_Gotchas_in_JAX.html
# Output seen:
#             tensorflow: label 2 0.69, label 3 raised, label -1 raised, row 3 raised
#             jax:        label 2 0.69, label 3 0.00, label -1 0.00, row 3 nan
# For users of this project: the lab's engine checks labels before it trains, on every
#             backend; whoever calls `fit` on JAX counts them himself.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    keras==3.15.1 tensorflow==2.21.0 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6

cat >"$folder/labels.py" <<'PYTHON'
import keras
import numpy as np

probabilities = np.array([[0.2, 0.3, 0.5]], "float32")
rows = keras.layers.Embedding(3, 1, embeddings_initializer="ones")


def loss(label):
    labels = np.array([label])
    return keras.losses.sparse_categorical_crossentropy(labels, probabilities)


def told(name, function):
    try:
        value = keras.ops.convert_to_numpy(function()).ravel()[0]
    except Exception:
        return f"{name} raised"
    return f"{name} {abs(value):.2f}"


found = [told(f"label {each}", lambda each=each: loss(each)) for each in (2, 3, -1)]
found.append(told("row 3", lambda: rows(np.array([3]))))
print(f"{keras.backend.backend() + ':':11} {', '.join(found)}")
PYTHON
export KERAS_HOME="$folder" JAX_PLATFORMS=cpu TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=
for backend in tensorflow jax; do
    KERAS_BACKEND=$backend "$folder/env/bin/python" "$folder/labels.py" 2>>"$folder/log"
done >"$folder/seen"
cat "$folder/seen"
seen=$(cat "$folder/seen")
test "$seen" = "tensorflow: label 2 0.69, label 3 raised, label -1 raised, row 3 raised
jax:        label 2 0.69, label 3 0.00, label -1 0.00, row 3 nan"
