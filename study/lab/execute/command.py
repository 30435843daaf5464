"""The commands behind make: list, run, render, check, export, tensorboard, data."""

import argparse
import gc
import math
import os
import re
import shutil
import signal
import sys
import time
from pathlib import Path

from study.lab import machine
from study.lab.declare import registry
from study.lab.declare.profiles import PROFILES
from study.lab.errors import StudyError, nearest
from study.lab.execute import new

INTERRUPTED = 130
UNFINISHED = 75  # of sysexits: a failure for the time being, call again
STORE = Path("build", "results")
README = Path("README.md")
SHARE = 0.05  # of the runs of a page: about ten minutes on two cores for all pages


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status; a user's mistake is one line."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # or it talks of its own
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return options.command(options)
    except StudyError as error:
        print(f"study: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"study: {error.filename or ''}: {error.strerror}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        package = error.name.partition(".")[0]
        if package == "study":
            raise
        print(
            f"study: expected the package {package}, which the lab needs. Received: "
            "none; install study with its extras lab and cpu",
            file=sys.stderr,
        )
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
    script = Path(sys.argv[0]).name == "study"
    prog = "study" if script else "python -m study"
    parser = _Parser(prog=prog, description=__doc__)
    parser.add_argument("--experiments", type=Path, default=registry.folder())
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
            command.add_argument("--profile", choices=[*PROFILES], default="standard")
        return command

    new.add_options(add("new", new.new_definition))
    listing = add("list", list_findings)
    listing.add_argument(
        "--claims", action="store_true", help="list claims instead, with their words"
    )
    add("why", explain_claims, names=True)
    add("show", show_pages, names=True)
    run = add("run", run_findings, names=True, profile=True)
    run.add_argument("--workers", type=int, default=machine.usable(), metavar="N")
    run.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="train on Ray: `local`, or host:port of a cluster, and all of its cores",
    )
    run.add_argument(
        "--fresh",
        action="store_true",
        help="train anew, whatever tables and build/results hold",
    )
    run.add_argument(
        "--minutes",
        type=float,
        default=math.inf,
        metavar="M",
        help="stop after so many with all that is done, and with status 75 where some "
        "is left: the next call goes on",
    )
    run.add_argument(
        "--data",
        metavar="DATA",
        help="train on another data set: digits, a folder of IDX files, a .npz file or "
        "a name of TensorFlow Datasets; pages go under build/elsewhere",
    )
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
    verify = add("verify", verify_pages, names=True, profile=True)
    verify.add_argument("--workers", type=int, default=machine.usable(), metavar="N")
    verify.add_argument(
        "--share", type=float, default=SHARE, help="of the runs of each page"
    )
    verify.add_argument("--seed", type=int, default=0, help="which of them")
    verify.add_argument(
        "--long", action="store_true", help="also runs of the profile paper over 1 min"
    )
    other = add("elsewhere", train_elsewhere)
    other.add_argument("--workers", type=int, default=machine.usable(), metavar="N")
    add("prune", prune_store)
    spend = add("spend", spend_replicates)
    spend.add_argument(
        "name", help="a finding, or a file with a definition of your own"
    )
    spend.add_argument("--why", required=True, help="what changed after they were seen")
    add("history", write_history)
    add("tensorboard", show_training)
    add("data", prepare_data)
    return parser


def list_findings(options) -> int:
    """list every finding with its claims and whether its page is up to date"""
    from study.lab.show import catalog, states

    if options.claims:
        return _list_claims()
    reports = PROFILES["standard"].folder
    found = catalog.findings(options.experiments, reports).values()
    state = states.recall(options.experiments, reports)
    rows = [
        (
            each.name,
            str(len(each.claims)),
            each.runs,
            f"{each.seconds} s" if each.seconds else "",
            each.verdicts,
            state[each.name],
        )
        for each in found
    ]
    if sys.stdout.isatty():
        head = ("finding", "claims", "runs", "time", "verdicts", "page")
        print("\n".join(_aligned([head, *rows], shutil.get_terminal_size().columns)))
    else:  # for a program: a line a finding
        for row in rows:
            print(*row, sep="\t")
    return 0


def _list_claims():
    """List the claims that were judged, by their table, a line each."""
    from study.lab.show import catalog

    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for each in catalog.claims(PROFILES["standard"].folder):
        id, word, finding, text = (
            each[name] for name in ("id", "verdict", "experiment", "claim")
        )
        if columns is None:  # for a program
            print(id, each["level"], word, finding, text, sep="\t")
        else:
            print(_cut(f"{id}  {word}: {text}", columns))
    return 0


