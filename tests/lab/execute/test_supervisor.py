"""The supervisor: workers die, tasks do not get lost, and results are the engine's."""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import tiny_study
from sliced import arrays

from study.lab import machine
from study.lab.declare import registry
from study.lab.errors import StudyError
from study.lab.execute import simulation
from study.lab.execute.supervisor import Workers
from study.lab.execute.tasks import Listener, Task
from study.lab.train import plan
from study.lab.train.checkpoint import step
from study.lab.train.loop import Engine
from study.lab.train.result import Result

# A worker that starts at once; a task's program says what it does with it.
FAKE = """#!{python} -IS
import json, os, signal, struct, sys, time
from multiprocessing.connection import Connection
from pathlib import Path

requests = Connection(int(sys.argv[-2]), writable=False)
answers = Connection(int(sys.argv[-1]), readable=False)


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def tell(step):
    progress = {{"step": step, "loss": os.getpid()}}
    answers.send_bytes(b"P" + json.dumps(progress).encode())


while True:
    told, _, begun = requests.recv_bytes().partition(b"\\n")
    if told == b"S":
        continue
    kind, *words = json.loads(told)["program"].split()
    tell(1)
    if kind == "once" and not (mark := Path(words[1])).exists():
        mark.touch()
        kind = words[0]
    if kind.startswith("keep"):
        answers.send_bytes(b"K" + begun + b" kept")
    if kind in ("die", "keep_and_die"):
        die()
    if kind == "slowly":
        time.sleep(1)
    if kind == "cut":
        assert requests.recv_bytes() == b"S"
        answers.send_bytes(b"W" + begun + b" stopped")
        continue
    if kind == "halfway":
        os.write(int(sys.argv[-1]), struct.pack("!i", 1000) + b"R" + bytes(99))
        die()
    if kind == "hang":
        time.sleep(60)
    if kind == "meet":
        Path(words[0]).touch()
        while not Path(words[1]).exists():
            time.sleep(0.01)
    if kind == "mistake":
        answers.send_bytes("Müde: mend it".encode().join((b"M", b"")))
    elif kind == "error":
        answers.send_bytes(b"ETraceback:\\n  ValueError: no")
    elif kind == "where":
        core = sorted(os.sched_getaffinity(0))
        answers.send_bytes(b"R" + json.dumps([core, dict(os.environ)]).encode())
    else:
        tell(2)
        answers.send_bytes(b"R" + kind.encode() + begun)
    if kind == "leave":
        die()
"""


class Told(Listener):
    """A listener that writes down what it is told."""

    def __init__(self):
        self.events = []
        names = ("started", "progressed", "finished", "retried", "failed")
        super().__init__(*(self._note(name) for name in names))
        self.kept, self.paused = self._note("kept"), self._note("paused")

    def _note(self, name):
        return lambda task, *more: self.events.append((name, task.program, *more))

    def of(self, name):
        return [event[1:] for event in self.events if event[0] == name]


# A frozen dataclass sets its fields itself; this one also keeps a list.
Told.__setattr__ = object.__setattr__


def task(*words, structure=""):
    program = " ".join(map(str, words))
    return Task(Path("definition.py"), "standard", program, structure=structure)


def job(tasks, told):
    """Return a job of one set of tasks."""
    return iter([(tasks, told)])


@pytest.fixture
def fake(tmp_path, monkeypatch):
    script = tmp_path / "python"
    script.write_text(FAKE.format(python=sys.executable))
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))


def run(*tasks, workers=1):
    told = Told()
    with Workers(workers) as supervisor:
        supervisor.run([job(tasks, told)])
    return told


