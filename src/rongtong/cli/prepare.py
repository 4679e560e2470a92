"""From an empty data folder to a platform that one can look at: schema, sample region, index."""

from rongtong.cli import sample_loader
from rongtong.cli.language import say
from rongtong.cli.migrate import migrate
from rongtong.cli.output import progress
from rongtong.domain.registry.models import Resource
from rongtong.site.database import pending_migrations


def prepare(*, sample: bool) -> None:
    """Bring the database up to date and, with ``sample``, fill an empty one; what is there is left alone."""
    if pending_migrations():
        migrate()
    if sample and not Resource.objects.exists():
        with progress(say("装入示例地区", "loading the sample region")) as report:
            sample_loader.load(report)
        with progress(say("编入索引", "indexing")) as report:
            sample_loader.index(report)
