from importlib import import_module

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "rongtong.domain.assessments"
    label = "assessments"

    def ready(self) -> None:
        """Declare access, actions and the names of events before the first question can be asked."""
        import_module("rongtong.domain.assessments.access")
        import_module("rongtong.domain.assessments.events")
        import_module("rongtong.domain.assessments.actions")
        import_module("rongtong.domain.assessments.runs")
