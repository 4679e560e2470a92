from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "rongtong.domain.parties"
    label = "parties"
