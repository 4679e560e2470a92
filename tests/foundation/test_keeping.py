"""The audit can be taken away and checked elsewhere; its oldest part goes at its time, and never without a trace."""

import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from rongtong.domain.foundation import archives, audit, keeping
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.errors import AccessDenied, DomainError, Invalid
from rongtong.domain.foundation.models import AccessEvent, AuditEvent, AuditHead, ProvisionEvent
from rongtong.site.environment import EnvironmentProblem, read_environment
from tests.factories import PLATFORM, PartyFactory, ResourceFactory, officer

pytestmark = pytest.mark.django_db
LATER = timedelta(days=401)


@pytest.fixture
def sets(settings: Any) -> Callable[..., None]:
    """Change settings of the installation."""

    def change(**values: object) -> None:
        settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update=values)

    return change


def an_auditor() -> Actor:
    return Actor(name="审计员", account=99, roles=frozenset({Role.AUDITOR}))


def faults() -> list[str]:
    return [each.fault for each in audit.verify_all()]


def exported(folder: Path, stream: str = audit.ACTS) -> Path:
    written = keeping.export_audit(actor=PLATFORM, stream=stream, folder=folder)
    assert written is not None
    return written[0]


def test_an_archive_is_checked_without_the_database_it_came_from(tmp_path: Path) -> None:
    PartyFactory.create_batch(3)
    archive = exported(tmp_path)
    third = AuditEvent.objects.get(seq=3).hash
    AuditEvent.objects.all()._raw_delete(using="default")
    manifest, done, seen = archives.check(archive, head=third)
    assert (manifest.stream, manifest.events, manifest.base_hash) == ("acts", 3, audit.GENESIS)
    assert (done.events, done.fault, done.hash, seen) == (3, "", manifest.head_hash, True)
    assert archives.check(archive, head="0" * 63 + "1")[2] is False


def test_an_export_leaves_its_own_event_with_where_it_ended(tmp_path: Path) -> None:
    PartyFactory()
    archive = exported(tmp_path)
    event = AuditEvent.objects.get(action="foundation.export_audit")
    assert (event.details["archive"], event.details["last_seq"]) == (archive.name, 1)
    assert faults() == ["", "", ""]


def test_a_part_of_a_chain_is_an_archive_too(tmp_path: Path) -> None:
    PartyFactory.create_batch(4)
    AuditEvent.objects.filter(seq__lte=2).update(at=timezone.now() - timedelta(days=3))
    written = keeping.export_audit(
        actor=PLATFORM, stream=audit.ACTS, folder=tmp_path, since=timezone.now() - timedelta(days=1)
    )
    assert written is not None
    _manifest, done, _seen = archives.check(written[0])
    assert (written[1].first_seq, done.events, done.fault) == (3, 2, "")


