#!/bin/sh
# A NumPy array that becomes a TensorFlow tensor is in memory three times for a while.
#
# Version:    tensorflow-cpu 2.21.0, numpy 2.4.6, CPython 3.11, Linux x86-64.
# Behavior:  tf.convert_to_tensor (and tf.constant) of a large array takes twice its
#             bytes beside it, and keeps both copies until the next operation runs; only
#             then one of them goes. Collecting garbage before that frees nothing.
# Usual guess: one copy, so that the peak is twice the data and not three times.
# Source:     seen in the process's private memory (/proc/self/smaps_rollup); the
#             documentation of tf.convert_to_tensor tells of no second copy.
# Output seen:
#             converted:         2.0 times the array
#             garbage collected: 2.0 times the array
#             next operation:    1.0 times the array
# For users of this project: the engine's workers map MNIST and hand it on by DLPack, which
# copies nothing.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    tensorflow-cpu==2.21.0 numpy==2.4.6

cat >"$folder/copies.py" <<'PYTHON'
import gc
from pathlib import Path

import numpy as np
import tensorflow as tf


def private():
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    kinds = [line.split() for line in lines if line.startswith("Private_Dirty:")]
    return 1024 * int(kinds[0][1])


array = np.ones((70_000, 784), "float32")
tf.reduce_sum(tf.zeros(3))  # the runtime is up
before = private()
tensor = tf.convert_to_tensor(array)
print(f"converted:         {(private() - before) / array.nbytes:.1f} times the array")
gc.collect()
print(f"garbage collected: {(private() - before) / array.nbytes:.1f} times the array")
tf.reduce_sum(tensor)
print(f"next operation:    {(private() - before) / array.nbytes:.1f} times the array")
PYTHON
seen=$("$folder/env/bin/python" "$folder/copies.py" 2>/dev/null)
echo "$seen"
test "$seen" = "converted:         2.0 times the array
garbage collected: 2.0 times the array
next operation:    1.0 times the array"
