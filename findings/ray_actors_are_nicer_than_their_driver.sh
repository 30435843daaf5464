#!/bin/sh
# Ray runs tasks and actors at niceness 15, whatever the niceness of who starts it.
#
# Version:    ray 2.60.0, CPython 3.11, Linux x86-64.
# Behaviour:  an actor has niceness 15 where its driver has 0, and so have processes that
#             it starts. Whatever else is busy on the machine, the driver among it, goes
#             before it: the actor gets what is left.
# Usual guess: an actor competes for a core as a process would that the driver starts
#             by multiprocessing or subprocess, with the driver's niceness.
# Source:     RAY_worker_niceness, read by the raylet; the guides on actors and on
#             configuring Ray do not name it.
# Output seen:
#             niceness of the driver: 0, of its child: 0, of its actor: 15
#             with RAY_worker_niceness=0, of its actor: 0
# For users of this project: study.lab.execute.connection gives the actors of a cluster
# on this machine its own niceness. On nodes that do nothing else it does not matter.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    ray==2.60.0 2>/dev/null

cat >"$folder/niceness.py" <<'PYTHON'
import os
import subprocess
import sys

import ray


@ray.remote
class Actor:
    def niceness(self):
        return os.nice(0)


ray.init(address="local", num_cpus=1, include_dashboard=False, logging_level="ERROR")
actor = ray.get(Actor.remote().niceness.remote())
if "RAY_worker_niceness" in os.environ:
    print(f"with RAY_worker_niceness=0, of its actor: {actor}")
else:
    code = "import os; print(os.nice(0))"
    child = subprocess.check_output([sys.executable, "-c", code], text=True).strip()
    print(f"niceness of the driver: {os.nice(0)}, of its child: {child}, "
          f"of its actor: {actor}")
PYTHON
export RAY_USAGE_STATS_ENABLED=0 RAY_AUTH_MODE=disabled
export RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER=0 # it keeps Ray to the loopback
"$folder/env/bin/python" "$folder/niceness.py" >"$folder/seen" 2>/dev/null
RAY_worker_niceness=0 "$folder/env/bin/python" "$folder/niceness.py" >>"$folder/seen" \
    2>/dev/null
cat "$folder/seen"
test "$(cat "$folder/seen")" = "niceness of the driver: 0, of its child: 0, of its actor: 15
with RAY_worker_niceness=0, of its actor: 0"
