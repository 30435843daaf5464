#!/bin/sh
# TensorFlow keeps XLA's programs for CPUs on disk where one flag of auto-clustering says
# so, also those of jit_compile=True, and raises where a kept file was cut short.
#
# Version:    tensorflow-cpu 2.21.0, numpy 2.4.6, CPython 3.11, Linux x86-64.
# Behavior:  with TF_XLA_FLAGS=--tf_xla_persistent_cache_directory=DIR a function of
#             jit_compile=True is written to DIR by the first process and read by the
#             second, to the same bits. A file of which only the beginning is left, as
#             after a full disk, makes the call raise.
# Usual guess: the flag is for clusters and GPUs; and a cache that cannot be read is made
#             again, as JAX's is, with a warning.
# Source:     tensorflow/compiler/jit/flags.h names the flag; device_executable_persistor.h
#             returns the error of reading a file to whoever compiles.
# Output seen:
#             first: computed, 1 file
#             second: the same bits, the file as it was
#             cut short: OutOfRangeError
# For users of this project: workers compile anew in every process and set no such flag;
#             JAX keeps its programs (study/lab/machine.py).
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    tensorflow-cpu==2.21.0 numpy==2.4.6
mkdir "$folder/kept"

cat >"$folder/compiled.py" <<'PYTHON'
import hashlib

import tensorflow as tf


@tf.function(jit_compile=True)
def squashed(x):
    for shift in range(20):
        x = tf.tanh(x @ x / 100 + float(shift))
    return x


try:
    found = squashed(tf.ones((50, 50))).numpy()
    print(hashlib.sha256(found.tobytes()).hexdigest())
except tf.errors.OpError as error:
    print(type(error).__name__)
PYTHON
called() {
    TF_CPP_MIN_LOG_LEVEL=3 \
        TF_XLA_FLAGS="--tf_xla_persistent_cache_directory=$folder/kept" \
        "$folder/env/bin/python" "$folder/compiled.py" 2>/dev/null
}
sums() {
    (cd "$folder/kept" && sha256sum -- *)
}

first=$(called)
before=$(sums)
second=$(called)
after=$(sums)
same=other
if [ "$first" = "$second" ] && [ "$before" = "$after" ]; then
    same="the same bits, the file as it was"
fi
count=$(echo "$before" | wc -l)
for each in "$folder"/kept/*; do
    head -c 3000 "$each" >"$folder/beginning"
    cp "$folder/beginning" "$each"
done
seen="first: computed, $count file
second: $same
cut short: $(called)"
echo "$seen"
test "$seen" = "first: computed, 1 file
second: the same bits, the file as it was
cut short: OutOfRangeError"
