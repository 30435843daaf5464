"""Have a finding's tasks done, and keep what that took and what went wrong."""

import functools
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from study.lab import judge, machine
from study.lab.declare.closure import digest
from study.lab.declare.identity import made_by
from study.lab.declare.profiles import Profile
from study.lab.declare.registry import Finding
from study.lab.declare.simulation import Simulation
from study.lab.errors import StudyError
from study.lab.execute import memory, simulation
from study.lab.execute.executors import Executor
from study.lab.execute.progress import Progress
from study.lab.execute.tasks import Listener, Task
from study.lab.execute.unfinished import Unfinished, key
from study.lab.files.store import Index, Store
from study.lab.rules.named import RESULTS, named
from study.lab.show import drawing
from study.lab.train import checkpoint, plan, provenance, slices, tabulate, tuning
from study.lab.train.plan import Program
from study.lab.train.result import Result
from study.lab.train.tabulate import Run


class Work:
    """The work on one finding.

    Its methods are steps of a job: they yield tasks and who is told of them.

    Args:
        store: Where finished runs are kept; None keeps nothing and asks nothing.
        executor: Who does the tasks.
        progress: Who is told.
        finding: The finding.
        profile: At which profile.
    """

    def __init__(
        self,
        store: Store | None,
        executor: Executor,
        progress: Progress,
        finding: Finding,
        profile: Profile,
    ):
        self.store, self.executor, self.progress = store, executor, progress
        self.finding, self.profile = finding, profile
        self.definition = finding.definition.at(profile)
        self.ran = False
        self.seconds = 0.0
        self.threads: set[str] = set()
        self.failed: list[str] = []
        self.retried: list[str] = []
        self._steps: dict[Task, float] = {}  # of programs that go on
        self._unfinished = None
        if store is not None:
            page = finding.called, profile.name
            self._unfinished = Unfinished(store, progress.say, page, self._index)

    def tables(self):
        """Have all done; return the tables and what they are made of."""
        if not isinstance(self.definition, Simulation):
            return (yield from self._train())
        tables = yield from self.simulated()
        if tables is None:
            raise StudyError(f"{self.finding.name}: the simulation failed")
        return named(tables), self._origin()

    def simulated(self):
        """Return a simulation's tables, from the store or made now; None if none."""
        alone = self.definition.timed and self.profile.judged
        threads = "all" if alone else "one"
        self.threads.add(threads)
        index = (
            None
            if self.store is None
            else Index((self._identity.digest,), self._where(threads))
        )
        place = index and self.store.find(*index.runs, index.where)
        found = [place and self.store.load(place[0])]
        missing = found == [None]
        self.ran = missing
        self.progress.begin(self.finding.name, int(missing), 1)
        if missing:

            def finished(_, content):
                found[:] = [content]
                if index:
                    self.store.save(index, content)

            task = self._task(threads=threads, structure=self.finding.name)
            yield [task], self._listener({task: ("simulation", None, 1)}, finished)
        if found == [None]:
            return None
        self.seconds, tables = simulation.read(found[0])
        return tables

    def programs(self, programs: list[Program], keep=lambda *_: None, at_hand=0):
        """Have programs trained; return (program, content) of those that did not fail.

        `keep` is told a program and its content as soon as it is finished; `at_hand`
        runs need no training. What a GPU has no memory for is tried again in smaller
        stacks.
        """
        missing = sum(len(each.runs) for each in programs)
        self.progress.begin(self.finding.name, missing, missing + at_hand)
        found, left = {}, dict(enumerate(programs))
        while left:
            left = yield from self._try(left, found, keep)
        # In the order of the plan, whoever was first: tables are the same every time.
        return [found[i] for i in sorted(found)]

    def _try(self, programs, found, keep):
        """Have programs trained, by number; put what comes of them into `found`.

        Returns those to be tried again.
        """
        numbers = {
            self._task(
                program=each.to_json(),
                threads=each.threads,
                structure=f"{self.finding.name} {each.structure}",
            ): i
            for i, each in programs.items()
        }
        tasks = {task: programs[i] for task, i in numbers.items()}
        again = {}

        def finished(task, content):
            found[numbers[task]] = tasks[task], content
            keep(tasks[task], content)

        listener = self._listener(self._named(tasks), finished)

        def failed(task, why):
            smaller = memory.fitting(tasks[task], why)
            if smaller is None:
                listener.failed(task, why)
                return
            again[numbers[task]] = smaller
            self.progress.halved(task, tasks[task].stacked, smaller.stacked)

        told = replace(listener, failed=failed)
        if self._unfinished:
            told = self._going_on(told, tasks)
        longest = sorted(tasks, key=lambda task: self._rank(tasks[task]), reverse=True)
        yield longest, told
        return again

    def network(self, cell: dict):
        """Have a cell's first replicate trained; return its network's file."""
        run = cell, self.definition.first[0]
        (program,) = plan.programs(self.definition, self.profile.stage, [run])
        task = self._task(
            program=program.to_json(), threads=program.threads, network=True
        )
        found = []

        def finished(_, content):
            found.append(content)

        self.progress.begin(self.finding.name, 1, 1)
        yield [task], self._listener(self._named({task: program}), finished)
        if not found:
            raise StudyError(f"{self.finding.name}: {self.failed[0]}")
        return found[0]

    def figures(self, folder: Path):
        """Have the figures drawn beside what is trained; what fails is drawn later."""

        def finished(_, archive):
            drawing.unpack(archive, folder)

        task = Task(
            self.finding.path,
            self.profile.name,
            moved=self.finding.moved,
            folder=str(folder),
            structure=f"{self.finding.name} figures",
        )
        yield [task], Listener(_ignore, _ignore, finished, _ignore, _ignore)

    def _train(self):
        experiment, stage = self.definition, self.profile.stage
        experiment.data.prepare(self.progress.say)
        cells, edges = plan.cells({**experiment.vary, **experiment.tune}), []
        tried = plan.trials(experiment)
        if tried:
            seeds = range(self.profile.tuning_seeds)
            runs = yield from self._runs("tune", tried, seeds)
            read = [each for each in experiment.measures if each.name == tuning.READ]
            trials = tabulate.table(experiment, runs, read)
            arms = plan.cells(experiment.vary)
            cells, edges = tuning.choose(experiment, arms, trials)
        finished = yield from self._runs(stage, cells, experiment.first)
        table = tabulate.table(experiment, finished)
        may_extend = self.profile.judged and experiment.extension
        opened = judge.undecided_all(experiment, table) if may_extend else {}
        if opened:
            self.progress.say(
                f"{self.finding.name}: unresolved at {experiment.replicates} seeds: "
                f"{', '.join(opened)}; {experiment.extension} fresh ones decide"
            )
            wanted = [each for comparisons in opened.values() for each in comparisons]
            compared = judge.compared(wanted, cells)
            finished += yield from self._runs(stage, compared, experiment.fresh)
            table = tabulate.table(experiment, finished)
        tables = {
            RESULTS: table,
            "curves": tabulate.curves(experiment, finished),
            "errors": tabulate.errors(experiment, finished),
            "outputs": tabulate.outputs(experiment, finished),
        }
        return tables, self._origin(cells, tried, edges)

    def _runs(self, stage, cells, replicates):
        """Return every run, once those that lack are trained, in the plan's order."""
        wanted = [(cell, replicate) for cell in cells for replicate in replicates]
        found = yield from self._made(stage, wanted)
        if not found:
            raise StudyError(f"{self.finding.name}: every program failed")
        return [found[key(*run)] for run in wanted if key(*run) in found]

    def _made(self, stage, wanted, at_hand=0):
        """Map runs to what was made of them, once those that lack are trained."""
        planned = []
        if machine.DEVICE == "gpu":  # whose bits follow the size of a stack
            planned = plan.programs(self.definition, stage, wanted)
        within = {key(*run): each for each in planned for run in each.runs}
        found = self._stored(stage, wanted, within)
        lacking = [run for run in wanted if key(*run) not in found]
        programs = [
            self._under_way(each)
            for each in planned
            if any(key(*run) not in found for run in each.runs)
        ]
        if self._unfinished:
            asked = self.definition, stage, lacking, self._identity.run
            programs = self._unfinished.programs(*asked, programs)
        elif not planned:
            programs = plan.programs(self.definition, stage, lacking)
        self.ran = self.ran or bool(programs)
        at_hand += len(found)
        trained = yield from self.programs(programs, self._keep, at_hand)
        for program, content in trained:
            self._take(program, Result.from_bytes(content), found)
        return found

    def _keep(self, program, content):
        if self.store is not None:
            self.store.save(self._index(program), content)
            self._unfinished.finish(program)

    def _take(self, program, result, found):
        seconds = result.seconds / len(program.runs)
        for row, run in enumerate(program.runs):
            found[key(*run)] = Run(*run, result, row)
            self._count(program.stage, found[key(*run)], seconds, program.threads)

    def _count(self, stage, run, seconds, threads):
        """Count what a run took."""
        self.seconds += seconds
        self.threads.add(threads)

    def _stored(self, stage, wanted, within):
        """Map runs to those that the store has, with all that is to be read.

        `within` has the program in which each is planned, where that matters.
        """
        if self.store is None:
            return {}
        places: dict[Path, list] = {}
        for run in wanted:
            reads = self._identity.reads(stage, run[0])
            what = self._identity.run(stage, *run)
            for threads, where in self._places(within.get(key(*run))):
                place = self.store.find(what, where, reads.values())
                if place:
                    path, row, index = place
                    there = {each: name for name, each in index.reads.items()}
                    names = {name: there[each] for name, each in reads.items()}
                    places.setdefault(path, []).append((run, row, names, threads))
                    break
        found = {}
        for path, runs in places.items():
            content = self.store.load(path)
            if content is None:
                continue
            result = Result.from_bytes(content)
            seconds = result.seconds / len(result.loss)
            for run, row, names, threads in runs:
                found[key(*run)] = Run(*run, result, row, names)
                self._count(stage, found[key(*run)], seconds, threads)
        return found

    def _under_way(self, program):
        """Return a program in the stacks in which it has begun, if it has."""
        if self._unfinished is None:
            return program
        begun = filter(self._unfinished.has_begun, memory.stacks(program))
        return next(begun, program)

    def _places(self, program):
        """Yield where a run may have been made that is as good as made now.

        That of a program on a GPU may have been made in smaller stacks.
        """
        sizes = [each.stacked for each in memory.stacks(program)] if program else [None]
        for threads in ("one", "all"):
            for size in sizes:
                yield threads, self._where(threads, size)

    def _index(self, program):
        """Say what the result of a program holds."""
        runs = tuple(self._identity.run(program.stage, *run) for run in program.runs)
        reads = {}
        for cell in program.cells:
            reads |= self._identity.reads(program.stage, cell)
        size = program.stacked if machine.DEVICE == "gpu" else None
        return Index(runs, self._where(program.threads, size), reads)

    def _where(self, threads, size=None):
        return _digest_of_place(self.executor.threads(threads), size)

    @cached_property
    def _identity(self):
        return made_by(self.definition, self.profile.stage)

    def _task(self, **what):
        if self.store is not None:
            what |= {"code": self._identity.digest, "every": slices.EVERY}
        return Task(
            self.finding.path, self.profile.name, moved=self.finding.moved, **what
        )

    def _named(self, tasks):
        """Give each task a name, the number of its steps and that of its runs."""
        return {
            task: (
                f"{each} ({len(each.runs)} runs)",
                self.definition.budget(each.cells[0]),
                len(each.runs),
            )
            for task, each in tasks.items()
        }

    def _listener(self, named, finished):
        def started(task):
            name, steps, _ = named[task]
            done = self._steps.get(task, 0.0)
            self.progress.started(task, self.finding.name, name, steps, done)

        def done(task, content):
            finished(task, content)
            self.progress.finished(task, named[task][2])

        def retried(task):
            self.retried.append(named[task][0])
            self.progress.retried(task)

        def failed(task, why):
            self.failed.append(f"{named[task][0]}: {why.strip().splitlines()[-1]}")
            self.progress.failed(task, why)

        return Listener(started, self.progress.progressed, done, retried, failed)

    def _rank(self, program):
        """Rank a program: the longest first, for a short one is soon done at the end.

        What has begun comes before all, so that no slice begins more than it must.
        """
        begun = self._unfinished and self._unfinished.has_begun(program)
        return bool(begun), program.size

    def _going_on(self, listener, tasks):
        """Let programs go on from their last checkpoints, and keep later ones."""

        def begun(task):
            found = self._unfinished.last(tasks[task])
            self._steps[task] = checkpoint.step(found) if found else 0.0
            return found

        def kept(task, content):
            self._unfinished.keep(tasks[task], content)

        def paused(task, content):
            kept(task, content)
            self.progress.paused(task, checkpoint.step(content))

        return replace(listener, begun=begun, kept=kept, paused=paused)

    def _origin(self, cells=(), tried=(), edges=()):
        """Say what the tables are made of, where they were made and what it took."""
        if self.store is None:
            return {}
        return {
            "experiment": self.finding.name,
            "profile": self.profile.name,
            **provenance.made_of(self.definition, self.profile, cells, tried),
            **self._made_by(),
            "seconds": round(self.seconds, 1 if cells else 3),
            "edges": [*edges],
            "failed": self.failed,
            "retried": self.retried,
        }

    def _made_by(self):
        """Say where the tables were made."""
        return machine.place(max(map(self.executor.threads, self.threads)))


@functools.cache
def _digest_of_place(threads, size):
    place = machine.place(threads)
    del place["versions"]["python"]  # no number depends on it
    return digest([place, size])


def _ignore(*_):
    """Tell nobody."""
