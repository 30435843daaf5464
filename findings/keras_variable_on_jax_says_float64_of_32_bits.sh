#!/bin/sh
# On JAX a keras.Variable of float64 says float64 and holds 32 bits.
#
# Version:    keras 3.15.1, jax 0.10.2, numpy 2.4.6, CPython 3.11, Linux x86-64.
# Behavior:  keras.Variable(x, dtype="float64").dtype is "float64" while its value is
#             float32, as JAX makes all of float64 unless jax_enable_x64 is set; and
#             keras.backend.result_type("float64") is "float32". Two ways to ask for the
#             type of one variable give two answers. keras.config.set_floatx("float64")
#             changes none of it.
# Usual guess: a variable's dtype is the type of what it holds, or float64 is refused.
# Source:     KerasVariable in keras/src/backend/common/variables.py keeps the name it is
#             given; jax.numpy.asarray in keras/src/backend/jax/core.py decides the bits.
# Output seen:
#             dtype: float64
#             value: float32
#             result_type: float32
#             1 + 1e-12 is told from 1: False
# For users of this project: on JAX set jax_enable_x64 where double precision is meant;
# state of our optimizers has the type that the backend holds.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    keras==3.15.1 jax==0.10.2 numpy==2.4.6

cat >"$folder/variable.py" <<'PYTHON'
import keras

keras.config.set_floatx("float64")
variable = keras.Variable(1 + 1e-12, dtype="float64")
print("dtype:", variable.dtype)
print("value:", variable.value.dtype)
print("result_type:", keras.backend.result_type("float64"))
print("1 + 1e-12 is told from 1:", float(variable.value) != 1.0)
PYTHON
export KERAS_BACKEND=jax KERAS_HOME="$folder" JAX_PLATFORMS=cpu
cd "$folder"
seen=$("$folder/env/bin/python" variable.py 2>/dev/null)
echo "$seen"
test "$seen" = "dtype: float64
value: float32
result_type: float32
1 + 1e-12 is told from 1: False"
