"""The relay on a node: what it compares, keeps and hands on."""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from processes import python

from study.lab.execute import relay, worker
from study.lab.execute.relay import Relay, difference, greeting
from study.lab.execute.tasks import Task

# A worker that answers with what it was started with.
FAKE = """#!{python} -IS
import json, os, sys
from multiprocessing.connection import Connection

if sys.argv[-2] == "-c":
    sys.exit(os.environ.get("BROKEN"))
requests = Connection(int(sys.argv[-2]), writable=False)
answers = Connection(int(sys.argv[-1]), readable=False)
while True:
    task = json.loads(requests.recv_bytes())
    if task["program"] == "die":
        os._exit(1)
    if task["program"] == "cut":
        answers.send_bytes(b"Khalf")
        assert requests.recv_bytes() == b"S"
        answers.send_bytes(b"Wend")
        continue
    answers.send_bytes(b'P{{"step": 1, "loss": 2}}')
    told = dict(os.environ) | {{"path": task["path"], "pid": str(os.getpid())}}
    told["in"] = os.getcwd()
    answers.send_bytes(b"R" + json.dumps(told).encode())
"""


@pytest.fixture
def node(tmp_path, monkeypatch):
    """Return a function to a relay whose worker is a fake, in a folder of its own."""
    script = tmp_path / "python"
    script.write_text(FAKE.format(python=sys.executable))
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    monkeypatch.setattr(os, "environ", os.environ.copy())
    os.environ["XDG_CACHE_HOME"] = str(tmp_path / "cache")
    os.environ.pop("STUDY_DATA", None)
    relays = []

    def make(environment=None, data="nowhere", core=0):
        relays.append(Relay(core, environment or {}, data, str(tmp_path)))
        return relays[-1]

    yield make
    for each in relays:
        for one in each._workers.values():
            one.stop()


def asked(program="1", **more):
    return Task(Path("/driver/only/mine.py"), "smoke", program, **more).to_bytes()


def told(answer):
    assert answer[:1] == worker.RESULT
    return json.loads(answer[1:])


def do(there, task, files=None, number=1):
    return there.do(number, task, files)


FILES = {"experiments/mine.py": b"1", "experiments/spent.csv": b"2"}


def test_a_greeting_tells_python_packages_processor_and_every_file_of_code():
    found = greeting_without_ray()
    assert {"python", "keras", "tensorflow", "numpy", "pandas", "scipy"} <= {*found}
    assert {"device", "processor"} <= {*found}
    root = Path(relay.__file__).parents[3]
    files = [f"{each.relative_to(root)}" for each in root.glob("study/**/*.py")]
    assert {*files} <= {*found}


def greeting_without_ray():
    with pytest.MonkeyPatch.context() as patch:
        packages = [each for each in relay.PACKAGES if each != "ray"]
        patch.setattr(relay, "PACKAGES", packages)
        return greeting()


def test_a_difference_names_few_and_counts_the_others():
    mine = {f"study/{i}.py": "1" for i in range(9)}
    said = difference(mine, mine | {f"study/{i}.py": "2" for i in range(8)})
    assert said.count("study/") == 12
    assert said.count("and 2 more") == 2
    assert "Received: study/0.py 2" in said
    assert difference(mine, dict(mine)) == ""


def test_a_definition_is_kept_by_content_and_its_worker_gets_that_path(node):
    there = node()
    first = Path(told(do(there, asked(), FILES))["path"])
    assert first.is_relative_to(relay.cache())
    assert first.read_bytes() == b"1"
    assert first.with_name("spent.csv").read_bytes() == b"2"
    assert told(do(there, asked()))["path"] == str(first)
    changed = FILES | {"experiments/mine.py": b"3"}
    assert Path(told(do(there, asked(), changed))["path"]).read_bytes() == b"3"
    assert first.read_bytes() == b"1"


def test_modules_of_one_s_own_are_where_a_fresh_worker_imports_from(node):
    there = node()
    before = told(do(there, asked(), FILES))
    after = told(do(there, asked(), FILES | {"helper/own.py": b""}))
    assert before["pid"] != after["pid"]
    first, *_ = after["PYTHONPATH"].split(os.pathsep)
    assert (Path(first) / "helper" / "own.py").exists()
    assert told(do(there, asked()))["pid"] == after["pid"]


