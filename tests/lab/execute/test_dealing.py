"""Dealing: each network to few hands, whatever waits, wherever hands come and go."""

from pathlib import Path

import pytest

from study.lab.execute.dealing import Deal, Hand, Place
from study.lab.execute.tasks import Listener, Task

LISTENER = Listener(*[lambda *_: None] * 5)


def task(number, structure="", threads="one"):
    program = f"{number}"
    return Task(Path("a.py"), "smoke", program, threads=threads, structure=structure)


class Counted(Hand):
    """A hand that counts how often it is considered."""

    considered = 0

    @property
    def ready(self):
        Counted.considered += 1
        return self.task is None


def place(count=2, kind=Hand):
    return Place([kind() for _ in range(count)], Hand())


def finish(deal, places):
    """Finish what is done, one after another, until all is; return by whom in order."""
    done = []
    deal.hand_out()
    while not deal.over:
        hands = [each for where in places for each in (*where.hands, where.wide)]
        busy = [each for each in hands if each.task]
        assert busy, "tasks wait, and nobody is given one"
        for hand in busy:
            _, ended = deal.finished(hand)
            done.append((hands.index(hand), ended.program))
            deal.hand_out()
    return done


@pytest.mark.parametrize("count", [100, 3_000])
def test_to_deal_out_a_task_takes_the_same_however_many_wait(count):
    where, Counted.considered = place(4, Counted), 0
    tasks = [task(i, structure=f"{i % 7}") for i in range(count)]
    done = finish(Deal([iter([(tasks, LISTENER)])], [where]), [where])
    assert len({each for _, each in done}) == len(done) == count
    assert Counted.considered < 20 * count


def test_many_hands_share_few_networks_evenly_and_compile_hardly_more_than_one_each():
    where = place(16)
    tasks = [task(i, structure=f"{i % 4}") for i in range(2_000)]
    finish(Deal([iter([(tasks, LISTENER)])], [where]), [where])
    compiled = [len(each.structures) for each in where.hands]
    assert sum(compiled) < 2 * len(compiled)


def test_a_hand_that_comes_later_takes_part_and_one_that_left_does_not():
    where = place(1)
    tasks = [task(i) for i in range(9)]
    deal = Deal([iter([(tasks, LISTENER)])], [where])
    deal.hand_out()
    late = Hand()
    where.hands.append(late)
    deal.hand_out()
    assert late.task
    gone = where.hands.pop(0)
    deal.lost(gone, "gone")
    done = finish(deal, [where])
    assert {each for _, each in done} == {each.program for each in tasks}
    assert gone.task is None


def test_a_task_that_wants_all_threads_is_alone_at_its_place_and_others_go_on():
    here, there = place(1), place(1)
    jobs = [
        iter([([task("alone", threads="all")], LISTENER)]),
        iter([([task("a"), task("b")], LISTENER)]),
    ]
    deal = Deal(jobs, [here, there])
    deal.hand_out()
    assert here.wide.task.program == "alone"
    assert (here.hands[0].task, there.hands[0].task.program) == (None, "a")
    deal.finished(here.wide)
    deal.hand_out()
    assert here.hands[0].task.program == "b"


def test_once_closed_nothing_is_begun_and_jobs_whose_tasks_are_done_go_on():
    where, went_on = place(2), []

    def job(name):
        yield [task(name)], LISTENER
        went_on.append(name)
        yield [task(f"{name}, more")], LISTENER

    deal = Deal([job("a"), job("b"), job("c")], [where])
    deal.hand_out()
    first, second = deal.busy
    assert [each.task.program for each in (first, second)] == ["a", "b"]
    deal.close()
    deal.paused(first)
    deal.hand_out()
    assert not deal.over
    deal.finished(second)
    deal.hand_out()
    assert (went_on, deal.busy, deal.over) == (["b"], [], True)


def test_a_task_goes_only_to_a_hand_that_does_such():
    class Draws(Hand):
        def does(self, task):
            return bool(task.folder)

    class Trains(Hand):
        def does(self, task):
            return not task.folder

    where = Place([Draws(), Trains()], Hand())
    figures = Task(Path("a.py"), "smoke", folder="pages", structure="figures")
    tasks = [task("a", "a"), figures, task("b", "b")]
    done = finish(Deal([iter([(tasks, LISTENER)])], [where]), [where])
    assert sorted(done) == [(0, ""), (1, "a"), (1, "b")]


