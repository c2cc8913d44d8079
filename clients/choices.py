"""What rules branch on about a person and their file."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Phase(models.TextChoices):
    """Where the counselling stands."""

    ACCESS = "access", _("Access")
    CONTACTING = "contacting", _("Making contact")
    INTAKE = "intake", _("Intake")
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")


class Intensity(models.TextChoices):
    """Counselling intensity (rules.md §5); empty means not yet assessed."""

    CRISIS = "crisis", _("Crisis")
    INTENSIVE = "intensive", _("Intensive")
    REGULAR = "regular", _("Regular")
    PUNCTUAL = "punctual", _("Punctual")


class Precision(models.TextChoices):
    """How exactly a date is known."""

    DAY = "day", _("exact day")
    MONTH = "month", _("month and year")
    YEAR = "year", _("year only")


class Gender(models.TextChoices):
    FEMALE = "f", _("female")
    MALE = "m", _("male")
    DIVERSE = "d", _("diverse")


class Reading(models.TextChoices):
    """What a person reads; unrecorded counts as reading (rules.md §10)."""

    UNRECORDED = "", _("not recorded")
    SCRIPTS = "scripts", _("reads the scripts named")
    NONE = "none", _("reads no script")


class Script(models.TextChoices):
    LATIN = "latin", _("Latin script")
    ARABIC = "arabic", _("Arabic script")
    CYRILLIC = "cyrillic", _("Cyrillic script")
    ETHIOPIC = "ethiopic", _("Ethiopic script")
    OTHER = "other", _("another script")


class PointKind(models.TextChoices):
    MOBILE = "mobile", _("Mobile phone")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")


class ReachKind(models.TextChoices):
    """What is known about reaching a person, and since when (``ReachPeriod``). The second group are exceptions.

    Every file has a FILE row: where it is missing nothing has been recorded yet, which is no change.
    """

    FILE = "file", _("file of their own")
    BORN = "born", _("born")
    HOME = "home", _("known address")
    PHONE = "phone", _("number that may be used")
    EMAIL = "email", _("e-mail address that may be used")
    ONLY_IN_PAIRS = "only_in_pairs", _("visit only in pairs")

    NO_CALLS = "no_calls", _("not to be called")
    NO_LETTERS = "no_letters", _("no letters wanted")
    MAIL_RETURNS = "mail_returns", _("letters come back")
    READS_NO_SCRIPT = "reads_no_script", _("reads no script")
    NO_HOME_VISITS = "no_home_visits", _("wants no home visits")


class AccommodationKind(models.TextChoices):
    AU_SHARED = "au_shared", _("Municipal follow-up accommodation, shared")
    AU_FLAT = "au_flat", _("Municipal follow-up accommodation, flat")
    PRIVATE = "private", _("Private flat")
    RELATIVES = "relatives", _("With relatives")
    COMBINED = "combined", _("Combined model")
    HOMELESS = "homeless", _("Without shelter")
    OTHER = "other", _("Other")


HOUSE_KINDS = (AccommodationKind.AU_SHARED, AccommodationKind.AU_FLAT, AccommodationKind.COMBINED)
"""The kinds of accommodation a municipality keeps houses for."""


class GrantKind(models.TextChoices):
    """What a stand-in reads after a reason only."""

    HEALTH = "health", _("health data")
    ADDRESS = "address", _("protected address")


class ResidenceStatus(models.TextChoices):
    """Residence status (rules.md §11)."""

    GESTATTUNG = "gestattung", _("Permission to stay during the asylum procedure")
    DULDUNG = "duldung", _("Toleration (§ 60a)")
    FIKTION = "fiktion", _("Provisional certificate (§ 81)")
    ASYL = "asyl_16a", _("Asylum (§ 25 para. 1)")
    GFK = "gfk", _("Refugee (§ 25 para. 2 alt. 1)")
    SUBS = "subs", _("Subsidiary protection (§ 25 para. 2 alt. 2)")
    ABSCHIEBUNGSVERBOT = "abschiebungsverbot", _("Ban on deportation (§ 25 para. 3)")
    UKRAINE = "ukraine_24", _("Temporary protection (§ 24)")
    CHANCEN = "chancen_104c", _("Right of opportunity (§ 104c)")
    BLEIBE = "bleibe_25ab", _("Good integration (§ 25a/b)")
    TRAINING = "ausbildung_beschaeftigung", _("Training or employment (§ 16g/§ 60d)")
    FAMILY = "familie", _("Family (§§ 27 ff.)")
    SETTLEMENT = "ne", _("Settlement permit")
    EU_LONG_TERM = "eu_daueraufenthalt", _("EU long-term residence")
    NATURALISED = "de_eingebuergert", _("Naturalised")
    UNKNOWN = "unbekannt", _("Unknown")

    @property
    def document(self) -> "StrOrPromise":
        """What the person holds and what ends: a document, never the person."""
        return _DOCUMENTS.get(self, _("Residence document"))


_DOCUMENTS: dict[str, "StrOrPromise"] = {
    ResidenceStatus.GESTATTUNG: _("Certificate of permission to stay"),
    ResidenceStatus.DULDUNG: _("Toleration under § 60a"),
    ResidenceStatus.FIKTION: _("Provisional certificate under § 81"),
    ResidenceStatus.ASYL: _("Residence permit under § 25 para. 1"),
    ResidenceStatus.GFK: _("Residence permit under § 25 para. 2"),
    ResidenceStatus.SUBS: _("Residence permit under § 25 para. 2"),
    ResidenceStatus.ABSCHIEBUNGSVERBOT: _("Residence permit under § 25 para. 3"),
    ResidenceStatus.UKRAINE: _("Residence permit under § 24"),
    ResidenceStatus.CHANCEN: _("Residence permit under § 104c"),
    ResidenceStatus.BLEIBE: _("Residence permit under § 25a or § 25b"),
    ResidenceStatus.TRAINING: _("Document for training or employment (§ 16g, § 60d)"),
    ResidenceStatus.FAMILY: _("Residence permit for family reasons"),
    ResidenceStatus.SETTLEMENT: _("Settlement permit card"),
    ResidenceStatus.EU_LONG_TERM: _("EU long-term residence card"),
}


class FactKind(models.TextChoices):
    """Changing facts with a dated history, so that effects can be reported."""

    GERMAN_LEVEL = "german_level", _("German level")
    COURSE = "course", _("Course")
    EMPLOYMENT = "employment", _("Employment")
    BENEFITS = "benefits", _("Benefits")
    SCHOOLING = "schooling", _("Schooling")
    VOCATION = "vocation", _("Vocation and recognition")
    CHILD_CARE = "child_care", _("Child care and school")
    DRIVING_LICENCE = "driving_licence", _("Driving licence")


SIDE_BY_SIDE = frozenset({FactKind.BENEFITS, FactKind.CHILD_CARE})
"""Kinds of which several values may hold at a time; all others have one."""


class FactSource(models.TextChoices):
    """How a German level is known."""

    CERTIFICATE = "certificate", _("certificate")
    PLACEMENT = "placement", _("placement test")
    ESTIMATE = "estimate", _("own estimate")


class RevisionKind(models.TextChoices):
    """Why an entry of the file says something else now than it did; a change of life is a new entry instead."""

    CORRECTED = "corrected", _("corrected")
    PROLONGED = "prolonged", _("prolonged")
    WITHDRAWN = "withdrawn", _("taken back")


class PermitNote(models.TextChoices):
    """What the end of a document waits for, once a reminder was dealt with."""

    APPLIED = "applied", _("prolongation applied for")
    FIKTION = "fiktion", _("provisional certificate requested")


class Relation(models.TextChoices):
    """Relation to the household's reference person."""

    REFERENCE = "reference", _("Reference person")
    PARTNER = "partner", _("Partner")
    CHILD = "child", _("Child")
    PARENT = "parent", _("Parent")
    SIBLING = "sibling", _("Sibling")
    OTHER = "other", _("Other relation")


