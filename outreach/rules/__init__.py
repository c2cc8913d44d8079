"""The outreach ladder: which step back into contact is due, for whom, and why (rules.md §4 and §10).

Design. Nothing but facts is stored, each with when it happened and when it was recorded: contacts, appointments with
their outcomes, takings, phases, periods in which an address or number was valid, and four kinds of acts.
`evaluate(facts, policies, now)` derives every ladder the client ever had, the trigger included. A stored ladder row is
therefore a projection, found again by `key` (the ref of its trigger) or, when an earlier trigger was recorded later, by
one of `keys`. Computing twice gives the same, and facts recorded after `now` cannot change the answer for `now`.

1. *Openings*: each missed appointment, missed invitation and first taking, in the order of t0. One that finds a
   ladder open joins it; otherwise it opens one, if the client's age, file and phase on t0 allow.
2. *Ends*: the earliest of two-way contact, accepted excuse, correction, declining, closing, manager.
3. *Replay*: contacts, acts, phases and appointments between t0 and the end (or now) move the ladder from step to
   step. Each step counts its window from one date, its *anchor* (t0, a1, a2, v1 or v2). An attempt that did no step
   keeps the reason.
4. *Corrections*: for each instant at which the recorded past changed, the ladders just before and just after are
   compared. One that re-opened or fell back gets its anchor replaced by that day (`Restart`). One whose basis
   vanished is kept as ended by correction, so also one whose no-show was a held talk in truth.

While the fast lane is open the ladder stands at VISIT, but letters and calls are still weighed underneath, so that
it falls back to the step those attempts had reached when the fast lane loses its basis.
"""

from outreach.rules.ladders import current, evaluate
from outreach.rules.policy import LadderPolicy
from outreach.rules.view import Action, End, LadderView, Miss, Question, Step, StepBy

__all__ = [
    "Action",
    "End",
    "LadderPolicy",
    "LadderView",
    "Miss",
    "Question",
    "Step",
    "StepBy",
    "current",
    "evaluate",
]
