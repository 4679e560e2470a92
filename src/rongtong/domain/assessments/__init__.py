"""Assessments: facts about enterprises, what rule packs say of them, and until when."""
