"""Two nodes of a Ray cluster on this machine, reached over the loopback alone."""

import os
import secrets
import signal
import subprocess
import time
from pathlib import Path

from study.lab.execute.tasks import Listener

ROOT = Path(__file__).parents[2]
# Ray reads these when it is imported, and its nodes inherit them.
MARK = f"STUDY_TEST_MARK={secrets.token_hex(8)}"
ENVIRONMENT = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # keeps to the loopback
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AUTH_MODE": "token",
    "RAY_AUTH_TOKEN": secrets.token_hex(32),
    "PYTHONPATH": os.pathsep.join(map(str, (ROOT, Path(__file__).parent))),
    "STUDY_TEST_MARK": MARK.partition("=")[2],
}


class Told(Listener):
    """A listener that writes down what it is told, and answers to what is finished."""

    def __init__(self, then=lambda *_: None):
        self.events, self.then = [], then
        names = ("started", "progressed", "finished", "retried", "failed")
        super().__init__(*(self._note(name) for name in names))

    def _note(self, name):
        def note(task, *more):
            self.events.append((name, task.program, *more))
            self.then(name, task)

        return note

    def of(self, name):
        return [event[1:] for event in self.events if event[0] == name]


# A frozen dataclass sets its fields itself; this one also keeps a list.
Told.__setattr__ = object.__setattr__


def processes(mark=MARK) -> dict[int, str]:
    """Map processes of these tests to their command lines, by their environment."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                found[int(folder.name)] = line
        except OSError:  # it has ended
            continue
    return found


def left(mark, seconds=180) -> dict[int, str]:
    """Wait until no process has a mark; return those that have one after that time."""
    end = time.monotonic() + seconds
    while (found := processes(mark)) and time.monotonic() < end:
        time.sleep(0.5)
    return found


class Nodes:
    """A head without a core, and nodes of one core each."""

    def __init__(self):
        from ray.cluster_utils import Cluster

        head = {"num_cpus": 0, "include_dashboard": False}
        self._cluster = Cluster(initialize_head=True, head_node_args=head)
        self.address = self._cluster.address

    def add(self, **environment):
        return self._cluster.add_node(num_cpus=1, env_vars=environment or None)

    def kill(self, node):
        """Kill a node, of which the others hear nothing."""
        self._cluster.remove_node(node, allow_graceful=False)

    def remove(self, nodes):
        """Have nodes leave, and wait until none is taken for there that is not."""
        for node in {*nodes} & {*self._cluster.worker_nodes}:
            self._cluster.remove_node(node)
        self._cluster.wait_for_nodes(timeout=120)

    def freeze(self, node):
        """Stop a node's processes; return what lets them go on."""
        (raylet,) = node.all_processes["raylet"]
        pids = [raylet.process.pid, *_descendants(raylet.process.pid)]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        return pids

    def thaw(self, pids):
        for pid in pids:
            os.kill(pid, signal.SIGCONT)

    def shut(self):
        self._cluster.shutdown()


def _descendants(pid):
    ran = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True
    )
    for child in map(int, ran.stdout.split()):
        yield child
        yield from _descendants(child)
