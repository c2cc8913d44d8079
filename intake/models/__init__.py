"""How people get into a caseload, by noun."""

from intake.models.enquiries import Enquiry, EnquiryCounter
from intake.models.imports import ImportBatch, ImportRow

__all__ = ["Enquiry", "EnquiryCounter", "ImportBatch", "ImportRow"]
