#!/bin/sh
# Keras's NumPy backend does not import without SciPy and JAX.
#
# Version:    keras 3.15.1, numpy 2.4.6, scipy 1.17.1, jax 0.10.2, CPython 3.11, Linux.
# Behavior:  with KERAS_BACKEND=numpy and nothing but Keras and what it requires
#             installed, `import keras` ends in ModuleNotFoundError for scipy, and with
#             SciPy installed in one for jax. With JAX beside them the import works.
# Usual guess: the backend of that name needs NumPy, which Keras requires anyway, so it is
#             the light way to read configs where no training framework is installed.
# Source:     keras/src/backend/numpy, which borrows from both what NumPy lacks; neither
#             is among the requirements of the package.
# Output seen:
#             Keras alone: No module named 'scipy'
#             with SciPy:  No module named 'jax'
#             with JAX:    numpy
# For users of this project: reading definitions takes one of the frameworks.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
python="$folder/env/bin/python"
export KERAS_BACKEND=numpy KERAS_HOME="$folder" PIP_DISABLE_PIP_VERSION_CHECK=1

install() {
    "$python" -m pip install --quiet "$@" 2>/dev/null
}

imported() {
    "$python" -c 'import keras; print(keras.backend.backend())' 2>&1 | tail -n 1 |
        sed 's/^ModuleNotFoundError: //'
}

install keras==3.15.1 numpy==2.4.6
alone=$(imported)
echo "Keras alone: $alone"
install scipy==1.17.1
scipy=$(imported)
echo "with SciPy:  $scipy"
install jax==0.10.2
jax=$(imported)
echo "with JAX:    $jax"
test "$alone" = "No module named 'scipy'"
test "$scipy" = "No module named 'jax'"
test "$jax" = numpy
