"""How people get into a caseload, and what reaches the office besides, by noun."""

from intake.models.complaints import Complaint
from intake.models.enquiries import Enquiry, EnquiryCounter
from intake.models.handovers import DistrictMove, Handover
from intake.models.imports import ColumnMemory, ImportBatch, ImportRow
from intake.models.observations import Observation

__all__ = [
    "ColumnMemory",
    "Complaint",
    "DistrictMove",
    "Enquiry",
    "EnquiryCounter",
    "Handover",
    "ImportBatch",
    "ImportRow",
    "Observation",
]
