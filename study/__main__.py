"""Run, render and check the study's findings from the command line."""

from study.lab.execute.command import main

if __name__ == "__main__":
    raise SystemExit(main())
