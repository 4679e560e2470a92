"""Addresses of the API: version 1 under ``/api/v1/``; whatever else begins like that is answered as the API answers."""

from django.urls import path, re_path

from rongtong.api.failures import no_such_address
from rongtong.api.v1 import api

urlpatterns = [path("v1/", api.urls), re_path("", no_such_address)]
