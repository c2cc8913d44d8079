"""The history of outreach of one file, to be read and printed."""

from typing import Any

from clients.views.base import FilePage
from outreach import actions
from outreach.told import history_of


class OutreachHistoryView(FilePage):
    """What, when, why, by whom."""

    permission = "client.view"
    template_name = "outreach/history.html"
    read_action = actions.LADDER_HISTORY_VIEWED

    def page(self) -> dict[str, Any]:
        return {"ladders": history_of(self.file)}
