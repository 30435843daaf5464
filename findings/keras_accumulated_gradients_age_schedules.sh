#!/bin/sh
# Where Keras accumulates gradients, schedules count batches and `iterations` updates.
#
# Version:    keras 3.15.1, jax 0.10.2, jaxlib 0.10.2, numpy 2.4.6, CPython 3.11, Linux
#             x86-64.
# Behavior:   `SGD(schedule, gradient_accumulation_steps=4)` has made 2 updates after 8
#             batches and says so: `iterations` is 2. Its rate is that of step 8 all the
#             same, so that a schedule is over after a quarter of its updates. Batches left
#             at the end of a call of `fit` wait in the optimizer: 6 batches make one
#             update, and the next call's first 2 batches the second, of old gradients and
#             new.
# Usual guess: to accumulate 4 batches of 8 is to train with batches of 32; the schedule
#             counts what `iterations` counts, and a call of `fit` begins with no gradients.
# Source:     keras/src/optimizers/base_optimizer.py: the property `iterations` divides by
#             the number of batches, `_get_current_learning_rate` and the update read
#             `_iterations`. The docstring of `gradient_accumulation_steps` speaks of
#             neither schedules nor leftovers.
# Output seen:
#             8 batches, no accumulation:    8 iterations, next rate 2^-8
#             8 batches, 4 accumulated:      2 iterations, next rate 2^-8
#             6 batches, 4 accumulated:      1 iterations, weight 0.80
#             2 batches more:                2 iterations, weight 0.64
# For users of this project: `study.schedules` in an optimizer that accumulates take steps
#             in batches, not in updates.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    keras==3.15.1 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6

cat >"$folder/accumulate.py" <<'PYTHON'
import math

import keras
import numpy as np


def model(rate, steps):
    layer = keras.layers.Dense(1, kernel_initializer="ones", use_bias=False)
    made = keras.Sequential([keras.Input((1,)), layer])
    made.compile(keras.optimizers.SGD(rate, gradient_accumulation_steps=steps), "mse")
    return made


def fit(model, batches):
    x = np.ones((batches, 1), "float32")
    model.fit(x, np.zeros_like(x), batch_size=1, verbose=0)
    return f"{int(model.optimizer.iterations)} iterations,"


halves = keras.optimizers.schedules.ExponentialDecay(1.0, 1, 0.5)
for steps, name in ((None, "no accumulation:"), (4, "4 accumulated:  ")):
    made = model(halves, steps)
    done = fit(made, 8)
    power = math.log2(float(made.optimizer.learning_rate))
    print(f"8 batches, {name}   ", done, f"next rate 2^{power:.0f}")
made = model(0.1, 4)
for batches, name in ((6, "6 batches, 4 accumulated:"), (2, "2 batches more:          ")):
    print(f"{name}     ", fit(made, batches), f"weight {made.get_weights()[0].item():.2f}")
PYTHON
export KERAS_BACKEND=jax KERAS_HOME="$folder" JAX_PLATFORMS=cpu
seen=$("$folder/env/bin/python" "$folder/accumulate.py")
echo "$seen"
test "$seen" = "8 batches, no accumulation:    8 iterations, next rate 2^-8
8 batches, 4 accumulated:      2 iterations, next rate 2^-8
6 batches, 4 accumulated:      1 iterations, weight 0.80
2 batches more:                2 iterations, weight 0.64"
