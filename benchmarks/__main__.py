"""Time the engine against its peers, or measure what it should stack."""

import argparse
import json
import sys
from pathlib import Path

from benchmarks import table
from study.lab.errors import StudyError
from study.lab.files.store import write

FOLDER, TRIED = Path("benchmarks"), Path("build", "benchmarks")


def main() -> int:
    """Run a command; a mistake is told in one line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help=time_all.__doc__)
    run.set_defaults(command=time_all)
    run.add_argument("--torch", metavar="PYTHON", help="a Python that has PyTorch")
    run.add_argument("--quick", action="store_true", help="a few steps, into build/")
    on_gpu = commands.add_parser("gpu", help=time_on_gpu.__doc__)
    on_gpu.set_defaults(command=time_on_gpu)
    on_gpu.add_argument(
        "works", nargs="*", help="some of them; all where none is named"
    )
    on_gpu.add_argument(
        "--tiny", action="store_true", help="small networks, on any device, into build/"
    )
    render = commands.add_parser("render", help=redraw.__doc__)
    render.set_defaults(command=redraw)
    thresholds = commands.add_parser("thresholds", help=measure_thresholds.__doc__)
    thresholds.set_defaults(command=measure_thresholds)
    minutes = commands.add_parser("minutes", help=time_minutes.__doc__)
    minutes.set_defaults(command=time_minutes)
    minutes.add_argument("what", nargs="*", help="some of it; all where none is named")
    minutes.add_argument("--rounds", type=int, default=3)
    cluster = commands.add_parser("cluster", help=measure_cluster.__doc__)
    cluster.set_defaults(command=measure_cluster)
    cluster.add_argument("what", choices=["waiting", "race"])
    options = parser.parse_args()
    try:
        options.command(options)
    except StudyError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    return 0


def time_all(options) -> None:
    """time all contestants in rounds and write the table"""
    from benchmarks import rounds

    machine = rounds.machine(options.torch)
    count = 1 if options.quick else rounds.ROUNDS
    rows, peaks = rounds.run(options.torch, count, options.quick)
    folder = TRIED if options.quick else FOLDER
    write(folder / "results.csv", table.to_csv(rows))
    write(folder / "peak.csv", table.to_csv(peaks))
    write(folder / "machine.json", (json.dumps(machine, indent=2) + "\n").encode())
    _render(folder)


def time_on_gpu(options) -> None:
    """time our engine on a GPU beside PyTorch"""
    from benchmarks import gpu

    gpu.measure(options.works, TRIED if options.tiny else FOLDER, options.tiny)


def redraw(options) -> None:
    """write the table again from what was timed"""
    _render(FOLDER)


def measure_thresholds(options) -> None:
    """measure how many runs to stack, by kind and size of the network"""
    from benchmarks import thresholds

    thresholds.main()


def time_minutes(options) -> None:
    """time what people wait for, beside an earlier commit"""
    from benchmarks import minutes

    minutes.measure(options.what, options.rounds)
    _render(FOLDER)


def measure_cluster(options) -> None:
    """measure what a cluster's driver costs, or race the cluster with workers"""
    from benchmarks import cluster

    cluster.measure(options.what)
    _render(FOLDER)


def _render(folder):
    if not (folder / "results.csv").is_file():
        raise StudyError(f"no {folder}/results.csv; run `make benchmark` first")
    write(folder / "README.md", table.render(folder).encode())
    print(folder / "README.md")


if __name__ == "__main__":
    raise SystemExit(main())
