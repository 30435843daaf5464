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