def _cut(line, columns):
    """Cut a line that is too long for a terminal of so many columns, if for one."""
    cut = columns is not None and len(line) > columns
    return f"{line[: columns - 1]}…" if cut else line


def explain_claims(options) -> int:
    """tell how claims came to their words: rule, numbers, and what would change them"""
    from study.lab.show.book import Book
    from study.lab.show.page import load_page
    from study.lab.show.why import why

    if not options.names:
        raise StudyError("why: expected a claim's id, such as d0-30. Received: none")
    profile = PROFILES["standard"]
    ledger = registry.ledger(options.experiments)
    told = []
    for entry in _chosen(options.experiments, options.names):
        _recorded(entry, profile.folder)
        page = load_page(entry, profile.folder / entry.name, profile)
        claims = Book(ledger, [page]).claims(page)
        asked = [each for each in claims if each.id in options.names]
        told += [why(each) for each in asked or claims]
    print("\n\n".join(told))
    return 0


def show_pages(options) -> int:
    """show findings or claims in a browser"""
    import webbrowser

    from study.lab.show import catalog

    reports = PROFILES["standard"].folder
    page = reports / "index.html"
    if not page.exists():
        raise StudyError(f"show: expected {page}. Received: none; run `make render`")
    found = catalog.findings(options.experiments, reports)
    places = []
    for word in options.names:
        names = catalog.find(found, [word])
        claim = word in found[names[0]].claims
        places += [f"claim-{word}"] if claim else [f"finding-{name}" for name in names]
    for place in places or ["claims"]:
        address = f"{page.absolute().as_uri()}#{place}"
        print(address)
        webbrowser.open(address)
    return 0


def _aligned(rows, columns):
    """Lay rows out as a table; words of a row that is too long have their own line."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [f"{each:{width}}" for each, width in zip(row, widths, strict=True)]
        if sum(widths) + 2 * len(widths) <= columns:
            yield "  ".join(cells).rstrip()
        else:
            yield "  ".join(cells[:4]).rstrip()
            yield f"    {'; '.join(filter(None, row[4:]))}"


def run_findings(options) -> int:
    """train what is missing, then render the pages"""
    own = [Path(each) for each in options.names if each.endswith(".py")]
    if own and len(own) < len(options.names):
        raise StudyError(
            "expected findings, or files with definitions of your own. Received: both: "
            f"{' '.join(options.names)}"
        )
    _at_least_one(options.workers)
    if not options.minutes > 0:
        raise StudyError(
            "--minutes: expected a number above 0. Received: "
            f"--minutes={options.minutes:g}"
        )
    alike = [each for each in own if [path.stem for path in own].count(each.stem) > 1]
    if alike:
        raise StudyError(
            "expected files of different names, of which each names a page. Received: "
            f"{' '.join(map(str, alike))}; rename one, or run them one after the other "
            "with another --out"
        )
    prepared = _other_data(options)
    profile = PROFILES[options.profile]
    reports = options.out if own else profile.folder
    if prepared:
        from study.lab.execute import elsewhere

        reports = elsewhere.folder(prepared, profile, *[options.out] * bool(own))
    paths = own or _paths(options.experiments, options.names)
    from study.lab.execute.progress import Progress
    from study.lab.files.store import Store
    from study.lab.show import packages

    machine.require_device()
    start = time.perf_counter()
    until = time.monotonic() + 60 * options.minutes
    with Progress() as progress, _executor(options, progress.say) as executor:
        store = Store(STORE, progress.say)
        if not store.size():
            _import_beside(executor)
        chosen = [registry.load(each) for each in paths]
        if not own:
            chosen = _sized(chosen, options, progress.say)
        if prepared:
            moving = prepared, options.data, profile, progress.say
            chosen = elsewhere.movable(chosen, *moving)
        from study.lab.execute import runner

        work = runner.Runner(store, executor, progress, options.fresh)
        left = work.run(chosen, profile, reports, until)
    print(f"{STORE}: {store.size():,} bytes of runs are kept")
    chosen = [each for each in chosen if each not in left]
    if lacking := packages.lacking():
        _tell_kept(chosen, reports, lacking, not (own or prepared) and profile)
    elif chosen or not left:
        if prepared:
            ledger = (
                registry.own(chosen) if own else registry.ledger(options.experiments)
            )
            book = elsewhere.publish(chosen, ledger, reports, profile)
        else:
            book = (_publish_own if own else _render)(chosen, options)
        if not (own or prepared) and profile.source:  # its words count there too
            standard = argparse.Namespace(**vars(options) | {"profile": "standard"})
            _render(chosen, standard)
        print(f"{reports / 'README.md'}: done in {time.perf_counter() - start:.0f} s")
        _show(book, chosen, reports, options)
    if left:
        names = ", ".join(each.name for each in left)
        print(f"study: not finished: {names}; call again to go on", file=sys.stderr)
        return UNFINISHED
    return 0


def _tell_kept(chosen, reports, lacking, profile):
    """Tell what is kept where no page can be drawn, and how one is where it can.

    Pages of the project are rendered from their tables, at a `profile`; others by the
    same command.
    """
    how = "this again"
    if profile:
        named = "" if profile.name == "standard" else f" PROFILE={profile.name}"
        how = f"`make render{named}`" + " and `make render`" * profile.source
    print(
        f"{reports}: the tables of {len(chosen)} finding{'s' * (len(chosen) != 1)} are "
        f"kept. Pages are not drawn, for want of {', '.join(lacking)}: take {reports} "
        f"to where that is installed, and call {how} there"
    )


def _other_data(options):
    """Return the data set that is named in place of the definitions' own, or None."""
    if not options.data:
        return None
    if options.cluster:
        raise StudyError(
            "--data: expected without --cluster, whose machines have the definitions' "
            f"own data. Received: --data {options.data} --cluster {options.cluster}"
        )
    from study.lab.data import named

    return named.find(options.data)


