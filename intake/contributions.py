"""What this app adds: to what a leaver owes, to the rows a file page reads, and to its timeline."""

from accounts import checks, duties
from clients import file_rows, timeline, worklist
from intake import due
from intake.history import EnquiryHistory
from intake.models import Enquiry, ImportBatch
from intake.services.enquiries import EnquiryDuty

checks.exempt("intake.EnquiryCounter", "counts numbers, names nobody")
duties.register(EnquiryDuty())
file_rows.register(Enquiry)
timeline.register(EnquiryHistory())
worklist.register("intake", due.lines, {Enquiry: "taken_by", ImportBatch: "uploaded_by"})
