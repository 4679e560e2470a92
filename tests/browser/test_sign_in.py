"""From the link in a letter to the first page: what only a browser does, such as saying where a form comes from."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pyotp
from django.urls import reverse

from rongtong.domain.foundation.actors import Role
from rongtong.domain.parties.signing.invitations import issue_invitation
from tests.factories import PLATFORM

CHOSEN = "一个足够长的新密码的句子"


def test_an_invited_officer_chooses_a_password_enrols_and_works(
    transactional_db: None, open_page: Callable[..., Any]
) -> None:
    issued = issue_invitation(
        actor=PLATFORM, to_address=str, role=Role.OFFICER, region="330100", name="张干部", email="zhang@example.com"
    )
    page = open_page(f"{reverse('portal:link')}?key={issued.secret}", width=390)
    assert urlsplit(page.url).query == ""
    page.fill("[name=username]", "zhang")
    page.fill("[name=password]", "too short")
    page.fill("[name=again]", "too short")
    page.check("[name=notice]")
    page.press("[name=again]", "Enter")
    page.wait_for_selector(".field-error")
    page.fill("[name=password]", CHOSEN)
    page.fill("[name=again]", CHOSEN)
    page.check("[name=notice]")
    page.press("[name=again]", "Enter")
    page.wait_for_url(f"**{reverse('portal:enrol')}")
    picture = page.locator("img.enrol-picture")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
    app = pyotp.TOTP(page.inner_text("p.secret").replace(" ", ""))
    page.fill("[name=code]", app.now())
    page.press("[name=code]", "Enter")
    page.wait_for_selector(".recovery-codes")
    assert page.locator(".recovery-codes li").count() == 10
    page.click(".actions a.button-primary")
    page.wait_for_url(f"**{reverse('portal:workbench')}")
    page.goto(reverse("portal:security"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
