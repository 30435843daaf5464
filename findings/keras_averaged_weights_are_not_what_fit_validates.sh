#!/bin/sh
# Keras validates raw weights all through `fit` and leaves their average when it ends.
#
# Version:    keras 3.15.1, tensorflow 2.21.0, jax 0.10.2, jaxlib 0.10.2, numpy 2.4.6,
#             CPython 3.11, Linux x86-64.
# Behavior:   with `use_ema=True` the validation loss of the last epoch is that of weights
#             which nobody gets: at the end of `fit` their average takes their place, and
#             `evaluate` on the same examples finds another loss. A second call of `fit`
#             goes on from the average, so that four calls of one epoch end elsewhere than
#             one call of four; without the average both end alike. So it is on TensorFlow;
#             on JAX a second call raises an error, which names no cause.
# Usual guess: what an epoch reports, by which callbacks stop, is the model that `fit`
#             leaves, and training by the epoch is training, as it is without averages.
# Source:     keras/src/optimizers/base_optimizer.py, `finalize_variable_values`, which
#             every trainer calls when `fit` ends. `keras.callbacks.SwapEMAWeights` exists
#             to evaluate the average; the docstring of `use_ema` does not lead to it.
# Output seen:
#             weights as they are: last validation 0.78, evaluate 0.78, fit by fit 0.78
#             averaged:            last validation 0.78, evaluate 1.28, fit by fit 2.24
#             averaged, on JAX:    the second fit raises TypeError
# For users of this project: patience and plateaus watch raw weights, and the best that
#             `EarlyStopping` restores are raw; list `SwapEMAWeights(swap_on_epoch=True)`
#             before them, and train in one call of `fit`.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    keras==3.15.1 tensorflow==2.21.0 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6

cat >"$folder/average.py" <<'PYTHON'
import keras
import numpy as np

x = np.eye(4, dtype="float32").repeat(8, axis=0)
y = np.full((32, 1), 2.0, "float32")
EPOCHS = 4


def model(averaged):
    layer = keras.layers.Dense(1, kernel_initializer="zeros")
    made = keras.Sequential([keras.Input((4,)), layer])
    sgd = keras.optimizers.SGD(0.01, use_ema=averaged, ema_momentum=0.9)
    made.compile(sgd, "mse")
    return made


def fit(model, epochs):
    options = {"batch_size": 4, "shuffle": False, "validation_data": (x, y), "verbose": 0}
    return model.fit(x, y, epochs=epochs, **options).history["val_loss"][-1]


def told(averaged):
    whole, pieces = model(averaged), model(averaged)
    last = fit(whole, EPOCHS)
    for _ in range(EPOCHS):
        fit(pieces, 1)
    found = [each.evaluate(x, y, verbose=0) for each in (whole, pieces)]
    return f"last validation {last:.2f}, evaluate {found[0]:.2f}, fit by fit {found[1]:.2f}"


if keras.backend.backend() == "tensorflow":
    print("weights as they are:", told(False))
    print("averaged:           ", told(True))
else:
    made = model(True)
    fit(made, 1)
    try:
        fit(made, 1)
    except Exception as error:
        print("averaged, on JAX:    the second fit raises", type(error).__name__)
PYTHON
export KERAS_HOME="$folder" JAX_PLATFORMS=cpu TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=
for backend in tensorflow jax; do
    KERAS_BACKEND=$backend "$folder/env/bin/python" "$folder/average.py" 2>>"$folder/log"
done >"$folder/seen"
cat "$folder/seen"
test "$(cat "$folder/seen")" = "weights as they are: last validation 0.78, evaluate 0.78, fit by fit 0.78
averaged:            last validation 0.78, evaluate 1.28, fit by fit 2.24
averaged, on JAX:    the second fit raises TypeError"
