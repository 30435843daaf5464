"""The cluster: nodes come, die, freeze and differ, and every result comes once."""

import os
import subprocess
import sys
import threading
from collections import Counter

import pytest
from quick import Quick
from ray_nodes import ENVIRONMENT, ROOT, Told

from study.lab.errors import StudyError

pytestmark = pytest.mark.slow


class Cluster:
    """Run tasks on nodes with relays that do at once what they are told."""

    def __init__(self, nodes, silence=60.0):
        from study.lab.execute import cluster

        self.said, self.hear = [], lambda line: None
        self.executor = cluster.Cluster(
            nodes.address, 1, self._say, silence, relay=Quick
        )

    def _say(self, line):
        self.said.append(line)
        self.hear(line)

    def run(self, tasks, then=lambda *_: None):
        told = Told(then)
        with self.executor:
            self.executor.run([iter([(tasks, told)])])
        return told


def once(told, tasks):
    """Say whether each task was finished once and none failed."""
    finished = sorted(program for program, _ in told.of("finished"))
    return finished == sorted(each.program for each in tasks) and not told.of("failed")


@pytest.fixture
def add(nodes):
    """Return a function that adds a node, which goes when the test ends."""
    added = []

    def add(**environment):
        added.append(nodes.add(**environment))
        return added[-1]

    yield add
    nodes.remove(added)


@pytest.fixture
def two(add):
    """Return two nodes."""
    return add(), add()


def at_first(name, act):
    """Return a listener's function that acts at the first event of a name."""
    acts = [act]

    def then(event, task):
        if event == name and acts:
            acts.pop()()

    return then


@pytest.fixture
def ahead(monkeypatch):
    """Return the list of tasks that will have been put back, for nobody began them."""
    from study.lab.execute.dealing import Deal

    found, put_back = [], Deal.put_back

    def note(deal, hand):
        found.append(hand.ahead[1])
        put_back(deal, hand)

    monkeypatch.setattr(Deal, "put_back", note)
    return found


@pytest.fixture
def meeting(task, tmp_path):
    """Return two tasks, of which none ends before both are begun, and who listens."""
    both, begun = tmp_path / "both", []

    def then(event, task):
        if event == "started":
            begun.append(task)
            if len(begun) == 2:
                both.touch()

    return [task("wait", both, i, structure=f"{i}") for i in range(2)], then


def all_of(*listeners):
    """Return a listener's function that tells several."""

    def then(event, task):
        for one in listeners:
            one(event, task)

    return then


def test_every_task_comes_back_once_from_both_nodes(nodes, two, task, meeting):
    first, meet = meeting
    tasks = [*first, *(task("sleep", 0.2, i) for i in range(12))]
    told = Cluster(nodes).run(tasks, meet)
    assert once(told, tasks)
    assert len({content for _, content in told.of("finished")}) == 2


def test_a_task_returns_to_the_actor_that_has_compiled_its_network(
    nodes, two, task, meeting
):
    first, meet = meeting
    more = [task("sleep", 0.5, i, structure=f"{i % 2}") for i in range(12)]
    tasks = [*first, *more]
    told = Cluster(nodes).run(tasks, meet)
    assert once(told, tasks)
    by = {}
    for program, content in told.of("finished"):
        by.setdefault(int(program.split()[2]) % 2, set()).add(content)
    assert all(len(each) == 1 for each in by.values())


def test_work_starts_on_the_first_actor_that_is_ready(nodes, add, task):
    add()
    tasks = [task("sleep", 0.5, i) for i in range(30)]
    told = Cluster(nodes).run(tasks, at_first("started", lambda: add()))
    assert once(told, tasks)
    assert len({content for _, content in told.of("finished")}) == 2, "a node was added"


class Once:
    """A time that is over once something was told."""

    def __init__(self, told, name):
        self.told, self.name = told, name

    def __le__(self, now):
        return bool(self.told.of(self.name))


def test_at_its_time_a_program_stops_with_its_checkpoint_and_none_is_begun(
    nodes, add, task, ahead
):
    add()
    told = Told()
    told.begun = lambda task: b"begun"
    told.kept, told.paused = told._note("kept"), told._note("paused")
    with Cluster(nodes).executor as executor:
        tasks = [task("quick"), task("cut"), *(task("later", i) for i in range(5))]
        executor.run([iter([(tasks, told)])], Once(told, "kept"))
    assert told.of("kept") == [("cut", b"begun, kept")]
    assert told.of("paused") == [("cut", b"begun, stopped")]
    assert told.of("started") == [("quick",), ("cut",)], "the next was ahead"
    assert len(ahead) == 1