def test_figures_are_drawn_where_paths_are_real(node, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path.parent)
    for core, where in ((0, tmp_path.parent), (None, tmp_path)):
        found = told(do(node(core=core), asked("", folder="pages")))
        assert found["path"] == "/driver/only/mine.py"
        assert Path(found["in"]) == where


def test_the_driver_s_variables_hold_and_no_others_of_their_kind(node):
    os.environ.update(OMP_NUM_THREADS="7", TF_ONLY_HERE="1", OTHER="kept")
    found = told(do(node({"TF_DRIVER": "1"}), asked(threads="all"), FILES))
    assert found["TF_DRIVER"] == "1"
    assert found["OTHER"] == "kept"
    assert not {"OMP_NUM_THREADS", "TF_ONLY_HERE"} & {*found}


def test_how_far_it_is_can_be_asked_and_a_worker_that_died_is_told(node):
    there = node()
    assert there.look(1) == b""
    do(there, asked(), FILES)
    assert json.loads(there.look(1)) == {"step": 1, "loss": 2}
    assert do(there, asked("die")) == relay.DIED
    assert told(do(there, asked()))


def test_where_no_worker_can_start_its_last_words_are_told(node):
    os.environ["BROKEN"] = "Traceback:\nImportError: no such library"
    answer = do(node(), asked("die"), FILES)
    assert answer == relay.UNABLE + b"ImportError: no such library"


def test_a_checkpoint_is_handed_on_once_and_who_trains_can_be_asked_to_stop(node):
    there, deadline = node(), time.monotonic() + 60
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(there.do, 1, asked("cut"), FILES)
        while (found := there.look(1)) != b"Khalf":
            assert found == b""
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert there.look(1) == b""
        there.stop(0)
        assert done.result(timeout=60) == b"Wend"
    there.stop(0)
    assert told(do(there, asked()))


def test_nothing_is_told_of_a_task_that_is_not_under_way(node):
    there = node()
    do(there, asked(), FILES, 4)
    assert there.look(3) == there.look(5) == b""
    assert there.look(4)


def test_after_a_word_to_stop_what_follows_does_not_begin_and_later_ones_do(node):
    there = node()
    assert told(do(there, asked(), FILES, 1))
    there.stop(2)
    assert do(there, asked(), number=2) == relay.UNTRIED
    assert told(do(there, asked(), number=3))


def test_what_cannot_be_kept_is_told_in_a_line(node, tmp_path):
    (tmp_path / "cache").write_text("in the way")
    answer = do(node(), asked(), FILES)
    assert answer[:1] == relay.UNABLE
    assert str(tmp_path / "cache") in answer.decode()
    assert "\n" not in answer.decode()


def test_data_are_the_driver_s_where_both_are_one_machine(node, tmp_path):
    node(data=str(tmp_path))
    assert os.environ["STUDY_DATA"] == str(relay.cache() / "data")
    del os.environ["STUDY_DATA"]
    (tmp_path / "mnist_arrays").mkdir()
    (tmp_path / "mnist_arrays" / "manifest.json").write_text("{}")
    node(data=str(tmp_path))
    assert os.environ["STUDY_DATA"] == str(tmp_path)


def test_data_that_came_damaged_are_refused_in_words(node):
    said = node().keep_data({"manifest.json": b"[]"})
    assert b"expected a list" in said
    assert not list(relay.cache().glob("data/mnist*/"))


ACTOR = """
import sys
from study.lab.execute import parcel
from study.lab.execute.relay import Relay

made = parcel.actor(Relay)
for name in [*sys.modules]:
    if name.partition(".")[0] in ("study", "keras"):
        del sys.modules[name]
actor = made(0, {}, "nowhere", ".")
print(actor.ask("look", 1), "keras" in sys.modules, sys.argv)
"""


@pytest.mark.slow
def test_an_actor_has_no_need_of_keras_which_its_worker_has():
    ran = python("-c", ACTOR)
    assert ran.stdout.strip() == "b'' False ['-c']", ran.stderr
