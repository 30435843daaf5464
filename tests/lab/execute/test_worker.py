"""What a worker answers, asked in this process: test_supervisor.py starts real ones."""

import contextlib
import json
import os
import threading
from multiprocessing.connection import Connection
from queue import SimpleQueue

import pytest
import tiny_study
from processes import environment

from study.lab.declare import registry
from study.lab.declare.identity import made_by
from study.lab.execute import simulation, worker
from study.lab.execute.tasks import Task
from study.lab.train import loop, plan
from study.lab.train.slices import Paused

TRAINING = '''"""Trained by a worker."""

import keras
import tiny_study


def optimizer():
    return keras.optimizers.SGD(0.1)


EXPERIMENT = tiny_study.experiment(
    optimizer=optimizer, steps=40, vary={"units": (7,)}, smoke={"steps": 30}
)
'''
FACTS = '''"""Made by a worker."""

import pandas as pd

from study.lab.declare.finding import Simulation
from study.lab.declare.measures import Column


def run(count=1):
    if count == 0:
        raise ValueError("no such luck")
    return pd.DataFrame({"gap": [1 / 3] * count})


EXPERIMENT = Simulation(
    title="Facts",
    claims=(),
    run=run,
    measures=(Column("gap"),),
    smoke={"settings": {"count": 2}},
    paper={"settings": {"count": 0}},
)
'''


class Engine:
    """Stand for the engine: answer with how often it was asked."""

    def __init__(self, experiment):
        self.experiment, self.asked = experiment, 0

    def run(self, program, report, slices):
        self.asked += 1
        if 9 in program.replicates:
            raise ValueError("no measure")
        if slices.begun:
            slices.keep(slices.begun + b" goes on")
            raise Paused(slices.begun + b" stops")
        report(self.experiment.steps / 2, 0.5)
        return self

    def to_bytes(self):
        return f"{self.experiment.steps} steps, {self.asked}".encode()


class Gone(BaseException):
    """Say that the one who asked is gone."""


class Requests(SimpleQueue):
    def get(self):
        request = super().get()
        if request is None:
            raise Gone
        return request


def forward(incoming, requests, stopped):
    """Queue requests, and tell who outlives the one who asked."""
    try:
        while True:
            requests.put(incoming.recv_bytes())
    except EOFError:
        requests.put(None)


@pytest.fixture
def ask(monkeypatch):
    """Return a function from requests to what a worker answers, kinds and contents."""
    monkeypatch.setattr(worker, "_listen", forward)
    monkeypatch.setattr(worker, "SimpleQueue", Requests)

    def ask(*requests):
        (read, write), (heard, said) = os.pipe(), os.pipe()
        with Connection(write, readable=False) as asking:
            for each in requests:
                asking.send_bytes(each if isinstance(each, bytes) else each.to_bytes())
        with Connection(heard, writable=False) as answers:
            with pytest.raises(Gone):
                worker.main(read, said)
            found = []
            with contextlib.suppress(EOFError):
                while answers.poll():
                    found.append(answers.recv_bytes())
        return [(each[:1], each[1:].decode("utf-8", "replace")) for each in found]

    return ask


def program(*replicates, units=7):
    return plan.Program("judge", ({"units": units},), replicates).to_json()


@pytest.fixture
def training(tmp_path):
    return tiny_study.write(tmp_path, "training", TRAINING)


def test_a_program_is_answered_with_its_progress_and_the_engine_s_result(
    training, ask, monkeypatch
):
    monkeypatch.setattr(loop, "Engine", Engine)
    progress = {"step": 15.0, "loss": 0.5}
    (kind, told), result = ask(Task(training, "smoke", program(0)))
    assert (kind, json.loads(told)) == (worker.PROGRESS, progress)
    assert result == (worker.RESULT, "30 steps, 1")


def test_an_engine_serves_all_programs_of_a_definition_and_profile(
    training, ask, monkeypatch
):
    monkeypatch.setattr(loop, "Engine", Engine)
    profiles = ("smoke", "smoke", "standard")
    answers = ask(*(Task(training, profile, program(0)) for profile in profiles))
    results = [content for kind, content in answers if kind == worker.RESULT]
    assert results == ["30 steps, 1", "30 steps, 2", "40 steps, 1"]


def test_checkpoints_are_answered_on_the_way_and_where_training_stops(
    training, ask, monkeypatch
):
    monkeypatch.setattr(loop, "Engine", Engine)
    begun = Task(training, "smoke", program(0), begun=b"line\n\0")
    assert ask(begun, Task(training, "smoke", program(0)))[:2] == [
        (worker.KEPT, "line\n\0 goes on"),
        (worker.PAUSED, "line\n\0 stops"),
    ]


