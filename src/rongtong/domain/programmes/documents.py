"""Projects, their milestones and objections carry documents: contracts, what was reached, diligence, evidence."""

from rongtong.domain.foundation.documents.belonging import Room, belongs
from rongtong.domain.programmes.models import Milestone, Objection, Project

belongs(Project, attach="attach", withdraw="retract")
belongs(Milestone, attach="attach", withdraw="retract")
EVIDENCE = Room(files=10, megabytes=100)
"""Anybody may object, without an account as well: what one objection may fill of the disk is bounded."""
belongs(Objection, attach="attach", room=EVIDENCE)
