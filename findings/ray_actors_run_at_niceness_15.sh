#!/bin/sh
# Ray lowers the priority of actors: on a shared machine they yield to everything else.
#
# Version:    ray 2.60.0, CPython 3.11, Linux x86-64.
# Behavior:  the driver and a process that it starts run at niceness 0, an actor on the
#             same machine at 15. With RAY_worker_niceness=0 in the environment before
#             ray.init it runs at 0.
# Usual guess: an actor is a child of the driver's session and has its priority, so that
#             beside multiprocessing it is only the transport that differs.
# Source:     RAY_CONFIG(int, worker_niceness, 15) of src/ray/common/ray_config_def.h.
# Output seen:
#             driver: 0, its child: 0
#             an actor: 15
#             an actor, with RAY_worker_niceness=0: 0
# For users of this project: study.lab.execute.connection gives actors of this machine
# the niceness of the driver; nodes started by `ray start` have what they are given.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    ray==2.60.0 2>/dev/null

cat >"$folder/nice.py" <<'PYTHON'
import os

import ray

ray.init(address="local", num_cpus=1, include_dashboard=False, logging_level="ERROR")


@ray.remote
class Actor:
    def niceness(self):
        return os.nice(0)


print(ray.get(Actor.remote().niceness.remote()))
PYTHON
export RAY_USAGE_STATS_ENABLED=0 RAY_AUTH_MODE=disabled
export RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER=0 # it keeps Ray to the loopback
python="$folder/env/bin/python"
child='import subprocess as s; print(s.check_output("nice", text=True).strip())'
seen="driver: $(nice), its child: $("$python" -c "$child")
an actor: $("$python" "$folder/nice.py" 2>/dev/null)
an actor, with RAY_worker_niceness=0: $(
    RAY_worker_niceness=0 "$python" "$folder/nice.py" 2>/dev/null
)"
echo "$seen"
test "$seen" = "driver: 0, its child: 0
an actor: 15
an actor, with RAY_worker_niceness=0: 0"
