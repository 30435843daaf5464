#!/bin/sh
# Pin every dependency with its hashes, for all platforms and Python 3.11 to 3.13.
# The locks name no index, so that any mirror serves them.
set -eu
cd "$(dirname "$0")/.."
tool=build/lock
"${PYTHON:-python3}" -m venv "$tool"
"$tool/bin/python" -m pip install --quiet uv
pin() {
    name=$1
    shift
    "$tool/bin/uv" pip compile pyproject.toml --quiet --universal --generate-hashes \
        --no-emit-index-url --no-header --python-version 3.11 \
        --extra lab --extra dev "$@" --output-file "requirements/$name.txt"
}
pin cpu --extra cpu
pin gpu --extra gpu
pin jax --extra cpu --extra jax
pin jaxgpu --extra cpu --extra jaxgpu
pin torch --extra cpu --extra torch
