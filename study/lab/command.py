"""The commands behind make: list, run, render, check, export, tensorboard, data."""

import argparse
import gc
import os
import re
import signal
import sys
import time
import webbrowser
from pathlib import Path

from study.lab import registry
from study.lab.errors import StudyError, nearest
from study.lab.experiment import PROFILES

INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status; a user's mistake is one line."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return options.command(options)
    except StudyError as error:
        print(f"study: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"study: {error.filename or ''}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("study: interrupted; what is finished is kept", file=sys.stderr)
        return INTERRUPTED


def _interrupt(*_):
    raise KeyboardInterrupt


class _Parser(argparse.ArgumentParser):
    """Tell a mistake in one line, with the nearest valid word."""

    def error(self, message):
        came = re.search(r"choice: '(.*?)'|unrecognized arguments: (\S+)", message)
        hint = nearest(came[1] or came[2], self._words()) if came else ""
        if hint.startswith("did"):  # otherwise argparse's own list of choices is enough
            message = f"{message}; {hint}"
        # What was typed may hold anything; the answer stays one line.
        line = "".join(each if each.isprintable() else "?" for each in message)
        print(f"study: {line}", file=sys.stderr)
        raise SystemExit(2)

    def _words(self):
        for action in self._actions:
            yield from action.option_strings
            for name in action.choices or ():
                yield name
                if isinstance(action.choices, dict):
                    yield from action.choices[name]._words()


def _parser():
    parser = _Parser(prog="python -m study", description=__doc__)
    parser.add_argument("--experiments", type=Path, default=Path("experiments"))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name, function, names=False, profile=False):
        command = commands.add_parser(name, help=function.__doc__)
        command.set_defaults(command=function)
        if names:
            command.add_argument(
                "names",
                nargs="*",
                help="findings by name, its beginning, a claim's id or a technique; or "
                "files with definitions of your own",
            )
        if profile:
            command.add_argument("--profile", choices=PROFILES, default="standard")
        return command

    add("list", list_findings)
    run = add("run", run_findings, names=True, profile=True)
    run.add_argument("--workers", type=int, default=os.cpu_count(), metavar="N")
    run.add_argument("--open", action="store_true", help="show the pages in a browser")
    run.add_argument(
        "--out",
        type=Path,
        default=Path("build", "own"),
        metavar="DIR",
        help="where pages of definitions of your own go; build/own where none is named",
    )
    add("render", render_pages, profile=True)
    add("check", check_pages, profile=True)
    export = add("export", export_finding, profile=True)
    export.add_argument("name", help="a finding or its prefix")
    export.add_argument(
        "--model",
        type=Path,
        nargs="?",
        const=Path(),
        metavar="PATH",
        help="train a network and save it as PATH or build/models/NAME.keras",
    )
    export.add_argument(
        "--arm",
        nargs="+",
        default=[],
        metavar="NAME=LABEL",
        help="which network: what is not named takes its first label",
    )
    add("tensorboard", show_training)
    add("data", prepare_data)
    return parser


def reports_folder(profile: str) -> Path:
    """Return where a profile's pages live; drafts never stand among the reports."""
    return {
        "smoke": Path("build", "smoke"),
        "standard": Path("reports"),
        "paper": Path("reports", "paper"),
    }[profile]


def list_findings(options) -> int:
    """list every finding with its claims and whether its page is up to date"""
    from rich.console import Console
    from rich.table import Table

    table = Table("finding", "claims", "runs", "time", "verdicts", "page", box=None)
    reports = reports_folder("standard")
    ledger = registry.ledger(options.experiments)
    for entry in registry.load_all(options.experiments).values():
        state = _state(entry, reports, "standard")
        told = _told(entry, ledger, reports) if state == "up to date" else ("", "", "")
        table.add_row(entry.name, str(len(entry.definition.claims)), *told, state)
    Console(soft_wrap=True).print(table)
    return 0


def _told(entry, ledger, reports):
    """Return how many runs a finding had, how long they took and its verdicts."""
    from study.lab.report.index import words
    from study.lab.report.page import load_page

    page = load_page(entry, reports / entry.name, "standard")
    seconds = page.provenance["seconds"]
    return str(len(page.table)), f"{seconds:.0f} s", words(page, ledger)


def run_findings(options) -> int:
    """train what is missing, then render the pages"""
    own = [Path(each) for each in options.names if each.endswith(".py")]
    if own and len(own) < len(options.names):
        raise StudyError(
            "expected findings, or files with definitions of your own. Received: both: "
            f"{' '.join(options.names)}"
        )
    if options.workers < 1:
        raise StudyError(
            f"--workers: expected at least 1. Received: --workers={options.workers}"
        )
    if own:
        entries = {each.stem: registry.load(each) for each in own}
        chosen, reports = list(entries.values()), options.out
    else:
        entries = registry.load_all(options.experiments)
        chosen = registry.find(entries, options.names)
        reports = reports_folder(options.profile)
    from study.lab import machine, runner
    from study.lab.progress import Progress
    from study.lab.publish import publish
    from study.lab.store import Store
    from study.lab.supervisor import Supervisor

    machine.require_device()
    start = time.perf_counter()
    with Supervisor(options.workers) as supervisor, Progress() as progress:
        store = Store(Path("build", "results"), progress.say)
        work = runner.Runner(store, supervisor, progress)
        work.run(chosen, options.profile, reports)
    if own:
        publish(chosen, _own_claims(chosen), reports, options.profile)
    else:
        _publish(entries, options, reports)
    print(f"{reports / 'README.md'}: done in {time.perf_counter() - start:.0f} s")
    if options.open:
        for entry in chosen:
            page = reports / entry.name / "README.md"
            webbrowser.open(page.absolute().as_uri())
    return 0