class Queues(Hand):
    """A hand that may be given a task ahead."""

    queues = True


def numbers(hands):
    return [
        (each.task and each.task.program, each.ahead and each.ahead[1].program)
        for each in hands
    ]


def test_who_is_quick_gets_its_next_task_ahead_until_few_are_left():
    where = place(2, Queues)
    deal = Deal([iter([([task(i) for i in range(7)], LISTENER)])], [where])
    deal.hand_out()
    assert numbers(where.hands) == [("0", None), ("1", None)], "nobody knows how quick"
    deal.finished(where.hands[0])
    deal.hand_out()
    assert numbers(where.hands) == [("2", "3"), ("1", None)]
    deal.finished(where.hands[0])
    deal.hand_out()
    assert numbers(where.hands) == [("3", "4"), ("1", None)]
    deal.finished(where.hands[0])
    deal.hand_out()
    assert numbers(where.hands) == [("4", None), ("1", None)], "as many as hands"
    done = finish(deal, [where])
    assert [each for _, each in done] == ["4", "1", "5", "6"]


def test_who_is_slow_or_does_not_queue_gets_nothing_ahead(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("study.lab.execute.dealing.time.monotonic", lambda: now[0])
    where = Place([Queues(), Hand()], Hand())
    deal = Deal([iter([([task(i) for i in range(30)], LISTENER)])], [where])
    for seconds, ahead in ((0.9, True), (1.1, False), (0.1, True)):
        deal.hand_out()
        now[0] += seconds
        for hand in where.hands:
            deal.finished(hand)
        deal.hand_out()
        assert [bool(each.ahead) for each in where.hands] == [ahead, False]


def events(name, told):
    return lambda task, *_: told.append((name, task.program))


def test_a_task_that_is_ahead_is_started_when_it_is_begun_and_not_tried_if_not():
    told = []
    names = ("started", "progressed", "finished", "retried", "failed")
    listener = Listener(*(events(each, told) for each in names))
    where = place(1, Queues)
    deal = Deal([iter([([task(i) for i in range(9)], listener)])], [where])
    deal.hand_out()
    deal.finished(where.hands[0])
    deal.hand_out()
    assert numbers(where.hands) == [("1", "2")]
    assert told == [("started", "0"), ("started", "1")]
    (hand,) = where.hands
    deal.put_back(hand)
    deal.lost(hand, "gone")
    assert told[2:] == [("retried", "1")]
    deal.hand_out()
    assert told[3:] == [("started", "1")]
    deal.lost(hand, "gone again")
    assert told[4:] == [("failed", "1")]
    deal.hand_out()
    assert told[5:] == [("started", "2")], "it was not tried, and it is the next"


def test_a_task_that_could_not_be_tried_there_is_tried_as_often_as_any_other():
    told = []
    names = ("started", "progressed", "finished", "retried", "failed")
    listener = Listener(*(events(each, told) for each in names))
    where = place(1)
    deal = Deal([iter([([task(0)], listener)])], [where])
    for tried in (False, False, True, False, True):
        deal.hand_out()
        deal.lost(where.hands[0], "gone", tried)
    assert [name for name, _ in told if name != "started"] == ["retried"] * 4 + [
        "failed"
    ]


def test_once_closed_what_is_ahead_is_not_begun_unless_it_was_already():
    where = place(1, Queues)
    deal = Deal([iter([([task(i) for i in range(9)], LISTENER)])], [where])
    deal.hand_out()
    deal.finished(where.hands[0])
    deal.hand_out()
    (hand,) = where.hands
    deal.close()
    deal.paused(hand)
    deal.hand_out()
    assert numbers([hand]) == [(None, "2")]
    assert (deal.busy, deal.over) == ([hand], False)
    deal.go_on(hand)
    assert numbers([hand]) == [("2", None)]
    deal.finished(hand)
    assert deal.over
