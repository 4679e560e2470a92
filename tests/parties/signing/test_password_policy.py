"""What a password must be, and that all that is wrong with one is said at once."""

import hashlib
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from rongtong.domain.foundation.errors import AccessDenied, Invalid
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.parties.signing.breached import is_breached
from rongtong.domain.parties.signing.passwords import change_password, set_password
from rongtong.domain.parties.signing.policy import REMEMBERED, check_new_password
from tests.factories import PASSWORD, PLATFORM, AccountFactory

pytestmark = pytest.mark.django_db


def problems(password: str, **account: str) -> list[str]:
    try:
        check_new_password(password, AccountFactory.build(**account) if account else AccountFactory())
    except Invalid as wrong:
        return [problem.message for problem in wrong.problems]
    return []


def test_everything_wrong_is_said_at_once() -> None:
    account = AccountFactory(username="monkey", display_name="王小明")
    with pytest.raises(Invalid) as raised:
        check_new_password("monkey1", account)
    assert [problem.message for problem in raised.value.problems] == [
        "密码至少要 12 个字，可以用几个不相干的词。",
        "密码与账号、姓名或邮箱太相似。",
        "这个密码太常见，容易被猜中。",
    ]


@pytest.mark.parametrize("good", ["correct horse battery", "只有中文没有数字的一句话也可以", "aaaaBBBBccccDDDD"])
def test_no_kind_of_character_is_asked_for(good: str) -> None:
    assert problems(good) == []


def test_the_least_length_is_a_setting(environment: Callable[..., None]) -> None:
    environment(password_length=16)
    assert problems("fifteen letters") == ["密码至少要 16 个字，可以用几个不相干的词。"]


@pytest.fixture(scope="module")
def leaked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A list in the form of Have I Been Pwned, with lines of unlike length."""
    draw = random.Random(7)
    known = [f"leaked secret {number}" for number in range(3000)]
    lines = sorted(f"{hashlib.sha1(each.encode()).hexdigest().upper()}:{draw.randint(1, 10**7)}" for each in known)
    path = tmp_path_factory.mktemp("breached") / "hashes.txt"
    path.write_bytes("\r\n".join(lines).encode())
    return path, known


def test_every_leaked_password_is_found_in_the_sorted_list_and_no_other(leaked: tuple[Path, list[str]]) -> None:
    path, known = leaked
    assert all(is_breached(each, path) for each in known)
    assert not any(is_breached(f"never leaked {number}", path) for number in range(3000))


def test_a_plain_list_will_do_and_is_read_again_when_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "plain.txt"
    path.write_text("Yunling Gaoxin 2026\n另一个泄露的密码\n", encoding="utf-8")
    assert is_breached("yunling gaoxin 2026", path)
    assert not is_breached("more words than that", path)
    path.write_text("more words than that\n", encoding="utf-8")
    assert is_breached("more words than that", path)


def test_a_leaked_password_is_refused(leaked: tuple[Path, list[str]], environment: Callable[..., None]) -> None:
    environment(breached_passwords=leaked[0])
    assert problems("leaked secret 42") == ["这个密码曾在别处泄露，不能使用。"]


def test_none_of_the_last_five_is_taken_again() -> None:
    account = AccountFactory(password=PASSWORD)
    used = [PASSWORD]
    for number in range(REMEMBERED + 1):
        change_password(actor=actor_of(account), account=account, old=used[-1], new=f"第{number}个足够长的新密码的句子")
        used.append(f"第{number}个足够长的新密码的句子")
    assert [bool(problems_of(account, old)) for old in used] == [False, *[True] * (REMEMBERED + 1)]


def problems_of(account: object, password: str) -> bool:
    try:
        check_new_password(password, account)  # type: ignore[arg-type]  # an account of the factories
    except Invalid:
        return True
    return False


def test_the_old_password_is_asked_for() -> None:
    account = AccountFactory(password=PASSWORD)
    with pytest.raises(Invalid, match="现在的密码不对"):
        change_password(actor=actor_of(account), account=account, old="guessed wrongly", new="一个足够长的新密码的句子")


def test_nobody_changes_the_password_of_another() -> None:
    account, other = AccountFactory(password=PASSWORD), AccountFactory(password=PASSWORD)
    with pytest.raises(AccessDenied):
        change_password(actor=actor_of(other), account=account, old=PASSWORD, new="一个足够长的新密码的句子")
    with pytest.raises(AccessDenied):
        set_password(actor=actor_of(account), account=account, password="一个足够长的新密码的句子")


def test_the_operator_sets_one_under_the_same_policy() -> None:
    account = AccountFactory(password=PASSWORD)
    with pytest.raises(Invalid):
        set_password(actor=PLATFORM, account=account, password="short")
    set_password(actor=PLATFORM, account=account, password="一个足够长的新密码的句子")
    account.refresh_from_db()
    assert account.check_password("一个足够长的新密码的句子")