def test_the_task_of_a_killed_actor_is_tried_once_more(nodes, two, task, tmp_path):
    tasks = [task("once", "die", tmp_path / "mark"), *(task(i) for i in range(5))]
    told = Cluster(nodes).run(tasks)
    assert told.of("retried") == [(tasks[0].program,)]
    assert once(told, tasks)


def test_a_task_that_waits_at_a_killed_actor_was_not_tried_and_comes_back_once(
    nodes, two, task, ahead
):
    tasks = [task(i) for i in range(10)] + [task("die"), *map(task, range(10, 40))]
    told = Cluster(nodes).run(tasks)
    assert told.of("failed") == [("die", "its actor or node was lost twice")]
    # another is tried again, where its answer died with the actor; what waited is begun
    # as often as it is tried
    retried = told.of("retried")
    begun = Counter(told.of("started")) - Counter(retried)
    assert begun == Counter((each.program,) for each in tasks)
    assert retried.count(("die",)) == 1
    assert len({*retried}) == len(retried), "no other was tried more than twice"
    assert ahead, "one waited behind it"
    finished = sorted(int(program) for program, _ in told.of("finished"))
    assert finished == [*range(40)]


def test_an_answer_that_overtakes_another_of_its_actor_is_told_after_it(
    nodes, add, task
):
    add()
    # Ray sends a small answer with the call's end, and a large one by another way.
    tasks = [task("large" if i % 2 else "small", i) for i in range(60)]
    told = Cluster(nodes).run(tasks)
    assert once(told, tasks)
    for name in ("started", "finished"):
        assert [each[0] for each in told.of(name)] == [each.program for each in tasks]


def test_a_task_whose_actors_die_twice_has_failed_by_name(nodes, two, task):
    tasks = [task("die"), *(task(i) for i in range(5))]
    told = Cluster(nodes).run(tasks)
    assert told.of("failed") == [("die", "its actor or node was lost twice")]
    assert len(told.of("finished")) == 5


def test_the_tasks_of_a_killed_node_are_done_by_the_other(nodes, two, task, meeting):
    first, meet = meeting
    tasks = [*first, *(task("sleep", 0.3, i) for i in range(20))]
    kill = at_first("finished", lambda: nodes.kill(two[0]))
    told = Cluster(nodes).run(tasks, all_of(meet, kill))
    assert once(told, tasks)
    assert len(told.of("retried")) == 1


def test_a_frozen_node_counts_as_lost_after_the_limit_which_is_told(
    nodes, two, task, meeting
):
    frozen, (first, meet) = [], meeting
    tasks = [*first, *(task("sleep", 0.3, i) for i in range(20))]
    cluster = Cluster(nodes, silence=10)
    freeze = at_first("finished", lambda: frozen.append(nodes.freeze(two[0])))
    try:
        told = cluster.run(tasks, all_of(meet, freeze))
    finally:
        nodes.thaw(*frozen)
    assert once(told, tasks)
    assert len(told.of("retried")) == 1
    assert any("said nothing for 10 s" in each for each in cluster.said)


def test_an_answer_of_a_node_that_was_frozen_does_not_count_twice(
    nodes, two, task, meeting
):
    first, meet = meeting
    tasks = [*first, *(task("sleep", 1, i) for i in range(30))]

    def freeze():
        pids = nodes.freeze(two[0])
        threading.Timer(10, nodes.thaw, [pids]).start()

    then = all_of(meet, at_first("finished", freeze))
    told = Cluster(nodes, silence=6).run(tasks, then)
    assert once(told, tasks)
    assert len(told.of("retried")) == 1


def test_a_node_of_another_version_is_refused_with_both_lists(nodes, add, task):
    add(STUDY_TEST_OTHER='{"keras": "3.14.0", "python": "3.12.1"}')
    with pytest.raises(StudyError, match="expected a free slot") as error:
        Cluster(nodes).run([task(1), task(2)])
    assert "expected python 3.11" in str(error.value)
    assert "Received: python 3.12.1, keras 3.14.0" in str(error.value)
    assert "\n" not in str(error.value)


