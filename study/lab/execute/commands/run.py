"""Train what is missing, then render the pages."""

import argparse
import math
import sys
import time
from pathlib import Path

from study.lab import machine
from study.lab.declare import registry
from study.lab.declare.profiles import PROFILES
from study.lab.errors import StudyError
from study.lab.execute.commands import findings, pages
from study.lab.execute.commands.options import (
    STORE,
    add_names,
    add_profile,
    add_workers,
    at_least_one,
)
from study.lab.execute.commands.terminal import columns, cut

UNFINISHED = 75  # of sysexits: a failure for the time being, call again


def add_options(parser):
    """Add what to train, where, and for how long."""
    add_names(parser)
    add_profile(parser)
    add_workers(parser)
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="train on Ray: `local`, or host:port of a cluster, and all of its cores",
    )
    parser.add_argument(
        "--fresh",
        action="store_true",
        help="train anew, whatever tables and build/results hold",
    )
    parser.add_argument(
        "--minutes",
        type=float,
        default=math.inf,
        metavar="M",
        help="stop after so many with all that is done, and with status 75 where some "
        "is left: the next call goes on",
    )
    parser.add_argument(
        "--data",
        metavar="DATA",
        help="train on another data set: digits, a folder of IDX files, a .npz file or "
        "a name of TensorFlow Datasets; pages go under build/elsewhere",
    )
    parser.add_argument(
        "--open", action="store_true", help="show the pages in a browser"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("build", "own"),
        metavar="DIR",
        help="where pages of definitions of your own go; build/own where none is named",
    )


def call(options) -> int:
    """train what is missing, then render the pages"""
    own = [Path(each) for each in options.names if each.endswith(".py")]
    if own and len(own) < len(options.names):
        raise StudyError(
            "expected findings, or files with definitions of your own. Received: both: "
            f"{' '.join(options.names)}"
        )
    at_least_one(options.workers)
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
    paths = own or findings.paths(options.experiments, options.names)
    from study.lab.execute.progress import Progress
    from study.lab.files.store import Store
    from study.lab.show import packages

    machine.require_device()
    start = time.perf_counter()
    until = time.monotonic() + 60 * options.minutes
    with Progress() as progress, _executor(options, progress.say) as executor:
        store = Store(STORE, progress.say)
        if store.begun or not store.size():
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
            book = (_publish_own if own else pages.render)(chosen, options)
        if not (own or prepared) and profile.source:  # its words count there too
            standard = argparse.Namespace(**vars(options) | {"profile": "standard"})
            pages.render(chosen, standard)
        front = reports if own or prepared else pages.home(profile)
        print(f"{front / 'README.md'}: done in {time.perf_counter() - start:.0f} s")
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

        for finding in chosen:
            page = reports / finding.name / "README.md"
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

        return Workers(options.workers, hasty=not PROFILES[options.profile].judged)
    from study.lab.execute.cluster import Cluster

    return Cluster(options.cluster, options.workers, say)


def _import_beside(workers):
    """Let a worker import Keras and its backend, and import the rest meanwhile.

    That takes as long as all else before the first step, and from a bare clone, where
    all of it is compiled to bytecode, longer.
    """
    workers.start()
    import pandas  # noqa: F401
    import scipy.stats  # noqa: F401


def _tell(book, names):
    """Print how each claim was judged, a line a claim, and where its page stands."""
    width = columns()
    for page in (each for each in book.pages if each.name in names):
        for each in book.claims(page):
            print(cut(f"{each.id} {each.word}: {each.text}", width))
        print(page.folder / "README.md")
