# Define `pip` for $python, an environment without one: that of the Python which made it
# installs into it, and only where there is none a copy is put there, which takes seconds.
maker=${PYTHON:-python3}
if "$maker" -m pip --python "$python" --version >/dev/null 2>&1; then
    pip() {
        "$maker" -m pip --python "$python" "$@" --disable-pip-version-check
    }
elif "$python" -m ensurepip >/dev/null 2>&1; then
    pip() {
        "$python" -m pip "$@" --disable-pip-version-check
    }
else
    echo "study: no pip could be found; on Debian and Ubuntu: apt install python3-venv" >&2
    exit 1
fi
