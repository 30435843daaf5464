"""Train the runs of one program, in stacks, and read them."""

import time
from collections.abc import Callable
from functools import cached_property, partial

import keras
import numpy as np

from study.lab.data import Arrays, generator
from study.lab.declare.experiment import Experiment
from study.lab.train import initial, labels, plan, resident, stackable, thresholds
from study.lab.train.chance import chance
from study.lab.train.checkpoint import Checkpoint, flat, nested
from study.lab.train.feed import Feed
from study.lab.train.network import renewed
from study.lab.train.reader import Reader
from study.lab.train.result import Result
from study.lab.train.slices import Slices
from study.lab.train.stretches import longest, looks, stretches
from study.lab.train.watch import Watch

if keras.backend.backend() == "jax":
    from study.lab.train.jax import Stack
else:
    from study.lab.train.tensorflow import Stack


class Engine:
    """Train programs of one experiment, compiling each structure once."""

    def __init__(self, experiment: Experiment):
        self.experiment = experiment
        self.examples = resident.load(experiment.data)
        self.arrays: Arrays = self.examples.arrays
        self._stacks: dict[tuple, Stack] = {}
        self._built: dict[tuple, tuple] = {}
        self._placed: tuple | None = None

    def run(
        self,
        program: plan.Program,
        report: Callable[[float, float], None],
        slices: Slices | None = None,
    ) -> Result:
        """Train and read a program's runs, one stack of them after another.

        `report` is told the mean number of steps that they have taken, and the mean
        loss of those in training. `slices` say what was done before and when to stop;
        without them all is done in one piece.
        """
        return self.train(program, report, slices)[0]

    def train(self, program, report, slices=None):
        """Do as `run`, and return the compiled stack and the last state as well."""
        slices = slices or Slices()
        begun = Checkpoint.from_bytes(slices.begun) if slices.begun else Checkpoint()
        start = time.perf_counter() - begun.seconds
        stack = self._stack(program)
        trained, twins = plan.merged(self.experiment, program)
        limit = thresholds.limit(stack.network.model)
        parts = trained.parts()
        size = limit.stack(trained.stacked)
        outputs = any(map(self.experiment.keeps_outputs, program.cells))
        results, read = [Result.from_bytes(each) for each in begun.results], []

        def checkpoint(step, saved=dict):
            done = tuple(each.to_bytes() for each in results)
            seconds = time.perf_counter() - start
            return Checkpoint(step, seconds, done, saved()).to_bytes()

        for done, part in enumerate(parts):
            mine = [i for i, run in enumerate(twins) if run in part.runs]
            read += mine
            if done < len(begun.results):
                continue
            rows = [part.runs.index(twins[i]) for i in mine]
            cells = [program.runs[i][0] for i in mine]
            arrays = begun.arrays if done == len(begun.results) else {}
            training = _Training(self, stack, part, cells, rows, size, arrays)
            arrays.clear()  # they are on the device
            for last, loss in training.run():
                step = (done * training.steps + last) / len(parts)
                report(step, loss)
                if last < training.steps:
                    slices.end_stretch(partial(checkpoint, step, training.saved))
            results.append(training.result(outputs, self.chance))
            if len(results) < len(parts):
                slices.end_stretch(partial(checkpoint, step))
        seconds = time.perf_counter() - start
        joined = Result.joined(results, np.argsort(read), seconds)
        return joined, stack, training.state

    def _build(self, cell):
        key = tuple(cell.items())
        if key not in self._built:
            self._built[key] = plan.build(self.experiment, cell)
        return self._built[key]

    def _stack(self, program):
        """Return what all runs of a program's structure are compiled in, once."""
        model, optimizer = self._build(program.cells[0])
        structure = plan.structure(model, optimizer)
        if structure not in self._stacks:
            labels.check(self.arrays, self.experiment.loss, model.output_shape)
            jit = thresholds.limit(model).jit
            self._stacks[structure] = Stack(model, optimizer, self.experiment.loss, jit)
        return self._stacks[structure]

    def start(self, stack, program):
        """Return the initial state of every run."""
        parts = []
        for cell in program.cells:
            model, optimizer = self._build(cell)
            slots = self._slots(model, cell)
            found = stackable.find(model, optimizer).values()
            values = [np.float32(each.value) for each in found]
            for replicate in program.replicates:
                drawn = initial.draw(model, program.stage, replicate)
                if program.nudge:
                    drawn = initial.nudged(drawn, program.nudge)
                drawn = self._pretrained(program, cell, replicate, model, drawn)
                parts.append((*drawn, slots, values))
        state = tuple(
            [_stacked(values) for values in zip(*part, strict=True)]
            for part in zip(*parts, strict=True)
        )
        return stack.place(state)

    def _slots(self, model, cell):
        """Return what a cell's optimizer begins with; it is not kept."""
        optimizer = plan.optimizer(self.experiment, cell)
        optimizer.build(model.trainable_variables)
        return [np.asarray(each) for each in optimizer.variables]

    def placed(self, stack):
        """Return all examples, those of the test set last, on the device for good."""
        if self._placed is None:
            self._placed = stack.place((self.examples.x, self.examples.y))
        return self._placed

    @cached_property
    def chance(self):
        """Return loss and error of a guess that knows nothing."""
        return chance(self.arrays, self.experiment.loss)

    def _pretrained(self, program, cell, replicate, model, drawn):
        """Let the experiment's pretraining change what a run starts from."""
        pretraining = plan.pretraining(self.experiment, cell)
        if pretraining is None:
            return drawn
        variables = model.trainable_variables, model.non_trainable_variables
        for each, values in zip(variables, drawn, strict=True):
            for variable, value in zip(each, values, strict=True):
                variable.assign(value)
        examples, _ = self.experiment.split(program.stage, replicate, cell)
        random = generator(program.stage, replicate, "pretraining")
        seed = int(random.integers(2**31 - 1))
        pretraining(model, self.arrays.x[examples], self.arrays.y[examples], seed)
        return tuple([np.array(each) for each in part] for part in variables)


