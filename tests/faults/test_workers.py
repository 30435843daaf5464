"""A killed worker costs its own program one more try and nobody else anything."""

import os
import random
import signal
import sys
import time
from pathlib import Path

import pytest
from project import finish, make, pages, results, share, start

from study.lab.execute.supervisor import Workers
from study.lab.execute.tasks import Listener, Task

# A worker that starts at once, and takes a moment for each task.
QUICK = """#!{python} -IS
import json, sys, time
from multiprocessing.connection import Connection

requests = Connection(int(sys.argv[-2]), writable=False)
answers = Connection(int(sys.argv[-1]), readable=False)
while True:
    program = json.loads(requests.recv_bytes())["program"]
    for step in range(3):
        answers.send_bytes(b'P{{"step": %d, "loss": 1}}' % step)
        time.sleep(0.01)
    answers.send_bytes(b"R" + program.encode() * 10_000)
"""


class Log:
    """Note what a supervisor tells."""

    def __init__(self, on_progress):
        self.finished, self.retried, self.failed = {}, [], []
        self.listener = Listener(
            lambda task: None,
            lambda task, step, loss: on_progress(task, step),
            lambda task, content: self.finished.update({task: content}),
            self.retried.append,
            lambda task, why: self.failed.append(task),
        )


@pytest.mark.faults
def test_a_killed_workers_program_is_retried_once_and_the_others_are_untouched(
    tmp_path, monkeypatch
):
    script = tmp_path / "python"
    script.write_text(QUICK.format(python=sys.executable))
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    kills, draws = share(50), random.Random(7)
    work = [Task(Path("definition.py"), "standard", f"{i:03}") for i in range(kills)]
    work += [Task(Path("definition.py"), "standard", f"left {i}") for i in range(10)]
    draws.shuffle(work)
    moments = {each: draws.randrange(3) for each in work if each.program.isdigit()}
    killed = []

    def kill(task, step):
        if task not in killed and step == moments.get(task):
            killed.append(task)
            (each,) = (each for each in supervisor._workers if each.task == task)
            time.sleep(draws.uniform(0, 0.03))  # it may be about to answer
            pid = each._process.pid
            os.kill(pid, signal.SIGKILL)
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)

    log = Log(kill)
    with Workers(2) as supervisor:
        supervisor.run([iter([(work, log.listener)])])
    assert len(killed) == kills
    assert log.finished == {each: each.program.encode() * 10_000 for each in work}
    assert {*log.retried} <= {*killed}
    assert len({*log.retried}) == len(log.retried) > 0
    assert log.failed == []


@pytest.mark.slow
def test_sigterm_ends_a_run_within_five_seconds_and_keeps_what_is_finished(tmp_path):
    folder = make(tmp_path, steps=20_000)
    process = start(folder)
    while not any("width" in line for line in iter(process.stdout.readline, "")):
        assert process.poll() is None
    time.sleep(6)  # workers are up and train
    kept = results(folder)
    began = time.monotonic()
    process.terminate()
    _, err = process.communicate(timeout=30)
    assert time.monotonic() - began < 5
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "interrupted" in err
    assert kept.items() <= results(folder).items()


@pytest.mark.slow
def test_a_page_of_which_a_program_failed_says_so_and_the_rest_is_built(
    tmp_path, monkeypatch
):
    monkeypatch.delenv("TF_NUM_INTEROP_THREADS", raising=False)  # a worker's alone
    folder = make(tmp_path, steps=400)
    path = folder / "experiments" / "width_on_digits.py"
    text = path.read_text().replace("import keras\n", "import os\n\nimport keras\n", 1)
    dying = '    if width == 60 and os.environ.get("TF_NUM_INTEROP_THREADS") == "1":\n'
    text = text.replace(
        "    return mlp(", dying + "        os._exit(1)\n    return mlp("
    )
    path.write_text(text.replace("replicates=20", "replicates=2"))  # a program a width
    assert "died twice" in finish(start(folder))
    page = (folder / "reports" / "width_on_digits" / "README.md").read_text()
    assert "unresolved" in page
    assert "a program failed" in page
    assert "reports/squares_are_exact/results.csv" in pages(folder)
