from .changes import FactChange
from .goals import Goal, GoalReview
from .indicators import Agreement, Indicator, IndicatorVersion, VersionState
from .measurements import Measurement, MeasurementRevision

__all__ = [
    "Agreement",
    "FactChange",
    "Goal",
    "GoalReview",
    "Indicator",
    "IndicatorVersion",
    "Measurement",
    "MeasurementRevision",
    "VersionState",
]
