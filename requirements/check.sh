#!/bin/sh
# Check that every lock installs on every Python that it is for, on this platform, with
# all that its packages need, but for what JAX's machine has beside train.txt. Nothing is
# installed: sh requirements/check.sh PYTHON, beside which uv stands.
set -eu
python=$1
folder=$(dirname "$0")
pip() {
    "$python" -m pip "$@"
}
. "$folder/index.sh"
status=0
for lock in "$folder"/*.txt; do
    needs=
    case $lock in */train.txt) needs=--no-deps ;; esac
    for version in 3.11 3.12 3.13; do
        # Built are no packages but promise, which tensorflow-datasets needs.
        "$(dirname "$python")/uv" pip install --quiet $needs --dry-run --require-hashes \
            --only-binary :all: --no-binary promise --python "$python" \
            --python-version "$version" --target build/lock/none -r "$lock" || {
            echo "study: $lock: does not install on Python $version" >&2
            status=1
        }
    done
done
[ "$status" = 0 ] || exit 1
echo "$folder/*.txt: each installs on Python 3.11, 3.12 and 3.13; PyTorch as the index has it,"
echo "for uv does not see a file that only pip is told of"
