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
    NameKey,
    PhaseChange,
    Responsibility,
)
from clients.models.draft import Draft
from clients.models.due_item import DueItem
from clients.models.duplicates import DuplicateDismissal, DuplicateLink
from clients.models.exports import ListExport
from clients.models.facts import Accommodation, ContactPoint, DatedFact, Residence, SafetyNote
from clients.models.grants import AccessGrant
from clients.models.household import Household, HouseholdChange, HouseholdMember, Relative
from clients.models.houses import House
from clients.models.permits import PermitDecree
from clients.models.policies import FilePolicy
from clients.models.protection import AddressProtection
from clients.models.questions import CaseQuestion
from clients.models.reach import ReachPeriod
from clients.models.revisions import FactRevision

__all__ = [
    "AccessGrant",
    "AccessSource",
    "Accommodation",
    "AddressProtection",
    "CaseNumberCounter",
    "CaseQuestion",
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
    "DuplicateLink",
    "FactRevision",
    "FactValue",
    "FilePolicy",
    "House",
    "Household",
    "HouseholdChange",
    "HouseholdMember",
    "ListExport",
    "NameKey",
    "PermitDecree",
    "PhaseChange",
    "ReachPeriod",
    "Relative",
    "Residence",
    "Responsibility",
    "SafetyNote",
    "SpokenLanguage",
    "Topic",
]
