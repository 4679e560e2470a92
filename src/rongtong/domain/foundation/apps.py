from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "rongtong.domain.foundation"
    label = "foundation"
