#!/bin/sh
# Collect what a Linux machine with JAX on CUDA lacks to train: wheels for CPython 3.12,
# ours with the experiments among them, and a list with the hash of each:
# PYTHON=python3 sh requirements/wheelhouse.sh .venv build/wheelhouse
set -eu
python=$1/bin/python
folder=$2
here=$(dirname "$0")
most=35000000
. "$here/pip.sh"
rm -rf "$folder" build/lib
mkdir -p "$folder"
pip download --quiet --dest "$folder" --no-deps --require-hashes --only-binary :all: \
    --python-version 3.12 --implementation cp --abi cp312 --abi abi3 --abi none \
    --platform manylinux2014_x86_64 --platform manylinux_2_17_x86_64 \
    --platform manylinux_2_27_x86_64 --platform manylinux_2_28_x86_64 --platform any \
    -r "$here/train.txt"
pip wheel --quiet --no-deps --no-build-isolation --wheel-dir "$folder" .
cp "$here/train.txt" "$folder/requirements.txt"
for wheel in "$folder"/deep_learning_study-*.whl; do
    version=${wheel#*/deep_learning_study-}
    echo "deep-learning-study==${version%%-*} $(pip hash "$wheel" | tail -n 1)"
done >>"$folder/requirements.txt"
bytes=$(cat "$folder"/* | wc -c)
echo "$folder: $((bytes / 1000000)) MB; with JAX at hand, pip install --no-index \\"
echo "  --find-links $folder --no-deps --require-hashes -r $folder/requirements.txt"
[ "$bytes" -le "$most" ] || {
    echo "study: $folder: expected at most $most bytes. Received: $bytes" >&2
    exit 1
}
