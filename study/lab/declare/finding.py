"""What a definition says a finding with: the front that definitions import."""

from study.lab.declare.definition import Anchor, Claim
from study.lab.declare.experiment import Experiment, Outputs
from study.lab.declare.measures import Column
from study.lab.declare.scale import Size
from study.lab.declare.simulation import Simulation
from study.lab.declare.takeaway import Difference, Least, Number, Ratio, Takeaway

__all__ = [
    "Anchor",
    "Claim",
    "Column",
    "Difference",
    "Experiment",
    "Least",
    "Number",
    "Outputs",
    "Ratio",
    "Simulation",
    "Size",
    "Takeaway",
]
