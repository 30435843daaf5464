#!/bin/sh
# After ray.shutdown a program's own SIGTERM handler is still replaced by Ray's.
#
# Version:    ray 2.60.0, CPython 3.11, Linux x86-64.
# Behavior:  ray.init takes the place of the handler that the program has set, and
#             ray.shutdown does not put it back: a SIGTERM long after ends the program
#             with status 143, and its handler is never called.
# Usual guess: what init takes, shutdown gives back, as it does with everything else.
# Source:     the documentation of ray.init says that it overwrites the handler; that of
#             ray.shutdown says nothing of it. ray._private.worker, init.
# Output seen:
#             before:         the program's
#             after init:     Ray's
#             after shutdown: Ray's
#             status at SIGTERM: 143, handled: no
# For users of this project: study.lab.execute.connection puts the handler back after ray.init,
# so that SIGTERM says what is kept, as it does without a cluster.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    ray==2.60.0 2>/dev/null

cat >"$folder/handler.py" <<'PYTHON'
import os
import signal

import ray


def own(*_):
    print("handled: yes")
    os._exit(0)


def whose():
    return "the program's" if signal.getsignal(signal.SIGTERM) is own else "Ray's"


signal.signal(signal.SIGTERM, own)
print("before:        ", whose())
ray.init(address="local", num_cpus=1, include_dashboard=False, logging_level="ERROR")
print("after init:    ", whose())
ray.shutdown()
print("after shutdown:", whose(), flush=True)
os.kill(os.getpid(), signal.SIGTERM)
signal.pause()
PYTHON
export RAY_USAGE_STATS_ENABLED=0 RAY_AUTH_MODE=disabled
export RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER=0 # it keeps Ray to the loopback
status=0
"$folder/env/bin/python" "$folder/handler.py" >"$folder/seen" 2>/dev/null || status=$?
grep -q handled "$folder/seen" ||
    echo "status at SIGTERM: $status, handled: no" >>"$folder/seen"
cat "$folder/seen"
test "$(cat "$folder/seen")" = "before:         the program's
after init:     Ray's
after shutdown: Ray's
status at SIGTERM: 143, handled: no"
