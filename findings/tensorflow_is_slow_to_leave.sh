#!/bin/sh
# A Python that has done nothing but import TensorFlow takes long to end: it looks
# through all that was imported for garbage once more. `gc.freeze()` spares it that.
#
# Version:    tensorflow-cpu 2.21.0, keras 3.15.1, numpy 2.4.6, CPython 3.11, Linux
#             x86-64.
# Behavior:   from the last statement to the end of the process it takes over three times
#             as long as with `gc.freeze()` as the last statement (some nine times, 1.9 s
#             and 0.2 s, where it was seen). Importing is slowed too: without collections
#             it takes about a sixth less.
# Usual guess: imports cost time at the start alone, and leaving Python nothing.
# Source:     https://docs.python.org/3/library/gc.html (gc.freeze ignores what is tracked
#             in all later collections); the interpreter collects while it is finalized.
# Output seen:
#             objects that stay after the import: more than 200,000
#             leaving, beside leaving after gc.freeze(): more than 3 times as long
# For users of this project: its commands and workers freeze what is left before they end
#             (study/lab/execute/garbage.py), which counts where many are started.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    tensorflow-cpu==2.21.0 keras==3.15.1 numpy==2.4.6

cat >"$folder/timed.py" <<'PYTHON'
import subprocess
import sys
import time

IMPORTED = "import gc, time, keras, tensorflow; "
COUNTED = IMPORTED + "print(len(gc.get_objects()))"


def leaving(last):
    command = [sys.executable, "-c", IMPORTED + last + "print(time.time(), flush=True)"]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    return time.time() - float(ended.stdout)


counted = subprocess.run(
    [sys.executable, "-c", COUNTED], capture_output=True, text=True, check=True
)
stays = "more" if int(counted.stdout) > 200_000 else "fewer"
print(f"objects that stay after the import: {stays} than 200,000")
pairs = [(leaving(""), leaving("gc.freeze(); ")) for _ in range(5)]
as_it_is, frozen = map(min, zip(*pairs))
print(f"{as_it_is:.2f} s and {frozen:.2f} s", file=sys.stderr)
longer = "more" if as_it_is > 3 * frozen else "less"
print(f"leaving, beside leaving after gc.freeze(): {longer} than 3 times as long")
PYTHON

seen=$(TF_CPP_MIN_LOG_LEVEL=3 "$folder/env/bin/python" "$folder/timed.py")
echo "$seen"
test "$seen" = "objects that stay after the import: more than 200,000
leaving, beside leaving after gc.freeze(): more than 3 times as long"
