"""The text of a definition that trains nothing."""

FILE = '''"""One sentence."""

import pandas as pd

from study.lab.declare.finding import Claim, Simulation
from study.lab.declare.measures import Column
from study.lab.rules.verdicts import Exact
from study.layers import Maxout


def run():
    return pd.DataFrame({"gap": [0.0, 0.25]})


EXPERIMENT = Simulation(
    title="Facts",
    claims=(Claim("d1-01", Exact(measure="gap", where={}, tolerance=0.5)),),
    about=(Maxout,),
    run=run,
    measures=(Column("gap"),),
)
'''
