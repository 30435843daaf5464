#!/bin/sh
# jax.lax.optimization_barrier changes nothing in a program that XLA compiles for a CPU.
#
# Version:    jax and jaxlib 0.10.2, numpy 2.4.6, CPython 3.11, Linux x86-64.
# Behavior:  the barrier stands in what JAX hands to XLA and is gone from what XLA makes
#             of it before operations are fused: the optimized program is, word for word,
#             the one without a barrier, and computes what should be kept in each of the
#             two loops that read it.
# Usual guess: what passes through a barrier is computed once and kept, as its
#             documentation says that the compiler moves no operation across it; it is
#             what people take to trade time for memory, or memory for time.
# Source:     OptimizationBarrierExpander (cse_barrier_expander), which XLA's compiler for
#             CPUs runs before its fusion.
# Output seen:
#             barriers in the lowered programs: 0 1
#             barriers in the optimized programs: 0 0
#             loops that compute the masked numbers: 2 2
#             the optimized programs are the same: True
# For users of this project: the engine divides by a number that XLA cannot know to be 1
#             where a value must be kept (study/lab/train/once.py).
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6

cat >"$folder/barrier.py" <<'PYTHON'
import re

import jax
import jax.numpy as jnp


def forth_and_back(x, kernel, noise, guarded):
    mask = noise * 3.0 + 1.0
    if guarded:
        mask = jax.lax.optimization_barrier(mask)
    hidden = (x @ kernel) * mask
    return (hidden @ kernel) * mask


def programs(guarded):
    shape = jnp.ones((64, 64))
    lowered = jax.jit(forth_and_back, static_argnums=3).lower(
        shape, shape, shape, guarded
    )
    text = lowered.compile().as_text()
    text = text[text.index("\n%") :]  # without the lines of the source
    return lowered.as_text(), re.sub(r", metadata=\{[^}]*\}", "", text)


plain, guarded = programs(False), programs(True)
both = list(zip(plain, guarded, strict=True))
lowered, optimized = both
print(
    "barriers in the lowered programs:",
    *[text.count("optimization_barrier") for text in lowered],
)
print(
    "barriers in the optimized programs:",
    *[text.count("opt-barrier(") for text in optimized],
)
print(
    "loops that compute the masked numbers:",
    *[text.count("constant(3)") for text in optimized],
)
print("the optimized programs are the same:", optimized[0] == optimized[1])
PYTHON
export JAX_PLATFORMS=cpu
seen=$("$folder/env/bin/python" "$folder/barrier.py" 2>/dev/null)
echo "$seen"
test "$seen" = "barriers in the lowered programs: 0 1
barriers in the optimized programs: 0 0
loops that compute the masked numbers: 2 2
the optimized programs are the same: True"
