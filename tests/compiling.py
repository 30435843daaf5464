"""Say how `fit` compiles in a test."""

import keras

# JAX compiles each operation by itself where it may not compile all at once;
# TensorFlow takes few steps sooner without XLA, and PyTorch's compiler is external.
JITS = keras.backend.backend() == "jax"
