#!/bin/sh
# One Keras initializer given to two layers draws the same weights for both.
#
# Version:    keras 3.15.1, jax 0.10.2, jaxlib 0.10.2, numpy 2.4.6, CPython 3.11, Linux
#             x86-64.
# Behavior:   `HeNormal()` without a seed chooses one when it is made and begins with it
#             at every call. Layers of one shape that share the instance start as copies
#             of each other, and of layers of different shapes the shorter kernel is the
#             beginning of the longer one. With the initializer's name in its place, or
#             with a `SeedGenerator` for a seed, each layer has weights of its own.
# Usual guess: without a seed each call draws anew, as PyTorch's `kaiming_normal_` does,
#             so that `init = HeNormal()` may serve a whole network.
# Source:     keras/src/initializers/random_initializers.py, `RandomInitializer.__init__`;
#             `get` in keras/src/initializers/__init__.py returns an instance as it is.
#             The docstring's paragraph about `seed` says that calls repeat each other, and
#             not that layers which share an instance do.
# Output seen:
#             one instance:      two kernels are equal
#             other shapes:      8 of 8 numbers are those of the larger kernel
#             its name:          two kernels differ
#             a SeedGenerator:   two kernels differ
# For users of this project: initializers of `study.initializers` are Keras's in this, too;
#             make one for each layer.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    keras==3.15.1 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6

cat >"$folder/shared.py" <<'PYTHON'
import keras
import numpy as np


def kernels(initializer, *units):
    layers = [keras.layers.Dense(each, kernel_initializer=initializer) for each in units]
    model = keras.Sequential([keras.Input((units[0],)), *layers])
    return [np.array(each.kernel) for each in model.layers]


def told(initializer):
    first, second = kernels(initializer, 64, 64)
    return "are equal" if np.array_equal(first, second) else "differ"


print("one instance:      two kernels", told(keras.initializers.HeNormal()))
draw = keras.initializers.RandomNormal()
small, large = (np.array(draw((rows, 4))).ravel() for rows in (2, 50))
same = int((small == large[: small.size]).sum())
print(f"other shapes:      {same} of {small.size} numbers are those of the larger kernel")
print("its name:          two kernels", told("he_normal"))
generator = keras.random.SeedGenerator(1)
seeded = keras.initializers.HeNormal(seed=generator)
print("a SeedGenerator:   two kernels", told(seeded))
PYTHON
export KERAS_BACKEND=jax KERAS_HOME="$folder" JAX_PLATFORMS=cpu
seen=$("$folder/env/bin/python" "$folder/shared.py")
echo "$seen"
test "$seen" = "one instance:      two kernels are equal
other shapes:      8 of 8 numbers are those of the larger kernel
its name:          two kernels differ
a SeedGenerator:   two kernels differ"