def test_there_is_no_archive_of_nothing(tmp_path: Path) -> None:
    assert keeping.export_audit(actor=PLATFORM, stream=audit.PROVISION, folder=tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def altered(archive: Path, change: Callable[[list[str]], list[str]]) -> Path:
    """The archive with its lines changed."""
    with zipfile.ZipFile(archive) as opened:
        lines = opened.read(archives.EVENTS).decode().splitlines()
        manifest = opened.read(archives.MANIFEST)
    target = archive.with_name("altered.zip")
    with zipfile.ZipFile(target, "w") as written:
        written.writestr(archives.EVENTS, "".join(line + "\n" for line in change(lines)))
        written.writestr(archives.MANIFEST, manifest)
    return target


@pytest.mark.parametrize(
    "change, fault, at",
    [
        (lambda lines: [lines[0], lines[1].replace("测试", "别人"), lines[2]], "changed", 2),
        (lambda lines: [lines[0], lines[2]], "missing", 2),
        (lambda lines: lines[:2], "cut", 3),
        (lambda lines: [lines[0] + " ", *lines[1:]], "changed", None),
    ],
)
def test_an_altered_archive_says_where(
    tmp_path: Path, change: Callable[[list[str]], list[str]], fault: str, at: int | None
) -> None:
    PartyFactory.create_batch(3)
    _manifest, done, _seen = archives.check(altered(exported(tmp_path), change))
    assert (done.fault, done.broken_at) == (fault, at)


def test_a_file_that_is_no_archive_is_said_to_be_none(tmp_path: Path) -> None:
    other = tmp_path / "letter.zip"
    other.write_text("您好")
    with pytest.raises(Invalid, match=r"letter\.zip"):
        archives.check(other)


def test_an_archive_explains_itself(tmp_path: Path) -> None:
    PartyFactory()
    with zipfile.ZipFile(exported(tmp_path)) as opened:
        manifest = json.loads(opened.read(archives.MANIFEST))
    assert manifest["format"] == archives.FORMAT
    assert "prev_hash" in manifest["how_a_hash_is_made"]
    assert manifest["algorithms"] == ["sha256"]


def test_only_an_auditor_or_the_platform_takes_the_audit_away(tmp_path: Path) -> None:
    PartyFactory()
    with pytest.raises(AccessDenied):
        keeping.export_audit(actor=officer(), stream=audit.ACTS, folder=tmp_path)
    assert keeping.export_audit(actor=an_auditor(), stream=audit.ACTS, folder=tmp_path) is not None


def test_only_the_platform_prunes() -> None:
    for actor in (an_auditor(), officer()):
        with pytest.raises(AccessDenied):
            keeping.prune_audit(actor=actor)


def noted(count: int = 3) -> None:
    for _each in range(count):
        audit.note(PLATFORM, "signed_in")


def test_what_has_had_its_time_goes_and_the_chain_holds(sets: Callable[..., None]) -> None:
    noted()
    audit.shown(PLATFORM, "page", [(ResourceFactory(), ["budget"], "本单位的记录")])
    (gone,) = keeping.prune_audit(actor=PLATFORM, now=timezone.now() + LATER)
    assert (gone.stream, gone.events, gone.first_seq, gone.last_seq) == ("access", 3, 1, 3)
    assert (AccessEvent.objects.count(), ProvisionEvent.objects.count()) == (0, 1)
    noted(2)
    assert faults() == ["", "", ""]
    event = AuditEvent.objects.get(action="foundation.prune_audit")
    assert (event.details["events"], event.details["head"]) == (3, AuditHead.objects.get(pk=2).base_hash)
    assert event.details["since"] <= event.details["until"]


def test_acts_are_kept_for_good() -> None:
    PartyFactory()
    keeping.prune_audit(actor=PLATFORM, now=timezone.now() + timedelta(days=36500))
    assert AuditEvent.objects.filter(action="parties.register_party").count() == 1


def test_what_is_young_stays_and_that_is_said() -> None:
    noted()
    assert keeping.prune_audit(actor=PLATFORM) == []
    assert AccessEvent.objects.count() == 3
    assert keeping.prune_if_due(PLATFORM) == 0


def test_the_beginning_cannot_be_moved_without_a_pruning() -> None:
    noted(4)
    keeping.prune_audit(actor=PLATFORM, now=timezone.now() + LATER)
    noted(2)
    first = AccessEvent.objects.order_by("seq")[0]
    AccessEvent.objects.filter(seq=first.seq)._raw_delete(using="default")
    AuditHead.objects.filter(pk=2).update(base_seq=first.seq, base_hash=first.hash)
    assert (audit.verify(audit.ACCESS).fault, audit.verify(audit.ACCESS).broken_at) == ("base", first.seq + 1)


def test_what_is_pruned_stands_in_an_archive_where_a_folder_is_set(sets: Callable[..., None], tmp_path: Path) -> None:
    sets(audit_archive=tmp_path / "kept")
    noted()
    last = AccessEvent.objects.get(seq=3).hash
    keeping.prune_audit(actor=PLATFORM, now=timezone.now() + LATER)
    (archive,) = (tmp_path / "kept").iterdir()
    manifest, done, seen = archives.check(archive, head=last)
    assert (manifest.stream, done.events, done.fault, seen) == ("access", 3, "", True)
    assert AuditEvent.objects.get(action="foundation.prune_audit").details["archive"] == archive.name


def test_nothing_goes_when_it_cannot_be_archived(sets: Callable[..., None], tmp_path: Path) -> None:
    blocked = tmp_path / "a file, no folder"
    blocked.touch()
    sets(audit_archive=blocked)
    noted()
    with pytest.raises(OSError, match="a file"):
        keeping.prune_audit(actor=PLATFORM, now=timezone.now() + LATER)
    assert AccessEvent.objects.count() == 3


def test_a_broken_part_is_not_pruned(sets: Callable[..., None], tmp_path: Path) -> None:
    sets(audit_archive=tmp_path)
    noted()
    AccessEvent.objects.filter(seq=2).update(actor_name="别人")
    with pytest.raises(DomainError, match="changed"):
        keeping.prune_audit(actor=PLATFORM, now=timezone.now() + LATER)
    assert AccessEvent.objects.count() == 3


def test_verification_leaves_what_it_found() -> None:
    PartyFactory()
    AuditEvent.objects.update(actor_name="别人")
    assert [each.fault for each in keeping.verify_audit(actor=PLATFORM)] == ["changed", "", ""]
    event = AccessEvent.objects.get(action="audit.verified")
    assert event.details["results"]["acts"]["fault"] == "changed"


@pytest.mark.parametrize("name, days", [("KEEP_ACCESS_DAYS", "182"), ("KEEP_PROVISION_DAYS", "1095")])
def test_no_shorter_time_can_be_set_than_the_law_asks(name: str, days: str) -> None:
    with pytest.raises(EnvironmentProblem, match=name):
        read_environment({f"RONGTONG_{name}": days})


def test_everything_holds_with_sm3_and_over_a_switch_in_the_middle(sets: Callable[..., None], tmp_path: Path) -> None:
    PartyFactory()
    noted(2)
    sets(audit_hash="sm3", audit_archive=tmp_path)
    PartyFactory()
    noted(2)
    audit.shown(PLATFORM, "page", [(ResourceFactory(), ["budget"], "本单位的记录")])
    assert set(AccessEvent.objects.values_list("algorithm", flat=True)) == {"sha256", "sm3"}
    assert archives.check(exported(tmp_path))[1].fault == ""
    keeping.prune_audit(actor=PLATFORM, now=timezone.now() + LATER)
    (archive,) = tmp_path.glob("*access*")
    assert archives.check(archive)[0].algorithms == ["sha256", "sm3"]
    noted()
    assert faults() == ["", "", ""]
    AccessEvent.objects.filter(seq=5).update(algorithm="sha256")
    assert audit.verify(audit.ACCESS).fault == "changed"
