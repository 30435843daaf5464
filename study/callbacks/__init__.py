"""Act while a model trains."""

from study.callbacks.activation_statistics import ActivationStatistics
from study.callbacks.dead_units import DeadUnits
from study.callbacks.early_stopping import EarlyStopping
from study.callbacks.gradient_norms import GradientNorms
from study.callbacks.learning_rate_record import LearningRateRecord
from study.callbacks.renew_masks import RenewMasks
from study.callbacks.weight_norms import WeightNorms

__all__ = [
    "ActivationStatistics",
    "DeadUnits",
    "EarlyStopping",
    "GradientNorms",
    "LearningRateRecord",
    "RenewMasks",
    "WeightNorms",
]
