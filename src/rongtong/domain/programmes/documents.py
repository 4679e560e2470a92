"""Projects, their milestones and objections carry documents: contracts, what was reached, diligence, evidence."""

from rongtong.domain.foundation.documents.belonging import belongs
from rongtong.domain.programmes.models import Milestone, Objection, Project

belongs(Project, attach="attach", withdraw="retract")
belongs(Milestone, attach="attach", withdraw="retract")
belongs(Objection, attach="attach")
