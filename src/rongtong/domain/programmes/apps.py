from importlib import import_module

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "rongtong.domain.programmes"
    label = "programmes"

    def ready(self) -> None:
        """Declare access, the names of events and actions before the first question can be asked."""
        import_module("rongtong.domain.programmes.access")
        import_module("rongtong.domain.programmes.events")
        import_module("rongtong.domain.programmes.actions.calls")
        import_module("rongtong.domain.programmes.actions.clock")
        import_module("rongtong.domain.programmes.actions.postponing")
        import_module("rongtong.domain.programmes.documents")
        import_module("rongtong.domain.programmes.actions.projects")
        import_module("rongtong.domain.programmes.actions.milestones")
        import_module("rongtong.domain.programmes.actions.obligations")
        import_module("rongtong.domain.programmes.actions.changes")
        import_module("rongtong.domain.programmes.actions.reporting")
        import_module("rongtong.domain.programmes.actions.acceptance")
        import_module("rongtong.domain.programmes.actions.opening")
        import_module("rongtong.domain.programmes.actions.rounds")
        import_module("rongtong.domain.programmes.actions.reviews")
        import_module("rongtong.domain.programmes.actions.deciding")
        import_module("rongtong.domain.programmes.actions.objections")
        import_module("rongtong.domain.programmes.actions.forgetting")
        import_module("rongtong.domain.programmes.telling")
        import_module("rongtong.domain.programmes.personal")
