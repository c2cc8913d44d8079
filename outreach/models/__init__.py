"""What outreach stores: ladders with their thresholds, and what belongs to going there."""

from outreach.models.ladder import Ladder, LadderAct, OutreachPolicy
from outreach.models.visits import BackBy, Incident, RoundStop, VisitCompanion

__all__ = [
    "BackBy",
    "Incident",
    "Ladder",
    "LadderAct",
    "OutreachPolicy",
    "RoundStop",
    "VisitCompanion",
]