class _Training:
    """The runs of one stack on their way from the first step to the last.

    Args:
        engine: The engine that trains.
        stack: The compiled stack.
        program: Whose runs are trained.
        cells: The cell of each run that is wanted.
        rows: The run of the program that takes its steps.
        size: How many runs the stack holds; copies of them fill it.
        arrays: What `saved` returned where training was cut; of none it begins.
    """

    def __init__(self, engine, stack, program, cells, rows, size, arrays):
        self.stack, self.size = stack, size
        experiment = engine.experiment
        splits = [
            experiment.split(program.stage, each, program.cells[0])
            for each in program.replicates
        ]
        held = np.resize(np.arange(len(program.runs)), size)
        self.rows = slice(None) if len(cells) == size else np.array(rows)
        self.steps = experiment.budget(program.cells[0])
        self.reader = Reader(engine, stack, program, splits, held)
        self.watch = Watch(self.reader, cells, self.rows, self.steps)
        self.looks = looks(self.steps, self.watch.looks)
        examples = len(splits[0][0])
        batch = experiment.setting("batch_size", program.cells[0]) or examples
        self.renewals = self._renewals(examples, batch)
        cuts = {*self.looks, *self.renewals}
        # Room for more steps than a call may take: other shapes bring other bits.
        room = max((b - a for a, b in stretches(self.steps, cuts)), default=0)
        self.feed = Feed(engine, stack, program, splits, held, room)
        most = longest(stack.network.model, batch * size)
        self.stretches = stretches(self.steps, cuts, most)
        if arrays:
            self._resume(arrays)
        else:
            self._begin(engine.start(stack, program), held)

    def _begin(self, state, held):
        if self.size > len(state[0][0]):
            state = self.stack.take(state, held)
        self.state, self.curves = state, []
        self.watch.begin(state)
        started = self.reader.probe(state, "start")
        self.started = {name: each[self.rows] for name, each in started.items()}

    def saved(self):
        """Return all that `run` goes on from after a stretch, as arrays by name."""
        losses, hits = self._curves()
        started = {f"started {name}": each for name, each in self.started.items()}
        found = flat("state", self.state, self.stack.numpy) | self.watch.saved()
        return found | started | {"loss": losses, "hits": hits}

    def _resume(self, arrays):
        self.state = self.stack.place(nested("state", arrays))
        self.curves = [(arrays["loss"], arrays["hits"])]
        self.watch.resume(arrays, [each for each in self.looks if each <= self.taken])
        self.started = {
            key.removeprefix("started "): each
            for key, each in arrays.items()
            if key.startswith("started ")
        }

    @property
    def taken(self):
        """Return how many steps were taken."""
        return sum(loss.shape[1] for loss, _ in self.curves)

    def run(self):
        """Take the steps that are left; yield after which a call ended, and the loss.

        It is the mean of the runs in training.
        """
        taken = self.taken
        for first, last in self.stretches:
            if first < taken:
                continue
            if first in self.renewals:
                self.state = self.stack.renew(self.state)
            batches = self.feed.batches(first, last)
            self.state, loss, hits = self.stack.train(
                self.state, *self.feed.examples, batches, last - first
            )
            self.curves.append((loss, hits))
            if last in self.looks:
                self.state = self.watch.look(self.state, last)
            known = loss[:, -1][~np.isnan(loss[:, -1])]
            yield last, float(known.mean()) if len(known) else np.nan

    def result(self, outputs, chance):
        """Read the runs at their end, with their outputs where these are wanted."""
        state = self.watch.chosen(self.stack.averaged(self.state))
        read = self._read(state, self.reader.held[self.rows], outputs)
        reads = self.reader.reads
        for name in sorted(each for each in reads if each.startswith("look ")):
            for value in ("loss", "error"):
                seen = self.watch.read(name.removeprefix("look "), value)
                read[f"{name} {value}"] = seen
        losses, hits = (each[self.rows] for each in self._curves())
        loss, error = chance
        return Result(
            losses,
            hits,
            self.watch.stopped,
            np.array(self.looks),
            read | self.started,
            np.array([self.reader.scale * loss, error]),
        )

    def _curves(self):
        """Return losses and hits of every step so far, (runs, steps) each."""
        return [np.concatenate(each, axis=1) for each in zip(*self.curves, strict=True)]

    def _read(self, state, held, outputs):
        """Read the ends of the runs wanted, which may be more than a stack holds."""
        if len(held) == self.size:
            self.state = state
            return self.reader.end(state, outputs)
        found = []
        for start in range(0, len(held), self.size):
            mine = np.arange(start, min(start + self.size, len(held)))
            filled = np.resize(mine, self.size)
            self.state = self.stack.take(state, filled)
            read = self.reader.of(held[filled]).end(self.state, outputs)
            found.append({name: each[: len(mine)] for name, each in read.items()})
        return {name: np.concatenate([x[name] for x in found]) for name in found[0]}

    def _renewals(self, examples, batch):
        """Return the steps before which masks that last an epoch are drawn afresh."""
        if not renewed(self.stack.network.model):
            return range(0)
        epoch = -(-examples // batch)
        return range(epoch, self.steps, epoch)


def _stacked(values):
    """Stack the values of runs; one run's are not copied."""
    return np.asarray(values[0])[None] if len(values) == 1 else np.stack(values)