def _publish_own(chosen, options):
    """Render the pages of definitions of one's own; return their book."""
    from study.lab.show.site import publish

    profile = PROFILES[options.profile]
    book, _ = publish(chosen, registry.own(chosen), options.out, profile)
    return book


def _show(book, chosen, reports, options):
    """Tell what came out, and open the pages where that is wanted."""
    if options.names:
        _tell(book, {each.name for each in chosen})
    if options.open:
        import webbrowser

        for entry in chosen:
            page = reports / entry.name / "README.md"
            webbrowser.open(page.absolute().as_uri())


def _sized(chosen, options, say):
    """Leave out findings that declare no larger size: their standard pages have it."""
    profile = PROFILES[options.profile]
    if not profile.source:
        return chosen
    sized = [each for each in chosen if each.definition.sized(profile)]
    if not sized:
        raise StudyError(
            f"--profile: expected a finding that declares a size for {profile.name}. "
            f"Received: {', '.join(each.name for each in chosen) or 'none'}, of which "
            "the standard page has the only size"
        )
    if left := len(chosen) - len(sized):
        say(f"{profile.name}: {left} findings declare no size of their own for it")
    return sized


def _executor(options, say):
    if options.cluster is None:
        from study.lab.execute.supervisor import Workers

        return Workers(options.workers)
    from study.lab.execute.cluster import Cluster

    return Cluster(options.cluster, options.workers, say)


def _import_beside(workers):
    """Let a worker import Keras and its backend, and import the rest meanwhile.

    From a bare clone all of it is compiled to bytecode, which takes longer than all
    else that comes before the first step.
    """
    workers.start()
    import pandas  # noqa: F401
    import scipy.stats  # noqa: F401


def _chosen(experiments, words):
    """Load the findings that words mean, and no others."""
    return [registry.load(each) for each in _paths(experiments, words)]


def _paths(experiments, words):
    """Return the files of the findings that words mean."""
    from study.lab.show import catalog

    found = catalog.findings(experiments, PROFILES["standard"].folder)
    return [experiments / f"{name}.py" for name in catalog.find(found, words)]


def _tell(book, names):
    """Print how each claim was judged, a line a claim, and where its page stands."""
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for page in (each for each in book.pages if each.name in names):
        for each in book.claims(page):
            print(_cut(f"{each.id} {each.word}: {each.text}", columns))
        print(page.folder / "README.md")


