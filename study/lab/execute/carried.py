"""Have a finding's runs made that no table of its page holds, and write them there."""

from pathlib import Path

from study.lab import machine
from study.lab.execute.work import Work, key
from study.lab.train.result import Result
from study.lab.train.runtables import RunTables
from study.lab.train.tabled import Tabled, tabled
from study.lab.train.tabulate import Run


class Carried(Work):
    """The work on an experiment whose finished runs git carries.

    A run that a table holds is at hand, whatever machine has made it; what the store
    has or a program brings is written to this machine's table as soon as it is there.
    The page is made of these tables alone, and so is the same on every machine.

    Args:
        folder: The finding's page.
        fresh: Whether runs that tables hold are made anew.
        *arguments: Those of `Work`.
    """

    def __init__(self, folder: Path, fresh: bool, *arguments):
        super().__init__(*arguments)
        stage, say = self.profile.stage, self.progress.say
        self._tables = RunTables(folder, self._identity, stage, say)
        if fresh:
            self._tables.set_all_aside()
        self._used: dict[str, Tabled] = {}
        self._new: dict[str, list[Tabled]] = {}

    def _made(self, stage, wanted, at_hand=0):
        lacking = [run for run in wanted if not self._tables.find(stage, *run)]
        yield from super()._made(stage, lacking, len(wanted) - len(lacking))
        found = {key(*run): self._tables.find(stage, *run) for run in wanted}
        found = {run: row for run, row in found.items() if row}
        self._used |= {row.run: row for row in found.values()}
        self.seconds = sum(each.seconds for each in self._used.values())
        return found

    def _stored(self, stage, wanted, within):
        found = super()._stored(stage, wanted, within)
        self._write()
        return found

    def _keep(self, program, content):
        super()._keep(program, content)
        result = Result.from_bytes(content)
        for row, run in enumerate(program.runs):
            seconds = result.seconds / len(program.runs)
            self._count(program.stage, Run(*run, result, row), seconds, program.threads)
        self._write()

    def _take(self, program, result, found):
        """Take nothing: what was kept is in the tables."""

    def _count(self, stage, run, seconds, threads):
        what = self._tables.key(stage, run.cell, run.replicate)
        row = tabled(self.definition, stage, run, what, seconds)
        self._new.setdefault(threads, []).append(row)

    def _write(self):
        for threads, rows in self._new.items():
            self._tables.add(machine.place(self.executor.threads(threads)), rows)
        self._new.clear()

    def _made_by(self):
        machines = self._tables.made(self._used.values())
        busiest = {name: each for name, each in machines[0].items() if name != "runs"}
        return {**busiest, "machines": machines}
