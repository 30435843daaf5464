"""Train some findings on digits."""

from study.lab import machine
from study.lab.declare import registry
from study.lab.declare.profiles import PROFILES
from study.lab.execute.commands.options import STORE, add_workers, at_least_one

add_options = add_workers


def call(options) -> int:
    """train some findings on scikit-learn's digits, for reports/elsewhere.md"""
    from study.lab.data import named
    from study.lab.data.prepared import to_json
    from study.lab.execute import elsewhere
    from study.lab.execute.progress import Progress
    from study.lab.execute.runner import Runner
    from study.lab.execute.supervisor import Workers
    from study.lab.files.store import Store, write
    from study.lab.show.elsewhere import SET, TABLES, render_elsewhere, tried, words

    word, profile = "digits", PROFILES["standard"]
    prepared, folder = named.find(word), profile.folder / TABLES
    paths = [options.experiments / f"{name}.py" for name in tried(options.experiments)]
    chosen = [registry.load(each) for each in paths]
    machine.require_device()
    with Workers(at_least_one(options.workers)) as workers, Progress() as progress:
        moved = elsewhere.movable(chosen, prepared, word, profile, progress.say)
        runner = Runner(Store(STORE, progress.say), workers, progress, bare=True)
        runner.run(moved, profile, folder)
    write(profile.folder / SET, f"{to_json(prepared)}\n".encode())
    there = words(profile.folder)
    overview = render_elsewhere(chosen, options.experiments, profile.folder, there)
    for name, content in overview.items():
        write(profile.folder / name, content)
        print(profile.folder / name)
    return 0