class HouseholdEvent(models.TextChoices):
    """What happened to the household of a file, in words that name nobody else."""

    FORMED = "formed", _("Household recorded")
    JOINED = "joined", _("Lives in a household")
    GREW = "grew", _("One more person in the household")
    LEFT = "left", _("No longer lives in the former household")
    SHRANK = "shrank", _("Somebody no longer lives in the household")
    UNDONE = "undone", _("Change of the household undone")


KEPT_TWICE = "kept_twice"
"""The closing reason that the link of two files of one person gives, and nobody else."""


class DuplicateReason(models.TextChoices):
    """What speaks for two entries being one person; small letters, they are listed in a sentence."""

    SAME_NAME = "same_name", _("same name")
    SIMILAR_NAME = "similar_name", _("similar name")
    SWAPPED_NAME = "swapped_name", _("surname and given name swapped")
    GIVEN_NAME_MISSING = "given_name_missing", _("same surname, one given name missing")
    SAME_BIRTH_DATE = "same_birth_date", _("same date of birth")
    SIMILAR_BIRTH_DATE = "similar_birth_date", _("similar date of birth")
    SAME_PHONE = "same_phone", _("same phone number")


class CaseAnswer(models.TextChoices):
    """What a manager may answer; which of these, `ANSWERS` says."""

    YES = "yes", _("yes")
    PLANNED = "planned", _("a day is set")
    NO = "no", _("no")
    CALLED = "called", _("called")
    NOT_REACHED = "not_reached", _("not reached")


class CaseQuestionKind(models.TextChoices):
    """What the office may ask about a case; there are no others (rules.md §8)."""

    NEXT_STEP = "next_step", _("Is a next step planned?")
    REVIEW = "review", _("Is the review done?")
    LIMIT = "limit", _("Is the limit justified?")
    CALL = "call", _("Please call me.")


ANSWERS: dict[CaseQuestionKind, tuple[CaseAnswer, ...]] = {
    CaseQuestionKind.NEXT_STEP: (CaseAnswer.YES, CaseAnswer.NO),
    CaseQuestionKind.REVIEW: (CaseAnswer.YES, CaseAnswer.PLANNED, CaseAnswer.NO),
    CaseQuestionKind.LIMIT: (CaseAnswer.YES, CaseAnswer.NO),
    CaseQuestionKind.CALL: (CaseAnswer.CALLED, CaseAnswer.NOT_REACHED),
}


class DueReader(models.TextChoices):
    """Who of those who see a file is told of something that waits in it; empty stands for everybody."""

    OWNER = "owner", _("the responsible manager")
    HEALTH = "health", _("who may read protected modules")
    NO_HEALTH = "no_health", _("who may not read protected modules")
