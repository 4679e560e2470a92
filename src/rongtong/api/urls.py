"""Addresses of the API: version 1 under ``/api/v1/``."""

from django.urls import path

from rongtong.api.v1 import api

urlpatterns = [path("v1/", api.urls)]
