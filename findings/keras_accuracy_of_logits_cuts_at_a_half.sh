#!/bin/sh
# Keras's "accuracy" beside a loss from logits compares the logits with 0.5.
#
# Version:    keras 3.15.1, jax 0.10.2, jaxlib 0.10.2, numpy 2.4.6, CPython 3.11, Linux
#             x86-64.
# Behavior:   `compile(loss=BinaryCrossentropy(from_logits=True), metrics=["accuracy"])`
#             counts a logit of 0.3 as class 0, though its probability is 0.57, and one of
#             0.6 as class 1. Right is `BinaryAccuracy(threshold=0)`. A named loss of
#             probabilities and the same network with a sigmoid count 0.3 as class 1.
# Usual guess: "accuracy" is chosen to suit the loss: Keras picks binary, categorical or
#             sparse accuracy by the shapes; so it knows that the outputs are logits.
# Source:     keras/src/trainers/compile_utils.py, `get_metric`, sees labels and outputs
#             and not the loss; keras/src/metrics/accuracy_metrics.py, `binary_accuracy`.
# Output seen:
#             logits, "accuracy":               0.00, loss 0.55
#             logits, BinaryAccuracy(0):        1.00, loss 0.55
#             probabilities, "accuracy":        1.00, loss 0.55
# For users of this project: the lab counts errors of logits from 0 where its loss takes
#             them; in `compile` name the threshold yourself.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    keras==3.15.1 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6

cat >"$folder/logits.py" <<'PYTHON'
import keras
import numpy as np

x = y = np.ones((4, 1), "float32")


def told(name, activation, metric):
    layer = keras.layers.Dense(1, activation, use_bias=False)
    model = keras.Sequential([keras.Input((1,)), layer])
    layer.set_weights([np.array([[0.3]])])
    loss = keras.losses.BinaryCrossentropy(from_logits=activation is None)
    model.compile("sgd", loss, metrics=[metric])
    loss, accuracy = model.evaluate(x, y, verbose=0)
    print(f"{name:33} {accuracy:.2f}, loss {loss:.2f}")


told('logits, "accuracy":', None, "accuracy")
at_zero = keras.metrics.BinaryAccuracy(threshold=0)
told("logits, BinaryAccuracy(0):", None, at_zero)
told('probabilities, "accuracy":', "sigmoid", "accuracy")
PYTHON
export KERAS_BACKEND=jax KERAS_HOME="$folder" JAX_PLATFORMS=cpu
seen=$("$folder/env/bin/python" "$folder/logits.py")
echo "$seen"
test "$seen" = 'logits, "accuracy":               0.00, loss 0.55
logits, BinaryAccuracy(0):        1.00, loss 0.55
probabilities, "accuracy":        1.00, loss 0.55'
