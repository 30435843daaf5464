"""Run a definition in this process, for a notebook or a script."""

from study.lab import plan, record, tuning
from study.lab.engine.loop import Engine
from study.lab.experiment import Simulation


def run(definition, profile, say):
    """Do as `study.lab.run` says."""
    definition = definition.at(profile)
    if isinstance(definition, Simulation):
        return definition.run(**definition.settings)
    definition.data.prepare(say)
    engine = Engine(definition)

    def train(stage, cells, replicates):
        finished = []
        for program in plan.programs(definition, stage, cells, replicates):
            say(f"{program}: {len(program.runs)} runs")
            finished.append((program, engine.run(program, lambda *_: None)))
        return record.table(definition, finished)

    cells = plan.cells(definition.vary)
    if definition.tune:
        swept = plan.cells({**definition.vary, **definition.tune})
        tried = train("tune", swept, range(tuning.REPLICATES))
        cells, _ = tuning.choose(definition, cells, tried)
    stage = "draft" if profile == "smoke" else "judge"
    return train(stage, cells, definition.first)