def render_pages(options) -> int:
    """redraw the pages from recorded tables, without training"""
    from study.lab.show import rendered

    reports = PROFILES[options.profile].folder
    there = rendered.Reports(options.experiments, reports, README)
    book, _ = _publish(there, registry.ledger(options.experiments), options)
    print(f"{reports / 'README.md'}: {len(book.pages)} pages rendered")
    return 0


def _render(chosen, options):
    """Render what changed of chosen findings and the overviews; return the book."""
    from study.lab.show import rendered
    from study.lab.show.book import Book
    from study.lab.show.page import load_page
    from study.lab.train import provenance

    ledger, profile = registry.ledger(options.experiments), PROFILES[options.profile]
    reports = rendered.Reports(options.experiments, profile.folder, README)
    every, (known, overviews) = {*reports.names}, reports.known()
    wanted = {each.name for each in chosen} - known
    if wanted or not overviews:
        book, known = _publish(reports, ledger, options, every - wanted, known)
    else:
        folders = ((each, profile.folder / each.name) for each in chosen)
        pages = (each for each in folders if (each[1] / provenance.FILE).exists())
        book = Book(ledger, [load_page(*each, profile) for each in pages])
    if left := sorted(every - known):
        more = f" and {len(left) - 3} more" if len(left) > 3 else ""
        draft = "" if profile.name == "standard" else f" PROFILE={profile.name}"
        print(
            f"{profile.folder}: left as they stand: {', '.join(left[:3])}{more}; "
            f"`make render{draft}` renders them too"
        )
    return book


def _publish(reports, ledger, options, leave=frozenset(), known=frozenset()):
    """Render pages, but for some that may be left, and the overviews over all.

    Return their book, and the names of those that are then as they would be rendered,
    as those are that were known to be.
    """
    from study.lab.show.site import publish, update_readme

    every = list(registry.load_all(options.experiments).values())
    gc.freeze()  # Keras and its backend: much that every collection would walk over
    profile = PROFILES[options.profile]
    book, left = publish(every, ledger, profile.folder, profile, leave)
    if options.profile == "standard":
        update_readme(README, book)
    known = {*reports.names} - (left - known)
    reports.remember(known)
    return book, known


def check_pages(options) -> int:
    """say which pages are missing or stale, and why"""
    from study.lab.show import states

    profile = PROFILES[options.profile]
    if profile.name == "standard":
        found = states.recall(options.experiments, profile.folder)
    else:
        found = {
            entry.name: states.say(entry, profile.folder, profile).state
            for entry in registry.load_all(options.experiments).values()
            if not profile.source or entry.definition.sized(profile)
        }
    for name, state in found.items():
        print(f"{name}: {state}")
    return int({*found.values()} != {states.UP_TO_DATE})


def verify_pages(options) -> int:
    """make some runs of every page again and compare them with its tables"""
    if not 0 < options.share <= 1:
        raise StudyError(
            "--share: expected a number above 0 and at most 1. Received: "
            f"--share={options.share}"
        )
    profile = PROFILES[options.profile]
    if not profile.judged:
        raise StudyError(
            "verify: expected a profile whose pages are committed, standard or paper. "
            f"Received: --profile={profile.name}"
        )
    chosen = _chosen(options.experiments, options.names)
    from study.lab.execute.progress import Progress
    from study.lab.execute.supervisor import Workers
    from study.lab.execute.verify import NUDGES, Verifier
    from study.lab.files.store import write
    from study.lab.show.verified import render_verified

    machine.require_device()
    start = time.perf_counter()
    with Workers(_at_least_one(options.workers)) as workers, Progress() as progress:
        verifier = Verifier(
            workers, progress, profile, options.share, options.seed, options.long
        )
        found = verifier.verify(chosen, profile.folder)
    for each in found:
        for words in each.differing:
            print(f"different: {words}", file=sys.stderr)
    for name, content in render_verified(found, NUDGES).items():
        path = profile.folder / name if not options.names else Path("build") / name
        write(path, content)
        print(f"{path}: done in {time.perf_counter() - start:.0f} s")
    return int(any(each.differing for each in found))


def train_elsewhere(options) -> int:
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
    with Workers(_at_least_one(options.workers)) as workers, Progress() as progress:
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


def _at_least_one(workers):
    if workers < 1:
        raise StudyError(
            f"--workers: expected at least 1. Received: --workers={workers}"
        )
    return workers


