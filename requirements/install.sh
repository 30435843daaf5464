#!/bin/sh
# Install a lock into a virtual environment, by uv, or by pip where uv cannot be had:
# sh requirements/install.sh .venv requirements/cpu.txt
set -eu
environment=$1
lock=$2
pip() {
    "$environment/bin/python" -m pip "$@" --quiet --disable-pip-version-check
}
with_uv() {
    pip install --no-deps --require-hashes --only-binary :all: \
        -r "$(dirname "$0")/uv.txt" || return
    # uv does not read pip's settings: it is told of the index, and to trust whom pip trusts.
    index=${PIP_INDEX_URL:-$(pip config get global.index-url 2>/dev/null || true)}
    [ -z "$index" ] || export UV_DEFAULT_INDEX="$index"
    "$environment/bin/uv" pip install --quiet --system-certs \
        --python "$environment/bin/python" --no-deps --require-hashes -r "$lock"
}
case $lock in
*/torch.txt) ;; # PyTorch may lie in a folder or an extra index that only pip is told of
*) with_uv && exit
    echo "uv cannot be had: pip installs the packages, which takes a minute or two." ;;
esac
pip install --no-compile --no-deps --require-hashes -r "$lock"
