#!/bin/sh
# Install a lock into a virtual environment, by uv, or by pip where uv cannot be had:
# PYTHON=python3 sh requirements/install.sh .venv requirements/cpu.txt
set -eu
environment=$1
lock=$2
python=$environment/bin/python
. "$(dirname "$0")/pip.sh"
with_uv() {
    pip install --quiet --no-deps --require-hashes --only-binary :all: \
        -r "$(dirname "$0")/uv.txt" || return
    . "$(dirname "$0")/index.sh"
    "$environment/bin/uv" pip install --quiet --python "$python" --no-deps \
        --require-hashes -r "$lock"
}
case $lock in
*/torch.txt) ;; # PyTorch may lie in a folder or an extra index that only pip is told of
*) with_uv && exit
    echo "uv cannot be had: pip installs the packages, which takes a minute or two." ;;
esac
pip install --quiet --no-compile --no-deps --require-hashes -r "$lock"
