"""The commands behind make: list, run, render, check, export, tensorboard, data."""

import argparse
import os
import re
import signal
import sys
from pathlib import Path
from types import MappingProxyType

from study.lab.declare import registry
from study.lab.errors import StudyError, nearest
from study.lab.execute.commands import (
    check,
    data,
    elsewhere,
    export,
    history,
    listing,
    new,
    notebooks,
    prune,
    render,
    run,
    show,
    spend,
    tensorboard,
    verify,
    why,
)
from study.lab.execute.garbage import collect_seldom

INTERRUPTED, UNREAD = 130, 141  # as a shell tells of SIGINT and SIGPIPE
COMMANDS = MappingProxyType(
    {
        "new": new,
        "list": listing,
        "why": why,
        "show": show,
        "run": run,
        "render": render,
        "notebooks": notebooks,
        "check": check,
        "export": export,
        "verify": verify,
        "elsewhere": elsewhere,
        "prune": prune,
        "spend": spend,
        "history": history,
        "tensorboard": tensorboard,
        "data": data,
    }
)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status; a user's mistake is one line."""
    collect_seldom()
    options = _parser().parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # or it talks of its own
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        status = options.command(options)
        sys.stdout.flush()
        return status
    except StudyError as error:
        print(f"study: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # as of `head`, which has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
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
    for name, command in COMMANDS.items():
        each = commands.add_parser(name, help=command.call.__doc__)
        each.set_defaults(command=command.call)
        command.add_options(each)
    return parser
