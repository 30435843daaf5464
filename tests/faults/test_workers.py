"""A killed worker costs its own program one more try and nobody else anything."""

import os
import random
import signal
import time

import pytest
from project import finish, make, pages, results, share, start

from study.lab import plan, registry
from study.lab.supervisor import Workers
from study.lab.tasks import Listener, Task


def tasks(folder, count):
    """List programs of ten runs or so, all different."""
    entry = registry.load(folder / "experiments" / "width_on_digits.py")
    cells = plan.cells(entry.definition.vary)
    runs = [(cell, replicate) for cell in cells for replicate in range(5 * count)]
    programs = plan.programs(entry.definition, "judge", runs)
    return [Task(entry.path, "standard", each.to_json()) for each in programs[:count]]


class Log:
    """Note what a supervisor tells."""

    def __init__(self, on_progress):
        self.finished, self.retried, self.failed = {}, [], []
        self.listener = Listener(
            lambda task: None,
            lambda task, step, loss: on_progress(task),
            lambda task, content: self.finished.update({task: content}),
            self.retried.append,
            lambda task, why: self.failed.append(task),
        )


@pytest.mark.faults
def test_a_killed_workers_program_is_retried_once_and_the_others_are_untouched(
    tmp_path,
):
    kills = share(50)
    folder = make(tmp_path, steps=400)
    work = tasks(folder, kills + 2)
    random.Random(7).shuffle(work)
    victims = set(work[:kills])
    killed = []

    def kill(task):
        if task in victims and task not in killed:
            killed.append(task)
            (each,) = (each for each in supervisor._workers if each.task == task)
            os.kill(each._process.pid, signal.SIGKILL)

    log = Log(kill)
    with Workers(2) as supervisor:
        supervisor.run([iter([(work, log.listener)])])
    assert set(log.finished) == set(work)
    assert sorted(map(str, log.retried)) == sorted(map(str, killed))
    assert len(killed) == kills
    assert log.failed == []


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


def test_a_page_of_which_a_program_failed_says_so_and_the_rest_is_built(tmp_path):
    folder = make(tmp_path, steps=400)
    path = folder / "experiments" / "width_on_digits.py"
    text = path.read_text().replace("import keras\n", "import os\n\nimport keras\n", 1)
    dying = '    if width == 60 and os.environ.get("TF_NUM_INTEROP_THREADS") == "1":\n'
    text = text.replace(
        "    return mlp(", dying + "        os._exit(1)\n    return mlp("
    )
    path.write_text(text)
    assert "died twice" in finish(start(folder))
    page = (folder / "reports" / "width_on_digits" / "README.md").read_text()
    assert "unresolved" in page
    assert "a program failed" in page
    assert "reports/squares_are_exact/results.csv" in pages(folder)
