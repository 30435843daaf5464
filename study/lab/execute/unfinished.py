"""Go on with programs of a finding where they were cut."""

from collections.abc import Callable, Sequence
from pathlib import Path

from study.lab.declare.experiment import Experiment
from study.lab.execute.checkpoints import Checkpoints, Underway, engine
from study.lab.files.store import Index, Store
from study.lab.train import plan
from study.lab.train.plan import Program

Run = tuple[dict, int]


class Unfinished:
    """Plan programs so that those under way stay as they are, and keep how far each is.

    Args:
        store: Where finished runs are, and checkpoints beside them.
        say: Who is told of what is set aside.
        page: The finding and the profile.
        index: Function from a program to what its result will hold.
    """

    def __init__(
        self,
        store: Store,
        say: Callable[[str], None],
        page: tuple[str, str],
        index: Callable[[Program], Index],
    ):
        self.store, self.page, self._index = store, page, index
        self._checkpoints = Checkpoints(store.directory, say)
        self._said: dict[str, Underway] = {}

    def programs(
        self,
        experiment: Experiment,
        stage: str,
        lacking: Sequence[Run],
        what: Callable[[str, dict, int], str],
        planned: Sequence[Program],
    ) -> list[Program]:
        """Return the programs of runs that lack: those planned, or else planned here.

        Those under way come first. Checkpoints of runs by the same names from which
        nothing goes on are set aside, those of finished runs are removed.
        """
        known = self._known()
        if not planned:
            planned, left = [], {key(*run): (what(stage, *run), run) for run in lacking}
            for underway in {each.name: each for each in known.values()}.values():
                some = _those(underway.index.runs, left)
                runs = [left[each][1] for each in some]
                found = plan.programs(experiment, stage, runs)
                if [self._underway(each) for each in found] == [underway]:
                    planned += found
                    left = {each: left[each] for each in left if each not in some}
            rest = [run for _, run in left.values()]
            planned += plan.programs(experiment, stage, rest)
        if known:
            self._set_aside(known, stage, {key(*run) for run in lacking}, planned)
        return [*planned]

    def has_begun(self, program: Program) -> bool:
        """Return whether there is a checkpoint of a program."""
        anew = self.store.overlooks
        return not anew and self._checkpoints.exists(self._underway(program))

    def last(self, program: Program) -> bytes:
        """Return the checkpoint that a program goes on from; b"" if it begins."""
        if self.store.overlooks:
            return b""
        return self._checkpoints.load(self._underway(program))

    def keep(self, program: Program, checkpoint: bytes) -> None:
        """Keep a checkpoint of a program in place of the one before."""
        self._checkpoints.save(self._underway(program), checkpoint)

    def finish(self, program: Program) -> None:
        """Remove the checkpoint of a program whose result is kept."""
        self._checkpoints.remove(self._underway(program))

    def _known(self) -> dict[Path, Underway]:
        """Map checkpoints to what they are of; remove those of finished runs."""
        if self.store.overlooks:
            return {}
        found = self._checkpoints.known()
        for path, underway in [*found.items()]:
            index = underway.index
            reads = index.reads.values()
            if all(self.store.find(run, index.where, reads) for run in index.runs):
                self._checkpoints.remove(underway)
                del found[path]
        return found

    def _set_aside(self, known, stage, lacking, planned):
        wanted = [self._underway(each) for each in planned]
        for path, underway in known.items():
            program = Program.from_json(underway.program)
            runs = {key(*run) for run in program.runs}
            page = underway.finding, underway.profile
            if (*page, program.stage) != (*self.page, stage) or underway in wanted:
                continue
            if runs <= lacking:
                why = _difference(underway, self._underway(program))
                self._checkpoints.set_aside(path, why)
            elif runs & lacking:
                self._checkpoints.set_aside(path, "a part of its runs is finished")

    def _underway(self, program):
        text = program.to_json()
        if text not in self._said:
            index = self._index(program)
            self._said[text] = Underway(index, engine(), *self.page, text)
        return self._said[text]


def key(cell: dict, replicate: int) -> tuple:
    """Return what tells runs of a stage apart."""
    return *cell.items(), replicate


def _those(whats, left):
    """Return the keys of runs that are these, in order; none if one is not left."""
    keys: dict[str, list] = {}
    for each, (what, _) in left.items():
        keys.setdefault(what, []).append(each)
    if any(len(keys.get(each, ())) < whats.count(each) for each in whats):
        return []
    return [keys[each].pop(0) for each in whats]


def _difference(there, now):
    """Say why nothing goes on from a checkpoint."""
    if there.index.where != now.index.where:
        return "it is of another device, processor or version"
    if there.engine != now.engine:
        return "it is of another engine"
    if there != now:
        return "it is of another definition"
    return "its runs are put together otherwise"