def prune_store(options) -> int:
    """drop finished runs that no definition reaches"""
    from study.lab.files.store import Store
    from study.lab.train.reach import reached

    store = Store(STORE)
    before = store.size()
    count, size = store.prune(reached(registry.load_all(options.experiments).values()))
    print(f"{STORE}: {count} files with {size:,} bytes removed; {before - size:,} left")
    return 0


def spend_replicates(options) -> int:
    """record that a finding's replicates were seen and judge no more"""
    from study.lab.declare import spent
    from study.lab.train import provenance

    if options.name.endswith(".py"):
        entry = registry.load(Path(options.name))
    else:
        entry = _one(options.experiments, options.name)
    if not entry.definition.first:
        raise StudyError(
            f"{entry.name}: it draws no random numbers, and so has no replicates to "
            "spend; expected a finding that trains or draws. Received: "
            f"{options.name!r}"
        )
    # A definition that was changed may have fewer replicates than were seen.
    page = PROFILES["standard"].folder / entry.name
    last = max(entry.definition.last, provenance.last_seen(page))
    added = spent.spend(entry.path.parent, entry.name, last, options.why)
    print(
        f"{entry.path.parent / spent.FILE}: replicates {added.first} to {added.last} "
        f"of {added.finding} are spent; {last + 1} is the next that judges"
    )
    return 0


def _one(experiments, word):
    """Load the one finding that a word means."""
    entry, *others = _chosen(experiments, [word])
    if others:
        raise StudyError(
            f"expected one finding. Received: {word!r}, which means "
            f"{', '.join(each.name for each in (entry, *others))}"
        )
    return entry


def export_finding(options) -> int:
    """write a finding's table for pandas, or train one of its networks for Keras"""
    entry = _one(options.experiments, options.name)
    reports = PROFILES[options.profile].folder
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
    from study.lab.execute import export, runner
    from study.lab.execute.progress import Progress
    from study.lab.execute.supervisor import Workers
    from study.lab.files.store import write

    machine.require_device()
    with Workers(1) as workers, Progress() as progress:
        work = runner.Runner(None, workers, progress)
        write(path, export.file(work, entry, options.profile, arm, reports))
    print(f"{path}: load it with keras.saving.load_model, after `import study`")
    return 0


def _export_table(entry, options, reports):
    from study.lab.files.store import write

    if options.arm:
        raise StudyError(
            "--arm: expected with --model, for a table holds every arm. Received: "
            f"--arm {' '.join(options.arm)}"
        )
    folder, files = reports / entry.name, _recorded(entry, reports)
    path = Path("build", "tables", entry.name)
    print("import pandas as pd\n")
    for file in files:
        one = files == ["results.csv"]
        copy = path.with_suffix(".csv") if one else path / file
        write(copy, (folder / file).read_bytes())
        name = "table" if one else file.removesuffix(".csv")
        print(f'{name} = pd.read_csv("{copy.as_posix()}")')
    swept = [*getattr(entry.definition.at(options.profile), "vary", ())]
    if swept:
        measure = next(iter(entry.definition.at(options.profile).units()))
        print(f'table.groupby({swept})["{measure}"].agg(["mean", "std", "count"])')
    return 0


def _recorded(entry, reports):
    """List the files of a finding's tables."""
    from study.lab.declare.experiment import Simulation
    from study.lab.train import provenance

    folder, files = reports / entry.name, ["results.csv"]
    if isinstance(entry.definition, Simulation) and (folder / provenance.FILE).exists():
        files = [*provenance.load(folder)["tables"]]
    for file in files:
        if not (folder / file).exists():
            raise StudyError(
                f"{entry.name}: expected {folder / file}. Received: none; run `make "
                f"report NAME={entry.name}`"
            )
    return files


def write_history(options) -> int:
    """tell what was found of each claim each time, from git's record"""
    from study.lab.files.store import write
    from study.lab.show import history

    reports = PROFILES["standard"].folder
    told = history.tell(history.revisions(options.experiments, reports))
    changed = history.changes(told)
    write(reports / history.FILE, history.to_csv(told))
    print(
        f"{reports / history.FILE}: {len(told)} results of "
        f"{len({each.claim for each in told})} claims; {len(changed)} findings changed "
        "after a result was seen"
    )
    return 0


def show_training(options) -> int:
    """train a small network and show it live in TensorBoard"""
    from study.lab.execute import tensorboard

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
    from study.lab.data import mnist_files

    print(f"{mnist_files.prepare()}: MNIST is ready")
    return 0
