"""Train the runs of one program, in stacks, and read them."""

import time
from collections.abc import Callable
from functools import cached_property
from itertools import pairwise
from types import SimpleNamespace

import keras
import numpy as np

from study.callbacks.early_stopping import Patience
from study.lab import losses, numbers, plan, thresholds
from study.lab.data import Arrays, generator
from study.lab.engine import initial, labels, resident
from study.lab.engine.augmented import COPIES, augmented
from study.lab.engine.chance import chance
from study.lab.engine.network import renewed
from study.lab.engine.order import Order
from study.lab.engine.result import Result
from study.lab.engine.stack import LONGEST
from study.lab.experiment import Experiment
from study.lab.measures import SEEN, Probe

if keras.backend.backend() == "jax":
    from study.lab.engine.jax import Stack
else:
    from study.lab.engine.tensorflow import Stack


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
        self, program: plan.Program, report: Callable[[float, float], None]
    ) -> Result:
        """Train and read a program's runs, one stack of them after another.

        `report` is told the mean number of steps that they have taken, and the mean
        loss of those in training.
        """
        return self.train(program, report)[0]

    def train(self, program, report):
        """Do as `run`, and return the compiled stack and the last state as well."""
        start = time.perf_counter()
        stack = self._stack(program)
        trained, twins = plan.merged(self.experiment, program)
        limit = thresholds.limit(stack.network.model)
        parts = trained.parts()
        size = limit.stack(trained.stacked)
        wanted = self.experiment.outputs
        outputs = wanted and any(
            wanted.arm.items() <= each.items() for each in program.cells
        )
        results, read = [], []
        for done, part in enumerate(parts):
            mine = [i for i, run in enumerate(twins) if run in part.runs]
            read += mine
            rows = [part.runs.index(twins[i]) for i in mine]
            cells = [program.runs[i][0] for i in mine]
            training = _Training(self, stack, part, rows, cells, size)
            for first, last in training.stretches():
                training.take(first, last)
                taken = (done * training.steps + last) / len(parts)
                report(taken, training.mean_loss())
            results.append(training.result(outputs))
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
            found = numbers.find(model, optimizer).values()
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

    Runs that differ in patience alone are trained as one: `rows` names for each of
    `cells` the run of the program whose steps it shares. A stack of fewer than `size`
    runs is filled with copies of them.
    """

    def __init__(self, engine, stack, program, rows, cells, size):
        self.engine, self.stack, self.program = engine, stack, program
        self.size = size
        count = len(program.runs)
        apart = len(cells) == size
        self.rows = slice(None) if apart else np.array(rows)
        self.held = np.resize(np.arange(count), size)  # the runs that state holds
        self.experiment, self.arrays = engine.experiment, engine.arrays
        # Cells of a program share all settings.
        cell = program.cells[0]
        experiment = self.experiment
        self.steps = experiment.budget(cell)
        self.splits = [
            experiment.split(program.stage, replicate, cell)
            for replicate in program.replicates
        ]
        self.batch_size = experiment.setting("batch_size", cell)
        self.scale = losses.scale(
            experiment.loss, self.batch_size or len(self.splits[0][0])
        )
        patience = [experiment.setting("patience", each) for each in cells]
        limits = np.array([np.inf if each is None else each for each in patience])
        self.patience = Patience(limits) if np.isfinite(limits).any() else None
        runs = [program.runs[i] for i in self.held]
        self.plateaus = [plan.plateau(experiment, cell) for cell, _ in runs]
        self.reads = experiment.reads(program.stage)
        looked = max(cells, key=lambda each: experiment.looks(program.stage, each))
        watch = experiment.watched(program.stage, looked)
        self.state = engine.start(stack, program)
        if size > count:
            self.state = stack.take(self.state, self.held)
        self.ends = _ends(self.steps, experiment.looks(program.stage, looked))
        self.epoch = -(-len(self.splits[0][0]) // (self.batch_size or self.steps))
        self.renews = bool(renewed(self.stack.network.model))
        if self.batch_size or len(self.splits[0][0]) < experiment.data.available:
            self.feed = engine.placed(stack)
            self.orders = self._orders(cell)
        else:
            self.feed = stack.place((self.arrays.x, self.arrays.y))
            self.orders = None
        self.longest = max((b - a for a, b in self.stretches()), default=0)
        self.losses, self.hits = [], []
        self.watched = {each: [] for each in watch}
        self.evaluated = {}
        self.best = None if self.patience is None else self._each(self.state)
        self.stopped = np.full(len(limits), self.steps)
        self.probed = {name: x[self.rows] for name, x in self._probe("start").items()}

    def stretches(self):
        """Cut the steps where runs are looked at, masks renewed or a call ends."""
        cuts = {0, self.steps, *self.ends}
        if self.renews:
            cuts |= set(range(0, self.steps, self.epoch))
        for a, b in pairwise(sorted(cuts)):
            size = -(-(b - a) // (-(-(b - a) // LONGEST)))
            for start in range(a, b, size):
                yield start, min(start + size, b)

    def take(self, first, last):
        """Train from step `first` to `last`, and look at the runs where it is due."""
        if self.renews and first and first % self.epoch == 0:
            self.state = self.stack.renew(self.state)
        batches = self._deal(first, last)
        self.state, loss, hits = self.stack.train(
            self.state, *self.feed, batches, last - first
        )
        self.losses.append(loss)
        self.hits.append(hits)
        if last in self.ends:
            self._look(last)

    def mean_loss(self):
        losses = self.losses[-1][:, -1]
        known = losses[~np.isnan(losses)]
        return float(known.mean()) if len(known) else np.nan

    def result(self, outputs):
        """Read the runs at their end, with their outputs where these are wanted."""
        state, held = self._each(self.stack.averaged(self.state)), self.held[self.rows]
        if self.patience is not None:
            patient = np.isinf(self.patience.patience)
            state = self.stack.choose(patient, state, self.best)
        ends = []
        for start in range(0, len(held), self.size):
            mine = np.arange(len(held))[start : start + self.size]
            filled = np.resize(mine, self.size)
            whole = len(mine) == len(held) == self.size
            self.state = state if whole else self.stack.take(state, filled)
            self.held = held[filled]
            ends.append(
                {name: x[: len(mine)] for name, x in self._end(outputs).items()}
            )
        read = {name: np.concatenate([each[name] for each in ends]) for name in ends[0]}
        for name in sorted(each for each in self.reads if each.startswith("look ")):
            for value in ("loss", "error"):
                seen = [
                    each[value] for each in self.watched[name.removeprefix("look ")]
                ]
                read[f"{name} {value}"] = np.stack(seen, axis=1)[self.rows]
        return Result(
            np.concatenate(self.losses, axis=1)[self.rows],
            np.concatenate(self.hits, axis=1)[self.rows],
            self.stopped,
            np.array(self.ends),
            read | {f"probe {name}": each for name, each in self.probed.items()},
            np.array([self.scale * self.engine.chance[0], self.engine.chance[1]]),
        )

    def _end(self, outputs):
        """Read what is due at the end off the runs that the state holds."""
        read = {"outputs": self._outputs()} if outputs else {}
        for name in sorted(each for each in self.reads if each.startswith("end ")):
            found = self._evaluate(name.removeprefix("end "))
            read |= {f"{name} {value}": each for value, each in found.items()}
        probed = self._probe("end")
        return read | {f"probe {name}": each for name, each in probed.items()}

    def _outputs(self):
        inputs = np.asarray(self.experiment.outputs.inputs(), "float32")
        return self.stack.predict(self.state, self.stack.place(inputs))

    def _orders(self, cell):
        """Return each replicate's order of examples, or of their augmented copies."""
        stage, replicates = self.program.stage, self.program.replicates
        examples = [each for each, _ in self.splits]
        count, copies = len(examples[0]), 1
        augmentation = self.experiment.setting("augmentation", cell)
        if augmentation is not None:
            x, used = augmented(
                augmentation, self.arrays.x, stage, replicates, examples
            )
            self.feed = self.stack.place((x, self.arrays.y[used]))
            copies = COPIES
            first = range(0, len(used), copies * count)
            examples = [np.arange(count) + each for each in first]
        return [
            Order(
                stage,
                replicate,
                each,
                self.batch_size or count,
                self.experiment.replacement,
                copies,
                count,
            )
            for replicate, each in zip(replicates, examples, strict=True)
        ]

    def _deal(self, first, last):
        if self.orders is None:
            return None
        dealt = np.stack([each.batches(first, last) for each in self.orders], axis=1)
        dealt = np.tile(dealt.astype("int32"), (1, len(self.program.cells), 1))
        dealt = dealt[:, self.held]
        return np.pad(dealt, ((0, self.longest - (last - first)), (0, 0), (0, 0)))

    def _look(self, step):
        """Evaluate what is watched, and stop runs that ran out of patience."""
        for split, seen in self.watched.items():
            seen.append(self._evaluate(split))
        if self.patience is not None:
            loss = self.watched["validation"][-1]["loss"][self.rows]
            improved, stopped = self.patience.update(loss)
            self.best = self.stack.choose(improved, self._each(self.state), self.best)
            self.stopped = np.where(
                stopped, np.minimum(self.stopped, step), self.stopped
            )
        if any(self.plateaus):
            self._lower_learning_rates()

    def _lower_learning_rates(self):
        rates = self.stack.learning_rates(self.state)
        losses = self.watched["validation"][-1]["loss"]
        for run, (plateau, loss) in enumerate(zip(self.plateaus, losses, strict=True)):
            if plateau is not None:
                optimizer = SimpleNamespace(learning_rate=rates[run])
                plateau.set_model(SimpleNamespace(optimizer=optimizer))
                plateau.on_epoch_end(len(self.losses), {"val_loss": loss})
                rates[run] = optimizer.learning_rate
        self.state = self.stack.with_learning_rates(self.state, rates)

    def _evaluate(self, split):
        """Return every run's mean loss and share of errors on a split."""
        state, found = self.evaluated.get(split, (None, None))
        if state is not self.state:  # the last look is often at the end
            examples = self._examples(split, SEEN if split == "train" else None)
            data = self.engine.placed(self.stack)
            loss, error = self.stack.evaluate(self.state, *data, examples)
            found = {"loss": self._scaled(loss, examples), "error": error}
            self.evaluated[split] = self.state, found
        return found

    def _scaled(self, loss, examples):
        """Return losses that are means over examples as `fit` tells them."""
        ignored = getattr(self.experiment.loss, "ignore_class", None)
        if ignored is not None:
            counted = self.engine.examples.y.reshape(-1)[examples] != ignored
            loss = loss / counted.mean(axis=1)
        return self.scale * loss

    def _examples(self, split, most=None):
        """Return indices of a split's examples, (runs, n)."""
        if split == "test":
            first = len(self.arrays.x)
            each = np.arange(len(self.arrays.x_test), dtype="int32")[:most] + first
            return np.tile(each, (len(self.held), 1))
        part = ("train", "validation").index(split)
        each = np.stack([each[part][:most] for each in self.splits]).astype("int32")
        return np.tile(each, (len(self.program.cells), 1))[self.held]

    def _each(self, state):
        """Return the state of every run wanted from that of the runs trained."""
        apart = isinstance(self.rows, slice)
        return state if apart else self.stack.take(state, self.rows)

    def _probe(self, when):
        """Read the probes that are due."""
        found = {}
        for each in self.experiment.measures:
            due = isinstance(each, Probe) and each.when == when
            if not due or f"probe {each.name}" not in self.reads:
                continue
            examples = self._examples(each.on, each.examples)
            data = self.engine.placed(self.stack)
            found[each.name] = self.stack.probe(
                each.function, self.state, *data, examples
            )
        return found


def _stacked(values):
    """Stack the values of runs; one run's are not copied."""
    return np.asarray(values[0])[None] if len(values) == 1 else np.stack(values)


def _ends(steps, evaluations):
    """Return the steps after which runs are looked at."""
    size = -(-steps // evaluations)
    return [min(each + size, steps) for each in range(0, steps, size)]