@pytest.mark.usefixtures("fake")
class TestFakeWorkers:
    def test_every_task_is_started_progresses_and_finishes(self):
        told = run(task("a"), task("b"), task("c"))
        assert told.of("started") == [("a",), ("b",), ("c",)]
        assert told.of("finished") == [("a", b"a"), ("b", b"b"), ("c", b"c")]
        assert [(p, step) for p, step, _ in told.of("progressed")] == [
            (name, step) for name in "abc" for step in (1, 2)
        ]
        assert len({pid for *_, pid in told.of("progressed")}) == 1

    def test_two_workers_work_at_the_same_time(self, tmp_path):
        here, there = tmp_path / "here", tmp_path / "there"
        told = run(task("meet", here, there), task("meet", there, here), workers=2)
        assert len(told.of("finished")) == 2

    def test_a_worker_goes_on_with_the_network_it_has_compiled(self):
        told = run(
            *(task(each, structure=each[0]) for each in ("a1", "b1", "a2", "b2"))
        )
        assert told.of("started") == [("a1",), ("a2",), ("b1",), ("b2",)]

    def test_workers_compile_different_networks_and_share_the_last(self, tmp_path):
        here, there = tmp_path / "here", tmp_path / "there"
        told = run(
            task("meet", here, there, structure="a"),
            task("later", structure="a"),
            task("meet", there, here, structure="b"),
            workers=2,
        )
        assert [name[:4] for (name,) in told.of("started")] == ["meet", "meet", "late"]
        told = run(
            task("meet", here, there, structure="a"),
            task("meet", there, here, structure="a"),
            workers=2,
        )
        assert len(told.of("finished")) == 2

    def test_few_tasks_are_left_to_the_worker_that_compiled_their_network(
        self, tmp_path
    ):
        here, there = tmp_path / "here", tmp_path / "there"
        a, b = task("a", structure="a"), task("b", structure="b")
        later = task("meet", here, there, structure="a")
        meanwhile = task("meet", there, here, structure="c")
        told = Told()
        with Workers(2) as supervisor:
            supervisor.run([job([a, b, later], told), job([meanwhile], told)])
        by = {program: pid for program, _, pid in told.of("progressed")}
        assert by[later.program] == by["a"] != by[meanwhile.program] == by["b"]

    def test_a_job_begins_while_the_last_task_of_another_is_done(self, tmp_path):
        here, there = tmp_path / "here", tmp_path / "there"

        def slow():
            yield [task("meet", here, there), task("a")], told
            told.events.append(("went on", ""))
            yield [task("b")], told

        told = Told()
        with Workers(2) as supervisor:
            supervisor.run([slow(), job([task("meet", there, here)], told)])
        assert [each for each, *_ in told.events].count("finished") == 4
        order = [(name, program[:1]) for name, program, *_ in told.events]
        assert order.index(("went on", "")) > order.index(("finished", "a"))
        assert order.index(("started", "b")) > order.index(("went on", ""))

    def test_a_task_that_wants_all_threads_has_nothing_beside_it(self):
        told = Told()
        alone = Task(Path("definition.py"), "standard", "alone", "all")
        jobs = [[task("a"), task("b")], [alone], [task("c")], [task("d"), task("e")]]
        with Workers(2) as supervisor:
            supervisor.run(job(each, told) for each in jobs)
        doing = set()
        for kind, name, *_ in told.events:
            if kind == "started":
                doing.add(name)
                assert "alone" not in doing or doing == {"alone"}
            elif kind == "finished":
                doing.remove(name)
        assert len(told.of("finished")) == 6

    def test_a_worker_is_only_started_for_a_task(self):
        told = run(workers=3)
        assert told.events == []

    @pytest.mark.parametrize("death", ["die", "halfway"])
    def test_a_task_whose_worker_died_is_tried_again_and_finishes(
        self, tmp_path, death
    ):
        once = task("once", death, tmp_path / "mark")
        told = run(once, task("b"))
        assert told.of("retried") == [(once.program,)]
        assert told.of("failed") == []
        finished = {program: content for program, content in told.of("finished")}
        assert finished == {once.program: b"once", "b": b"b"}

    def test_a_task_whose_worker_died_twice_has_failed_and_the_others_finish(self):
        told = run(task("a"), task("die"), task("b"))
        assert told.of("retried") == [("die",)]
        assert told.of("failed") == [("die", "its worker process died twice")]
        assert told.of("finished") == [("a", b"a"), ("b", b"b")]
        pids = {pid for program, _, pid in told.of("progressed") if program == "die"}
        assert len(pids) == 2

    def test_a_worker_that_died_between_two_runs_is_replaced(self):
        told = Told()
        with Workers(1) as supervisor:
            supervisor.run([job([task("leave")], told)])
            time.sleep(0.2)
            supervisor.run([job([task("b")], told)])
        assert told.of("finished") == [("leave", b"leave"), ("b", b"b")]
        assert told.of("failed") == []

    def test_a_task_is_sent_what_it_goes_on_from_and_its_checkpoints_are_told(self):
        told = Told()
        told.begun = lambda task: b"half\n\0" if task.program == "keep" else b""
        with Workers(1) as supervisor:
            supervisor.run([job([task("keep"), task("a")], told)])
        assert told.of("kept") == [("keep", b"half\n\0 kept")]
        assert told.of("finished") == [("keep", b"keephalf\n\0"), ("a", b"a")]

    def test_a_large_checkpoint_holds_up_nobody_while_a_worker_starts(self):
        told = Told()
        told.begun = lambda task: b"x" * 10_000_000
        with Workers(2) as supervisor:
            supervisor.run([job([task("a"), task("b")], told)])
        sizes = {name: len(content) for name, content in told.of("finished")}
        assert sizes == {"a": 10_000_001, "b": 10_000_001}
        assert [kind for kind, *_ in told.events[:2]] == ["started", "started"]

    def test_a_task_tried_again_goes_on_from_its_last_checkpoint(self, tmp_path):
        told, kept = Told(), []
        told.kept = lambda task, content: kept.append(content)
        told.begun = lambda task: kept[-1] if kept else b""
        once = task("once", "keep_and_die", tmp_path / "mark")
        with Workers(1) as supervisor:
            supervisor.run([job([once], told)])
        assert told.of("retried") == [(once.program,)]
        assert told.of("finished") == [(once.program, b"once kept")]

    def test_at_its_time_programs_stop_others_end_and_nothing_is_begun(self):
        def simulation():
            yield [task("slowly")], told
            told.events.append(("went on", "slowly"))
            yield [task("figures")], told

        def training():
            yield [task("cut"), task("later")], told
            told.events.append(("went on", "cut"))

        told = Told()
        with Workers(2) as supervisor:
            jobs = [training(), simulation(), job([task("never")], told)]
            supervisor.run(jobs, time.monotonic() + 0.7)
        assert told.of("paused") == [("cut", b" stopped")]
        assert told.of("finished") == [("later", b"later"), ("slowly", b"slowly")]
        assert told.of("went on") == [("slowly",)]
        assert {name for (name,) in told.of("started")} == {"cut", "later", "slowly"}

    def test_a_time_that_is_over_begins_nothing(self):
        told = Told()
        with Workers(2) as supervisor:
            supervisor.run([job([task("a")], told)], time.monotonic())
        assert told.events == []

    def test_a_task_that_raises_has_failed_with_its_traceback_at_once(self):
        told = run(task("error"), task("b"))
        assert told.of("failed") == [("error", "Traceback:\n  ValueError: no")]
        assert told.of("retried") == []
        assert told.of("finished") == [("b", b"b")]

    def test_a_mistake_of_the_user_ends_the_run(self):
        with pytest.raises(StudyError, match=r"^Müde: mend it$"):
            run(task("mistake"), task("b"))

    def test_leaving_ends_every_worker_whatever_it_does(self):
        class Interrupted(Exception):
            pass

        def interrupt(task, step, pid):
            pids.append(pid)
            if len(pids) == 2:
                raise Interrupted

        pids, told = [], Told()
        told.progressed = interrupt
        start = time.monotonic()
        with pytest.raises(Interrupted), Workers(2) as supervisor:
            supervisor.run([job([task("hang"), task("hang", 2)], told)])
        assert time.monotonic() - start < 10
        for pid in pids:
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)

    def test_a_worker_has_one_thread_no_gpu_and_a_core_of_its_own(self):
        told = run(task("where"), task("where", 2), workers=2)
        where = [json.loads(content) for _, content in told.of("finished")]
        for _, environment in where:
            assert machine.environment("one").items() <= environment.items()
        assert environment["CUDA_VISIBLE_DEVICES"] == ""
        assert environment["TF_NUM_INTRAOP_THREADS"] == "1"
        cores = {tuple(core) for core, _ in where}
        assert all(len(each) == 1 for each in cores)
        assert len(cores) == min(2, len(os.sched_getaffinity(0)))