def test_to_be_asked_to_stop_holds_for_the_task_under_way_and_for_no_later_one(
    monkeypatch,
):
    (read, write), told = os.pipe(), []

    class Stopped(threading.Event):
        def set(self):
            told.append("stop")
            super().set()

    class Noted(SimpleQueue):
        def put(self, request):
            told.append((request, stopped.is_set()))

    def left(code):
        raise Gone

    stopped = Stopped()
    monkeypatch.setattr(worker.os, "_exit", left)
    with Connection(write, readable=False) as asking:
        for each in (b"one", worker.STOP, b"two", worker.STOP, worker.STOP, b"three"):
            asking.send_bytes(each)
    with Connection(read, writable=False) as incoming, pytest.raises(Gone):
        worker._listen(incoming, Noted(), stopped)
    one, two, three = ((each, False) for each in (b"one", b"two", b"three"))
    assert told == [one, "stop", two, "stop", "stop", three]


@pytest.mark.parametrize("heard", [0, 3, 1_000])
def test_who_asked_may_die_in_the_midst_of_a_request(heard, monkeypatch):
    def left(code):
        raise Gone

    monkeypatch.setattr(worker.os, "_exit", left)
    read, write = os.pipe()
    os.write(write, (2_000).to_bytes(4, "big") + bytes(heard))
    os.close(write)
    requests = SimpleQueue()
    with Connection(read, writable=False) as incoming, pytest.raises(Gone):
        worker._listen(incoming, requests, threading.Event())
    assert requests.empty()


def test_an_exception_is_answered_with_its_traceback_and_the_next_is_done(
    training, ask, monkeypatch
):
    monkeypatch.setattr(loop, "Engine", Engine)
    (kind, why), *_, last = ask(
        Task(training, "smoke", program(9)), Task(training, "smoke", program(0))
    )
    assert kind == worker.ERROR
    assert why.startswith("Traceback")
    assert why.strip().endswith("ValueError: no measure")
    assert last == (worker.RESULT, "30 steps, 2")


def test_a_mistake_in_a_definition_is_answered_in_one_line_with_the_cell(training, ask):
    ((kind, message),) = ask(Task(training, "smoke", program(0, units=-1)))
    assert kind == worker.MISTAKE
    assert message.startswith("model: ")
    assert "{'units': -1}" in message
    assert "\n" not in message


def test_code_that_is_not_the_planned_one_is_refused_in_one_line(
    training, ask, monkeypatch
):
    monkeypatch.setattr(loop, "Engine", Engine)
    definition = registry.load(training).definition.at("smoke")
    planned = made_by(definition, "draft").digest
    task = Task(training, "smoke", program(0), code=planned)
    *_, (kind, _) = ask(task)
    assert kind == worker.RESULT
    training.write_text(TRAINING.replace("SGD(0.1)", "SGD(0.2)"))
    ((kind, message),) = ask(task)
    assert kind == worker.MISTAKE
    assert message.startswith(f"{training}: expected the code that was there when")
    assert "\n" not in message


def test_a_definition_is_loaded_once_for_keras_knows_functions_of_its_last_loading(
    training, ask, monkeypatch
):
    monkeypatch.setattr(loop, "Engine", Engine)
    loads = training.with_name("loads")
    note = f'open({str(loads)!r}, "a").write("x")'
    training.write_text(TRAINING.replace("import keras\n", f"import keras\n\n{note}\n"))
    profiles = ("smoke", "standard", "smoke")
    answers = ask(*(Task(training, profile, program(0)) for profile in profiles))
    assert [kind for kind, _ in answers].count(worker.RESULT) == 3
    assert loads.read_text() == "x"


def test_a_request_that_cannot_be_read_is_told_and_the_next_is_done(
    training, ask, monkeypatch
):
    monkeypatch.setattr(loop, "Engine", Engine)
    (kind, why), *_, last = ask(b"no request", Task(training, "smoke", program(0)))
    assert kind == worker.ERROR
    assert "JSONDecodeError" in why
    assert last == (worker.RESULT, "30 steps, 1")


def test_a_simulation_is_answered_with_its_table(tmp_path, ask, monkeypatch):
    made = []
    monkeypatch.setattr(simulation, "run", noted(simulation.run, made))
    path = tiny_study.write(tmp_path, "facts", FACTS)
    (kind, _), (failed, why) = ask(Task(path, "smoke"), Task(path, "paper"))
    assert kind == worker.RESULT
    (content,) = made
    _, table = simulation.read(content)
    assert table["gap"].tolist() == [1 / 3, 1 / 3]
    assert failed == worker.ERROR
    assert why.strip().endswith("ValueError: no such luck")


def noted(function, made):
    def noting(*arguments):
        made.append(function(*arguments))
        return made[-1]

    return noting


def test_where_what_tasks_need_cannot_be_imported_python_s_last_words_are_told(
    monkeypatch,
):
    monkeypatch.setattr(os, "environ", environment(hidden=("keras",)))
    assert "No module named 'keras'" in worker.unable("one")
    assert "\n" not in worker.unable("one")


@pytest.mark.slow
def test_where_a_worker_can_start_nothing_is_told():
    assert worker.unable("one") == ""
