#!/bin/sh
# Where JAX is not installed, Keras fails to import beside a folder named jax.
#
# Version:    keras 3.15.1, tensorflow-cpu 2.21.0, numpy 2.4.6, CPython 3.11, Linux x86-64.
# Behavior:  on the TensorFlow backend, without JAX, `import keras` in a directory that
#             holds an empty folder named jax ends in AttributeError: module 'jax' has no
#             attribute 'monitoring'. Without the folder, or with python -P, it imports.
# Usual guess: what Keras imports if it is there is guarded for being something else, and
#             a folder for JAX's compiled programs or notes disturbs nobody who trains on
#             TensorFlow.
# Source:     keras/src/callbacks/orbax_checkpoint.py imports jax within a try that expects
#             ImportError, and then reads jax.monitoring; a folder without __init__.py is
#             imported as a namespace package.
# Output seen:
#             without the folder: tensorflow
#             beside it:          AttributeError: module 'jax' has no attribute 'monitoring'
#             beside it, with -P: tensorflow
# For users of this project: no folder that its make targets write is named as a package,
# which tests/test_makefile.py holds.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    keras==3.15.1 tensorflow-cpu==2.21.0 numpy==2.4.6 2>/dev/null

export KERAS_BACKEND=tensorflow KERAS_HOME="$folder" TF_CPP_MIN_LOG_LEVEL=3
mkdir -p "$folder/bare" "$folder/beside/jax"

imported() {
    cd "$folder/$1"
    shift
    "$folder/env/bin/python" "$@" -c 'import keras; print(keras.backend.backend())' \
        2>&1 | tail -n 1
}

seen="without the folder: $(imported bare)
beside it:          $(imported beside)
beside it, with -P: $(imported beside -P)"
echo "$seen"
test "$seen" = "without the folder: tensorflow
beside it:          AttributeError: module 'jax' has no attribute 'monitoring'
beside it, with -P: tensorflow"