REAL = '''"""Trained by a real worker."""

import os
import signal
from pathlib import Path

import keras

from study.lab.data import digits
from study.lab.declare.finding import Experiment
from study.lab.declare.measures import FinalLoss, TestError
from study.lab.declare.models import mlp

CALLS = Path(__file__).with_name("calls")


def model(units):
    return mlp(64, (units,), 10)


def optimizer():
    return keras.optimizers.SGD(0.1, momentum=0.9)


def pretraining():
    """Raise at the first call, kill the worker at the second, be quiet afterwards."""
    with CALLS.open("a") as file:
        file.write("x")
    calls = len(CALLS.read_text())
    if calls == 1:
        return no_weights
    if calls == 2:
        os.kill(os.getpid(), signal.SIGKILL)


def no_weights(model, x, y, seed):
    raise ValueError("no weights")


EXPERIMENT = Experiment(
    title="Real",
    claims=(),
    data=digits(train=43, validation=11),
    model=model,
    optimizer=optimizer,
    batch_size=9,
    steps=40,
    watch=("train",),
    vary={"units": (7,)},
    pretraining=pretraining,
    measures=(FinalLoss(), TestError()),
    smoke={"steps": 30, "evaluations": 10},
)
'''
RUNS = {"raises": (0, 1), "dies": (2, 3), "fine": (4, 5)}


