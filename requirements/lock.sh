#!/bin/sh
# Pin every dependency with its hashes, for all platforms and Python 3.11 to 3.13.
# The locks name no index, so that any mirror serves them.
set -eu
cd "$(dirname "$0")/.."
tool=build/lock
python=$tool/bin/python
"${PYTHON:-python3}" -m venv "$tool"
pip() {
    "$python" -m pip "$@"
}
pip install --quiet uv
. requirements/index.sh
pin() {
    name=$1
    shift
    "$tool/bin/uv" pip compile "$@" --quiet --universal --generate-hashes \
        --no-emit-index-url --no-header --python-version 3.11 \
        --output-file "requirements/$name.txt"
}
pin_study() {
    name=$1
    shift
    pin "$name" pyproject.toml --extra lab --extra digits --extra dev "$@"
}
echo uv | pin uv - --no-annotate
printf '%s\n' twine mypy 'pyright[nodejs]' | pin release - --no-annotate
pin_study cpu --extra cpu
# Beside the packages of cpu.txt, among which rich brings a reader of Markdown.
printf '%s\n' pdoc 'pagefind[bin]' | pin site - --no-annotate \
    --constraint requirements/cpu.txt
pin_study gpu --extra gpu
pin_study jax --extra cpu --extra jax
pin_study jaxgpu --extra cpu --extra jaxgpu
pin_study torch --extra cpu --extra torch
pin_study cluster --extra cpu --extra cluster
pin_study notebooks --extra cpu --extra notebooks
# JAX's own machine has it and these; its versions stay.
pin train pyproject.toml --extra train --no-emit-package numpy \
    --no-emit-package scipy --no-emit-package ml-dtypes
sh requirements/check.sh "$python"
