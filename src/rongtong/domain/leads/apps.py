from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "rongtong.domain.leads"
    label = "leads"