def program(replicates, units=7):
    return plan.Program("draft", ({"units": units},), tuple(replicates))


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """Return the path, a task's name to it and what a real worker made of them."""
    path = tiny_study.write(tmp_path_factory.mktemp("real"), "real", REAL)
    tasks = {
        name: Task(path, "smoke", program(replicates).to_json())
        for name, replicates in RUNS.items()
    }
    told = Told()
    with Workers(1) as supervisor:
        supervisor.run([job(tasks.values(), told)])
        mistake = Task(path, "smoke", program((0,), units=-1).to_json())
        with pytest.raises(StudyError) as error:
            supervisor.run([job([mistake], Told())])
    names = {each.program: name for name, each in tasks.items()}
    events = [(kind, names[text], *more) for kind, text, *more in told.events]
    return path, events, str(error.value)


def of(events, kind):
    return {name: more for event, name, *more in events if event == kind}


@pytest.mark.slow
def test_a_worker_trains_as_the_engine_to_the_bit_and_reads_the_same_numbers(real):
    path, events, _ = real
    engine = Engine(registry.load(path).definition.at("smoke"))
    finished = of(events, "finished")
    for name in ("fine", "dies"):
        there = Result.from_bytes(finished[name][0])
        here = engine.run(program(RUNS[name]), lambda *_: None)
        assert {"end test error", "look train loss"} <= {*there.reads}
        assert there.reads.keys() == here.reads.keys()
        for read, values in here.reads.items():
            # A worker has one thread and this process all: sums over many examples
            # are rounded in another order on some processors, by an ulp or two.
            np.testing.assert_allclose(there.reads[read], values, rtol=4 * 2**-23)
        assert here.loss.tobytes() == there.loss.tobytes()
        assert there.loss.shape == (2, 30)


@pytest.mark.slow
def test_a_worker_tells_how_far_it_is(real):
    _, events, _ = real
    steps = [more[0] for kind, name, *more in events if (kind, name) == FINE]
    # Of ten looks at each of two runs, one run after another.
    assert steps == [1.5 * each for each in range(1, 21)]


FINE = ("progressed", "fine")


@pytest.mark.slow
def test_a_worker_killed_in_a_program_has_it_tried_again(real):
    _, events, _ = real
    assert list(of(events, "retried")) == ["dies"]
    assert set(of(events, "finished")) == {"dies", "fine"}


@pytest.mark.slow
def test_an_exception_is_a_failure_with_its_traceback_and_the_others_finish(real):
    _, events, _ = real
    ((name, (why,)),) = of(events, "failed").items()
    assert name == "raises"
    assert why.startswith("Traceback")
    assert 'raise ValueError("no weights")' in why
    assert why.strip().endswith("ValueError: no weights")


