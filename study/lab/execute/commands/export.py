"""Write a finding's table, or one of its networks."""

from pathlib import Path

from study.lab import machine
from study.lab.declare.profiles import PROFILES
from study.lab.errors import StudyError
from study.lab.execute.commands import findings
from study.lab.execute.commands.options import add_profile


def add_options(parser):
    """Add what to write, and where to."""
    add_profile(parser)
    parser.add_argument("name", help="a finding or its prefix")
    parser.add_argument(
        "--model",
        type=Path,
        nargs="?",
        const=Path(),
        metavar="PATH",
        help="train a network and save it as PATH or build/models/NAME.keras",
    )
    parser.add_argument(
        "--arm",
        nargs="+",
        default=[],
        metavar="NAME=LABEL",
        help="which network: what is not named takes its first label",
    )


def call(options) -> int:
    """write a finding's table for pandas, or train one of its networks for Keras"""
    finding = findings.one(options.experiments, options.name)
    reports = PROFILES[options.profile].folder
    if options.model is None:
        return _export_table(finding, options, reports)
    path = options.model
    if path == Path():
        path = Path("build", "models", f"{finding.name}.keras")
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
        write(path, export.file(work, finding, options.profile, arm, reports))
    print(f"{path}: load it with keras.saving.load_model, after `import study`")
    return 0


def _export_table(finding, options, reports):
    from study.lab.files.store import write

    if options.arm:
        raise StudyError(
            "--arm: expected with --model, for a table holds every arm. Received: "
            f"--arm {' '.join(options.arm)}"
        )
    folder, files = reports / finding.name, findings.recorded(finding, reports)
    path = Path("build", "tables", finding.name)
    print("import pandas as pd\n")
    for file in files:
        one = files == ["results.csv"]
        copy = path.with_suffix(".csv") if one else path / file
        write(copy, (folder / file).read_bytes())
        name = "table" if one else file.removesuffix(".csv")
        print(f'{name} = pd.read_csv("{copy.as_posix()}")')
    swept = [*getattr(finding.definition.at(options.profile), "vary", ())]
    if swept:
        measure = next(iter(finding.definition.at(options.profile).units()))
        print(f'table.groupby({swept})["{measure}"].agg(["mean", "std", "count"])')
    return 0
