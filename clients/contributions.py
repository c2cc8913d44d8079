"""What this app adds: to the file page, its timeline, and what a leaver owes."""

from accounts import checks, duties
from clients import sections, timeline
from clients.file_history import FileHistory
from clients.file_sections import SECTIONS
from clients.services.intake import EnquiryDuty
from clients.services.responsibility import CaseloadDuty

checks.exempt("clients.CaseNumberCounter", "counts numbers, names nobody")
checks.exempt("clients.EnquiryCounter", "counts numbers, names nobody")
checks.exempt("clients.Household", "holds no data about anybody; its members do and are scoped")
duties.register(CaseloadDuty())
duties.register(EnquiryDuty())
for section in SECTIONS:
    sections.register(section)
timeline.register(FileHistory())
