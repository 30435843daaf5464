#!/bin/sh
# The gradient of Keras's `maximum` at a tie, and of `norm` at 0, depends on the backend.
#
# Version:    keras 3.15.1, tensorflow 2.21.0, jax 0.10.2, jaxlib 0.10.2, torch 2.13.0,
#             numpy 2.4.6, CPython 3.11, Linux x86-64.
# Behavior:   where both arguments are equal, `ops.maximum(x, 0)` passes the whole
#             gradient to x on TensorFlow and half of it on JAX and PyTorch. `ops.relu`
#             passes none on all three. So a ReLU that is written as a maximum trains
#             otherwise where inputs and biases are 0, as at the start of most networks.
#             At 1 `ops.hard_tanh` has the slope 0 on PyTorch and 1 elsewhere; `ops.norm`
#             at 0 has the gradient 0 on PyTorch and NaN elsewhere.
# Usual guess: a function of `keras.ops` has one gradient, and ReLU is max(x, 0).
# Source:     keras/src/backend/*/numpy.py, `maximum`, is `tf.maximum`, `jnp.maximum` or
#             `torch.maximum`, each with its framework's rule; keras/src/backend/torch/nn.py
#             takes PyTorch's `hardtanh`; `norm` of the other two divides by a root.
# Output seen:
#             tensorflow: maximum 1.0, relu 0.0, hard_tanh 1.0, norm nan
#             jax:        maximum 0.5, relu 0.0, hard_tanh 1.0, norm nan
#             torch:      maximum 0.5, relu 0.0, hard_tanh 0.0, norm 0.0
# For users of this project: no component calls `maximum`, `hard_tanh` or `norm` where a
#             gradient passes; in layers of your own take `ops.relu`.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    keras==3.15.1 tensorflow==2.21.0 jax==0.10.2 jaxlib==0.10.2 torch==2.13.0 numpy==2.4.6

cat >"$folder/ties.py" <<'PYTHON'
import keras
from keras import ops

backend = keras.backend.backend()


def slope(function, at):
    """Differentiate a function of a vector at one number."""
    x = ops.convert_to_tensor([at], "float32")
    if backend == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            tape.watch(x)
            y = ops.sum(function(x))
        return float(tape.gradient(y, x)[0])
    if backend == "jax":
        import jax

        return float(jax.grad(lambda x: ops.sum(function(x)))(x)[0])
    x.requires_grad_()
    ops.sum(function(x)).backward()
    return float(x.grad[0])


found = {
    "maximum": slope(lambda x: ops.maximum(x, 0.0), 0.0),
    "relu": slope(ops.relu, 0.0),
    "hard_tanh": slope(ops.hard_tanh, 1.0),
    "norm": slope(ops.norm, 0.0),
}
told = ", ".join(f"{name} {value:.1f}" for name, value in found.items())
print(f"{backend + ':':11} {told}")
PYTHON
export KERAS_HOME="$folder" JAX_PLATFORMS=cpu TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=
for backend in tensorflow jax torch; do
    KERAS_BACKEND=$backend "$folder/env/bin/python" "$folder/ties.py" 2>>"$folder/log"
done >"$folder/seen"
cat "$folder/seen"
test "$(cat "$folder/seen")" = "tensorflow: maximum 1.0, relu 0.0, hard_tanh 1.0, norm nan
jax:        maximum 0.5, relu 0.0, hard_tanh 1.0, norm nan
torch:      maximum 0.5, relu 0.0, hard_tanh 0.0, norm 0.0"
