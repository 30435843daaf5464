#!/bin/sh
# Install a lock into a virtual environment, by uv, or by pip where uv cannot be had:
# PYTHON=python3 sh requirements/install.sh .venv requirements/cpu.txt
# Where that Python has JAX and there is a wheelhouse, jaxgpu.txt is taken from these two,
# without a network.
set -eu
environment=$1
lock=$2
python=$environment/bin/python
. "$(dirname "$0")/pip.sh"
wheels=build/wheelhouse
has_jax() {
    "$maker" -c 'import importlib.util as u, sys; sys.exit(not u.find_spec("jax"))'
}
see_packages() {
    own=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    "$maker" -c 'import sys
for path in sys.path:
    if path.endswith("-packages"):
        print(f"import site; site.addsitedir({path!r})")' >"$own/beside.pth"
}
with_uv() {
    pip install --quiet --no-deps --require-hashes --only-binary :all: \
        -r "$(dirname "$0")/uv.txt" || return
    . "$(dirname "$0")/index.sh"
    "$environment/bin/uv" pip install --quiet --python "$python" --no-deps \
        --require-hashes -r "$lock"
}
case $lock in
*/jaxgpu.txt)
    if [ -e "$wheels/requirements.txt" ] && has_jax; then
        see_packages
        pip install --quiet --no-index --find-links "$wheels" --no-deps \
            --require-hashes -r "$wheels/requirements.txt"
        exit
    fi
    ;;
esac
case $lock in
*/torch.txt) ;; # PyTorch may lie in a folder or an extra index that only pip is told of
*) with_uv && exit
    echo "uv cannot be had: pip installs the packages, which takes a minute or two." ;;
esac
pip install --quiet --no-compile --no-deps --require-hashes -r "$lock"
