"""Holding a project still: every write about one takes its row before anything else, so that two wait, never meet.

The row comes before the head of the audit chain, which is what a write takes last; in a race the topic's row comes
before those of its teams.
"""

from rongtong.domain.programmes.models import Project, Topic


def held(project: Project) -> Project:
    """The project as it is now, with its topic and programme, kept from others until the write ends."""
    rows = Project.objects.select_for_update(of=("self",)).select_related("topic__programme", "leader")
    return rows.get(pk=project.pk)


def held_topic(topic: Topic) -> Topic:
    """The topic as it is now with its programme, kept from others until the write ends."""
    return Topic.objects.select_for_update(of=("self",)).select_related("programme").get(pk=topic.pk)
