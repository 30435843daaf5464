"""Keep worker processes that answer requests, placed as the study's own workers are."""

import json
import os
import subprocess
import sys
from collections.abc import Callable

from study.lab import machine

READY = "ready"


def cores() -> int:
    """Count the cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


class Workers:
    """Run `python -m MODULE` in a one-thread process a core, or in one with all.

    Each request and each answer is a line of JSON. Workers start when first needed, and
    meet once in each request, when all have compiled.
    """

    def __init__(self, module: str, threads: str):
        self.module, self.threads = module, threads
        self.most = cores() if threads == "one" else 1
        self._processes: list[subprocess.Popen] = []

    def ask(self, requests: list[dict]) -> list[dict]:
        """Send each worker its request at once and wait for all answers."""
        while len(self._processes) < len(requests):
            self._processes.append(self._start(len(self._processes)))
        used = self._processes[: len(requests)]
        for process, request in zip(used, requests, strict=True):
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
        for process in used:
            if self._read(process) != READY:
                raise RuntimeError(f"{self.module}: a worker did not wait for the rest")
        for process in used:
            process.stdin.write("go\n")
            process.stdin.flush()
        return [self._read(each) for each in used]

    def close(self) -> None:
        """End every worker."""
        for each in self._processes:
            each.stdin.close()
            each.wait()
            each.stdout.close()
        self._processes = []

    def _start(self, core):
        environment = machine.environment(self.threads)
        process = subprocess.Popen(
            [sys.executable, "-m", self.module],
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if self.threads == "one" and hasattr(os, "sched_setaffinity"):
            mine = sorted(os.sched_getaffinity(0))
            os.sched_setaffinity(process.pid, {mine[core % len(mine)]})
        return process

    def _read(self, process):
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.module}: a worker died; see what it printed")
        return json.loads(line)


def serve(answer: Callable[[dict, Callable[[], None]], dict]) -> None:
    """Answer each request on standard input, until there are no more.

    `answer` gets the request and a function that it calls once: it returns when the
    other workers are as far.
    """

    def meet():
        print(json.dumps(READY), flush=True)
        sys.stdin.readline()

    for line in iter(sys.stdin.readline, ""):
        print(json.dumps(answer(json.loads(line), meet)), flush=True)
