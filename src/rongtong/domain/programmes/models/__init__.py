"""What is stored of programmes, from the call to the years after acceptance."""

from rongtong.domain.programmes.models.deciding import Decision, Notice, Objection
from rongtong.domain.programmes.models.programmes import Argument, Examiner, Programme, Topic
from rongtong.domain.programmes.models.projects import (
    Change,
    FollowUp,
    MarketTest,
    Milestone,
    Obligation,
    Project,
    Report,
    Spending,
)
from rongtong.domain.programmes.models.reviewing import Review, Round, Seat
from rongtong.domain.programmes.models.submissions import Refusal, Submission

__all__ = [
    "Argument",
    "Change",
    "Decision",
    "Examiner",
    "FollowUp",
    "MarketTest",
    "Milestone",
    "Notice",
    "Objection",
    "Obligation",
    "Programme",
    "Project",
    "Refusal",
    "Report",
    "Review",
    "Round",
    "Seat",
    "Spending",
    "Submission",
    "Topic",
]