def render_pages(options) -> int:
    """redraw the pages from recorded tables, without training"""
    reports = reports_folder(options.profile)
    pages = _publish(registry.load_all(options.experiments), options, reports)
    print(f"{reports / 'README.md'}: {len(pages)} pages rendered")
    return 0


def _own_claims(entries):
    """Return claims outside the ledger as rows of one."""
    return {
        claim.id: registry.LedgerRow(claim.id, "Your own", "", "", claim.text)
        for entry in entries
        for claim in entry.definition.claims
    }


def _publish(entries, options, reports):
    from study.lab.publish import publish, update_readme

    ledger = registry.ledger(options.experiments)
    every = list(entries.values())
    gc.freeze()  # Keras and its backend: much that every collection would walk over
    pages = publish(every, ledger, reports, options.profile)
    if options.profile == "standard":
        update_readme(Path("README.md"), pages, ledger)
    return pages


def check_pages(options) -> int:
    """say which pages are missing or stale, and why"""
    reports = reports_folder(options.profile)
    entries = registry.load_all(options.experiments)
    states = {
        name: _state(entry, reports, options.profile) for name, entry in entries.items()
    }
    for name, state in states.items():
        print(f"{name}: {state}")
    return int(any(state != "up to date" for state in states.values()))


def export_finding(options) -> int:
    """write a finding's table for pandas, or train one of its networks for Keras"""
    (entry, *others) = registry.find(
        registry.load_all(options.experiments), [options.name]
    )
    if others:
        raise StudyError(
            f"expected one finding. Received: {options.name!r}, which means "
            f"{', '.join(each.name for each in (entry, *others))}"
        )
    reports = reports_folder(options.profile)
    if options.model is None:
        return _export_table(entry, options, reports)
    path = options.model
    if path == Path():
        path = Path("build", "models", f"{entry.name}.keras")
    if path.suffix != ".keras":
        raise StudyError(
            f"--model: expected a file that ends in .keras. Received: {path}"
        )
    arm = {}
    for each in options.arm:
        swept, equals, label = each.partition("=")
        if not equals:
            raise StudyError(f"--arm: expected name=label. Received: {each!r}")
        arm[swept] = label
    from study.lab import export

    export.save(export.model(entry, options.profile, arm, reports), path)
    print(f"{path}: load it with keras.saving.load_model, after `import study`")
    return 0


def _export_table(entry, options, reports):
    from study.lab.store import write

    if options.arm:
        raise StudyError(
            "--arm: expected with --model, for a table holds every arm. Received: "
            f"--arm {' '.join(options.arm)}"
        )
    recorded = reports / entry.name / "results.csv"
    if not recorded.exists():
        raise StudyError(
            f"{entry.name}: expected {recorded}. Received: none; run `make report "
            f"NAME={entry.name}`"
        )
    path = Path("build", "tables", f"{entry.name}.csv")
    write(path, recorded.read_bytes())
    print(f'import pandas as pd\n\ntable = pd.read_csv("{path.as_posix()}")')
    swept = [*getattr(entry.definition.at(options.profile), "vary", ())]
    if swept:
        measure = next(iter(entry.definition.at(options.profile).units()))
        print(f'table.groupby({swept})["{measure}"].agg(["mean", "std", "count"])')
    return 0


def _state(entry, reports, profile):
    if not (reports / entry.name / "provenance.json").exists():
        return "not run yet"
    from study.lab.publish import staleness

    why = staleness(entry, reports, profile)
    return f"stale: changed since it ran: {why}" if why else "up to date"


def show_training(options) -> int:
    """train a small network and show it live in TensorBoard"""
    from study.lab import machine, tensorboard

    machine.require_device()
    tensorboard.DATA.prepare(print)
    folder = tensorboard.fresh(Path("build", "tensorboard"))
    url = tensorboard.serve(folder)
    print(f"{url} shows {folder}; Ctrl-C ends it", flush=True)
    try:
        tensorboard.train(folder, tensorboard.DATA, tensorboard.EPOCHS)
        print(f"{url} still shows what was trained; Ctrl-C ends it", flush=True)
        signal.pause()
    except KeyboardInterrupt:
        print(f"\n{folder}: the event files are kept", flush=True)
        # TensorBoard's reader, a thread in native code, may abort an orderly end.
        os._exit(0)
    return 0


def prepare_data(options) -> int:
    """prepare MNIST for TFDS and for the experiments"""
    from study.lab import mnist

    print(f"{mnist.prepare()}: MNIST is ready")
    return 0
