from importlib import import_module

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "rongtong.domain.foundation"
    label = "foundation"

    def ready(self) -> None:
        """Declare access, actions and the names of events before the first question can be asked."""
        import_module("rongtong.domain.foundation.audit_access")
        import_module("rongtong.domain.foundation.keeping")
        import_module("rongtong.domain.foundation.events")
        import_module("rongtong.domain.foundation.sealing.access")
        import_module("rongtong.domain.foundation.sealing.actions")
        import_module("rongtong.domain.foundation.sealing.events")
        import_module("rongtong.domain.foundation.documents.events")
        import_module("rongtong.domain.foundation.documents.actions")
