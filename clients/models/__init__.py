"""The person and their file, by noun."""

from clients.models.catalogues import (
    AccessSource,
    ClosingReason,
    Country,
    FactValue,
    SpokenLanguage,
    Topic,
)
from clients.models.client import (
    CaseNumberCounter,
    Client,
    ClientLanguage,
    ClientName,
    CounsellingPeriod,
    PhaseChange,
    Responsibility,
)
from clients.models.draft import Draft
from clients.models.due_item import DueItem
from clients.models.duplicates import DuplicateDismissal
from clients.models.facts import Accommodation, ContactPoint, DatedFact, Residence, SafetyNote
from clients.models.grants import HealthGrant
from clients.models.household import Household, HouseholdMember, Relative
from clients.models.policies import FilePolicy
from clients.models.reach import ReachPeriod

__all__ = [
    "AccessSource",
    "Accommodation",
    "CaseNumberCounter",
    "Client",
    "ClientLanguage",
    "ClientName",
    "ClosingReason",
    "ContactPoint",
    "CounsellingPeriod",
    "Country",
    "DatedFact",
    "Draft",
    "DueItem",
    "DuplicateDismissal",
    "FactValue",
    "FilePolicy",
    "HealthGrant",
    "Household",
    "HouseholdMember",
    "PhaseChange",
    "ReachPeriod",
    "Relative",
    "Residence",
    "Responsibility",
    "SafetyNote",
    "SpokenLanguage",
    "Topic",
]