@pytest.mark.slow
def test_a_mistake_in_a_definition_surfaces_in_one_line_with_the_cell(real):
    *_, message = real
    assert message.startswith("model: ")
    assert "{'units': -1}" in message
    assert "\n" not in message


CUT = '''"""Cut by whoever kills its worker."""

import keras

from study.lab.data import digits
from study.lab.declare.finding import Experiment
from study.lab.declare.measures import FinalLoss, TestError
from study.layers import Dropout


def model(units):
    return keras.Sequential(
        [
            keras.Input((64,)),
            keras.layers.Dense(units, "relu"),
            Dropout(0.3, mask="epoch"),
            keras.layers.Dense(10, "softmax"),
        ]
    )


def optimizer():
    return keras.optimizers.Adam(0.01)


EXPERIMENT = Experiment(
    title="Cut",
    claims=(),
    data=digits(train=43, validation=11),
    model=model,
    optimizer=optimizer,
    batch_size=9,
    steps=40,
    watch=("validation",),
    patience=2,
    vary={"units": (7,)},
    measures=(FinalLoss(), TestError()),
    smoke={},
)
'''


@pytest.mark.slow
def test_a_program_whose_worker_is_killed_goes_on_to_the_same_bits(tmp_path):
    path = tiny_study.write(tmp_path, "cut", CUT)
    asked = Task(path, "smoke", program(range(3)).to_json(), every=0.0)
    told, undisturbed, kept = Told(), Told(), []

    def keep(task, content):
        kept.append(content)
        if len(kept) == 9:
            supervisor._workers[0]._process.kill()

    told.kept = keep
    told.begun = lambda task: kept[-1] if kept else b""
    with Workers(1) as supervisor:
        supervisor.run([job([asked], told)])
        supervisor.run([job([asked], undisturbed)])
    assert len(told.of("retried")) == 1
    one, other = (
        arrays(Result.from_bytes(content))
        for each in (told, undisturbed)
        for _, content in each.of("finished")
    )
    assert one == other
    assert [step(each) for each in kept] == sorted({step(each) for each in kept})


FACTS = """'''Made by a real worker.'''

import os

import pandas as pd

from study.lab.declare.finding import Simulation
from study.lab.declare.measures import Column


def run(count=1):
    if count == 0:
        raise ValueError("no such luck")
    threads = "OMP " + os.environ.get("OMP_NUM_THREADS", "all")
    return pd.DataFrame({"gap": [1 / 3] * count, "threads": threads})


EXPERIMENT = Simulation(
    title="Facts",
    claims=(),
    run=run,
    measures=(Column("gap"),),
    smoke={"settings": {"count": 2}},
    paper={"settings": {"count": 0}},
)
"""


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    """Return what real workers made of a simulation, by profile and threads."""
    path = tiny_study.write(tmp_path_factory.mktemp("facts"), "facts", FACTS)
    asked = {
        ("smoke", "one"): Task(path, "smoke"),
        ("smoke", "all"): Task(path, "smoke", threads="all"),
        ("paper", "one"): Task(path, "paper"),
    }
    told = {name: Told() for name in asked}
    with pytest.MonkeyPatch.context() as patch, Workers(1) as supervisor:
        patch.delenv("OMP_NUM_THREADS", raising=False)
        supervisor.run(job([task], told[name]) for name, task in asked.items())
    return told


@pytest.mark.slow
@pytest.mark.parametrize(("threads", "count"), [("one", "1"), ("all", "all")])
def test_a_worker_makes_the_table_of_a_simulation(simulated, threads, count):
    ((_, content),) = simulated["smoke", threads].of("finished")
    seconds, table = simulation.read(content)
    assert seconds >= 0
    assert table["gap"].tolist() == [1 / 3, 1 / 3]
    assert table["threads"].tolist() == [f"OMP {count}"] * 2


@pytest.mark.slow
def test_a_simulation_that_raises_has_failed_with_its_traceback(simulated):
    ((_, why),) = simulated["paper", "one"].of("failed")
    assert why.strip().endswith("ValueError: no such luck")
