"""Addresses of what is for people: processes as pictures, messages, calendars."""

from django.urls import path

from rongtong.portal.views import messages, processes

urlpatterns = [
    path("me/messages", messages.listing, name="messages"),
    path("me/messages/read", messages.read_all, name="read-messages"),
    path("me/messages/delivery", messages.deliver, name="deliver-messages"),
    path("me/messages/<uuid:identifier>/open", messages.open_one, name="open-message"),
    path("me/calendar/make", messages.make_feed, name="make-feed"),
    path("me/calendar/revoke", messages.revoke_feed, name="revoke-feed"),
    path("me/calendar/<str:secret>.ics", messages.calendar_file, name="calendar-file"),
    path("challenges/topics/<uuid:identifier>/calendar.ics", messages.topic_calendar, name="topic-calendar"),
    path("processes/", processes.index, name="processes"),
    path("processes/<slug:name>", processes.process, name="process"),
]