def test_where_a_node_is_refused_the_others_do_its_work(nodes, add, task, tmp_path):
    add(STUDY_TEST_OTHER='{"keras": "3.14.0"}')
    add()
    refused = tmp_path / "refused"
    tasks, cluster = [task("wait", refused), task(1), task(2)], Cluster(nodes)
    cluster.hear = lambda line: refused.touch() if "refused" in line else None
    assert once(cluster.run(tasks), tasks)
    assert refused.exists()


def test_a_node_that_asks_nobody_for_a_token_is_refused(nodes, add, task):
    add(STUDY_TEST_OPEN="1")
    with pytest.raises(StudyError, match="asks nobody for a token; `ray get-auth"):
        Cluster(nodes).run([task(1)])


def test_a_node_with_a_full_disk_is_left_out_and_its_task_done_elsewhere(
    nodes, two, task, tmp_path
):
    tasks = [task("once", "full", tmp_path / "mark"), *(task(i) for i in range(5))]
    cluster = Cluster(nodes)
    assert once(cluster.run(tasks), tasks)
    assert sum("No space left on device" in each for each in cluster.said) == 1


def test_a_task_that_full_nodes_could_not_begin_has_not_failed(nodes, two, task):
    told = Told()
    with (
        pytest.raises(StudyError, match="No space left on device; what is finished"),
        Cluster(nodes).executor as executor,
    ):
        executor.run([iter([([task("full")], told)])])
    assert told.of("retried") == [("full",)] * 2
    assert not told.of("failed")


def test_a_node_without_the_packages_is_told_in_a_line_and_left_out(
    nodes, add, task, tmp_path
):
    paths = (ROOT / "tests" / "hidden", ENVIRONMENT["PYTHONPATH"])
    add(PYTHONPATH=os.pathsep.join(map(str, paths)), HIDDEN="scipy")
    add()
    lacks = tmp_path / "lacks"
    tasks, cluster = [task("wait", lacks), task(1), task(2)], Cluster(nodes)
    cluster.hear = lambda line: lacks.touch()
    assert once(cluster.run(tasks), tasks)
    (line,) = cluster.said
    assert line.endswith("No package metadata was found for scipy")
    assert "\n" not in line


# Ray starts such a worker again and again, and tells nobody.
UNSTARTABLE = """
import os
import sys

if any("default_worker" in each for each in sys.orig_argv):
    os._exit(3)
"""


def test_a_node_whose_actors_never_start_is_told_in_a_line_while_others_work(
    nodes, add, task, tmp_path, monkeypatch
):
    from study.lab.execute import cluster as executor

    (tmp_path / "sitecustomize.py").write_text(UNSTARTABLE)
    add(PYTHONPATH=os.pathsep.join([str(tmp_path), ENVIRONMENT["PYTHONPATH"]]))
    add()
    late = tmp_path / "late"
    tasks, cluster = [task("wait", late), task(1), task(2)], Cluster(nodes)
    cluster.hear = lambda line: late.touch()

    def shorten():
        monkeypatch.setattr(executor, "PATIENCE", 5.0)

    assert once(cluster.run(tasks, at_first("started", shorten)), tasks)
    (line,) = cluster.said
    assert "no answer in 5 s" in line
    assert line.endswith("or Python does not start: see its raylet.err")


def test_no_free_slot_is_one_line(nodes, task):
    with pytest.raises(StudyError) as error:
        Cluster(nodes).run([task(1)])
    assert str(error.value).startswith("--cluster: expected a free slot. Received: ")
    assert "\n" not in str(error.value)


def test_a_slot_that_others_hold_is_waited_for_and_then_told(nodes, add, task):
    add()
    told = Told()
    with Cluster(nodes).executor as first:  # its actor has the only core
        first.run([iter([([task(1)], told)])])
        held = subprocess.run(
            [sys.executable, "-c", HELD, nodes.address],
            capture_output=True,
            text=True,
            check=True,
        )
    line, error = held.stdout.splitlines()
    assert "no answer in 5 s; others hold its cores, or Python" in line
    assert error.startswith("--cluster: expected a free slot. Received: 2 nodes")
    assert error.endswith(f"{line}; what is finished is kept")


HELD = """
import sys
from pathlib import Path

from study.lab.execute import cluster
from study.lab.errors import StudyError
from study.lab.execute.tasks import Listener, Task

cluster.PATIENCE = 5.0
listener = Listener(*[lambda *_: None] * 5)
tasks = [Task(Path("none.py"), "smoke", "1")]
try:
    with cluster.Cluster(sys.argv[1], 1, print) as executor:
        executor.run([iter([(tasks, listener)])])
except StudyError as error:
    print(error)
"""
