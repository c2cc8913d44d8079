"""The chapter of work: what was done in a period, beside the one before."""

from __future__ import annotations

from typing import Any

from reports import charts_work, work
from reports.views.chapters import ChapterView, Figure


class WorkView(ChapterView):
    """Intakes and closings, talks by channel, visits, office hours, events, enquiries and outreach."""

    permission = "report.dashboard"
    template_name = "reports/work.html"

    def content(self) -> tuple[dict[str, Figure], dict[str, Any]]:
        board: work.WorkBoard | None
        counted_at = None
        if self.is_whole_district:
            board, counted_at = work.from_kept(self.reader, self.asked, self.period)
        else:
            board = work.counted(self.asked, self.period, self.today, self.now)
        more = {
            "board": board,
            "up_to": board and board.day,
            "counted_at": counted_at,
            "is_part": board is not None and board.day < self.period.last,
        }
        return ({} if board is None else charts_work.figures(board, self.links())), more
