"""What may stand in the places of addresses."""

from django.urls.converters import IntConverter


class NumberConverter(IntConverter):
    """A number of a row: no longer than a database takes, so that any longer one is not found."""

    regex = "[0-9]{1,18}"
