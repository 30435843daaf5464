#!/bin/sh
# Outside of `jit` JAX keeps a program for every shape that an operation met, and on a CPU
# each holds megabytes, until `jax.clear_caches()`.
#
# Version:    jax 0.10.2, jaxlib 0.10.2, numpy 2.4.6, psutil 7.2.2, CPython 3.11, Linux
#             x86-64.
# Behavior:   to add 1 to vectors of 400 lengths, of at most 5 kB each and none of which is
#             kept, makes the process larger by more than 400 MB (1,171 MB where it was
#             seen), and 400 further lengths by as much again. After `jax.clear_caches()`
#             the further ones take the place of the first.
# Usual guess: without `jit` an addition leaves nothing behind but its result, as in NumPy,
#             so that a test suite or a notebook that meets many small shapes stays small.
# Source:     https://docs.jax.dev/en/latest/_autosummary/jax.clear_caches.html (it clears
#             all compilation and staging caches); that operations outside of `jit` are
#             compiled for each shape too follows from what is seen.
# Output seen:
#             400 lengths: more than 400 MB
#             the same once more: less than 100 MB
#             400 further lengths: more than 400 MB
#             400 further lengths after jax.clear_caches(): less than 100 MB
# For users of this project: its tests on JAX forget the programs of each file, without
#             which they take gigabytes and, the more is kept, the longer for each program;
#             whoever tests components on JAX over many shapes does well to do the same.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6 psutil==7.2.2

cat >"$folder/kept.py" <<'PYTHON'
import gc
import sys

import jax
import numpy as np
import psutil


def megabytes():
    gc.collect()
    return psutil.Process().memory_info().rss / 1e6


def added(first, last):
    """Return by how many megabytes the process grows."""
    before = megabytes()
    for length in range(first, last):
        (jax.numpy.asarray(np.ones(length, "float32")) + 1).block_until_ready()
    return megabytes() - before


def told(grown):
    print(f"{grown:.0f} MB", file=sys.stderr)
    if grown > 400:
        return "more than 400 MB"
    return "less than 100 MB" if grown < 100 else "between 100 and 400 MB"


added(1, 50)
print("400 lengths:", told(added(50, 450)))
print("the same once more:", told(added(50, 450)))
print("400 further lengths:", told(added(450, 850)))
jax.clear_caches()
print("400 further lengths after jax.clear_caches():", told(added(850, 1250)))
PYTHON

seen=$("$folder/env/bin/python" "$folder/kept.py")
echo "$seen"
test "$seen" = "400 lengths: more than 400 MB
the same once more: less than 100 MB
400 further lengths: more than 400 MB
400 further lengths after jax.clear_caches(): less than 100 MB"
