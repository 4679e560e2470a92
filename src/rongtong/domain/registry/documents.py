"""Records of every kind carry documents: drawings, certificates, reports."""

from rongtong.domain.foundation.documents.belonging import belongs
from rongtong.domain.registry.models import Resource

belongs(Resource, attach="edit")
