"""The whole loop of a challenge as people live it, from a demand to an accepted result, each with their own page."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from rongtong.domain.foundation import audit, clock
from rongtong.domain.programmes.models import Milestone, Objection, Obligation, Project, Seat, Submission, Topic
from tests.browser.challenge_scene import PASSPHRASE, Cast, Hour, assemble
from tests.browser.conftest import Open

MILESTONES = 3
BEGINS = dt.timedelta(days=-200)
"""The story begins in the past, so that its notices fall into years whose working days are known."""
expect.set_options(timeout=20_000)
TEAMS = ("first", "second", "third")


@pytest.fixture
def hour(monkeypatch: pytest.MonkeyPatch) -> Hour:
    """The clock that this test moves, in every thread of the process."""
    real, moved = clock.now, Hour(BEGINS)
    monkeypatch.setattr(clock, "now", lambda: real() + moved.moved)
    return moved


@pytest.fixture
def cast(open_page: Open, transactional_db: None) -> Cast:
    """Everybody who takes part."""
    return assemble(open_page)


def said(page: Page, words: str) -> None:
    """The page tells that something was done."""
    expect(page.locator("#messages", has_text=words)).to_be_visible()


def press(page: Page, label: str) -> None:
    page.locator(f"button:visible:has-text('{label}')").first.click()


def step(page: Page, label: str, reason: str = "") -> None:
    """Take a step of a process on the record's page, with its reason where it asks for one."""
    if reason:
        page.locator(f"summary:has-text('{label}')").first.click()
        form = page.locator("details[open]", has=page.locator(f"summary:has-text('{label}')"))
        form.locator("textarea[name=reason]").fill(reason)
        form.locator(f"button:has-text('确认{label}')").click()
    else:
        page.locator(f"form:has(input[name=event]) button:has-text('{label}')").first.click()


def open_programme(cast: Cast, kind: str, title: str) -> None:
    page = cast("officer1", "/challenges/programmes/new")
    page.click(f"a:has-text('{kind}')")
    page.fill("[name=title]", title)
    page.fill("[name=legal_basis]", "示例区揭榜挂帅项目管理办法")
    press(page, "保存")
    step(page, "启动")
    expect(page.locator(".tag:has-text('进行中')").first).to_be_visible()


def draft_topic(cast: Cast, hour: Hour, programme: str, demand: str, title: str) -> Topic:
    """From the page of a demand, with its problem and parameters already there."""
    record = cast.demands[demand]
    page = cast("officer1", f"/resources/demand/{record.pk}/")
    page.click("text=据此拟榜题")
    assert page.input_value("[name='targets.value'] >> nth=0") == "80"
    page.select_option("[name=programme]", label=programme)
    page.fill("[name=title]", title)
    page.fill("[name=setter_money]", "30万元")
    page.fill("[name=public_money]", "10万元")
    page.fill("[name=opens_at]", hour.local(days=31))
    page.fill("[name=closes_at]", hour.local(days=62))
    press(page, "保存")
    topic = Topic.objects.get(title=title)
    page.fill("#examiners [name=party]", cast.parties["user"].name)
    press(page, "指定")
    step(page, "提交论证")
    return topic


def argue(cast: Cast, topic: Topic) -> None:
    for number in (8, 9, 10):
        page = cast(f"expert{number}", f"/challenges/topics/{topic.pk}/argue")
        page.check("input[name=verdict][value=support]")
        page.fill("[name=opinion]", "需求真实，指标可测，值得公开征集。")
        press(page, "签署")
    step(cast("officer1", f"/challenges/topics/{topic.pk}/"), "通过论证")


def publish(cast: Cast, topic: Topic) -> None:
    """Three officers can open the box; then the topic is on the list for everybody."""
    for number in (1, 2, 3):
        page = cast(f"officer{number}", "/me/seal-key")
        if page.locator("[name=again]").count():
            page.fill("[name=passphrase]", PASSPHRASE)
            page.fill("[name=again]", PASSPHRASE)
            press(page, "登记密钥")
            expect(page.locator("h2:has-text('您的密钥')")).to_be_visible()
    page = cast("officer1", f"/challenges/topics/{topic.pk}/")
    for box in page.locator("#box [name=custodian]").all():
        box.check()
    press(page, "设封存箱")
    step(page, "发榜")
    public = cast("", "/challenges/")
    public.click(f"text={topic.title}")
    expect(public.locator("h1")).to_have_text(topic.title)
    assert public.locator("#box").count() == 0


def submit(cast: Cast, topic: Topic, team: str) -> str:
    """Fill in a submission, seal it, keep the receipt; answers the address of the submission."""
    page = cast(team, f"/challenges/topics/{topic.pk}/")
    press(page, "我要揭榜")
    expect(page.locator("#bid-title")).to_be_visible()
    address = page.url
    fill_in(page, team)
    to_sealing(page)
    press(page, "封存提交")
    expect(page.locator("h2:has-text('回执')")).to_be_visible()
    return address


def fill_in(page: Page, team: str) -> None:
    """The form of a submission; it saves itself as one types."""
    page.locator("#bid-title").press_sequentially(f"{team}：链板式密封出灰装置")
    for name in ("approach", "basis", "team", "transfer"):
        page.fill(f"[name='answers.{name}']", f"{team}的办法：分级出料，密封输送，逆流换热。")
    page.select_option("[name='answers.budget_mode']", "itemised")
    page.fill("[name='promises.value']", "75")
    page.fill("[name=bid]", "38万元")
    lines = page.locator("#budget-rows tr")
    for number, (item, amount, purse) in enumerate(
        (("business", "30万元", "setter"), ("equipment", "8万元", "public"))
    ):
        lines.nth(number).locator("[name='budget.item']").select_option(item)
        lines.nth(number).locator("[name='budget.amount']").fill(amount)
        lines.nth(number).locator("[name='budget.purse']").select_option(purse)
        if number == 0:
            page.locator("#b-budget button:has-text('再加一行')").click()
            expect(lines).to_have_count(2)
    expect(page.locator("#saved")).to_contain_text("已自动保存")


def to_sealing(page: Page) -> None:
    """On to the page where a submission is sealed, everything declared."""
    press(page, "去封存提交")
    for box in page.locator(".declaration input").all():
        box.check()


def withdraw_and_come_late(cast: Cast, hour: Hour, topic: Topic) -> None:
    """A fourth team seals, takes it back, begins anew, and presses the button a minute too late."""
    address = submit(cast, topic, "fourth")
    page = cast("fourth", address)
    press(page, "撤回")
    expect(page.locator(".tag:has-text('已撤回')")).to_be_visible()
    assert "第四工程" not in cast("officer1", f"/challenges/topics/{topic.pk}/bids").content()
    press(page, "重新填写")
    fill_in(page, "fourth")
    to_sealing(page)
    hour.forward(days=31)
    press(page, "封存提交")
    expect(page.locator(".notice-error")).to_contain_text("已过截止时间")
    cast("fourth", address)
    expect(page.locator(".tag:has-text('逾期未提交')")).to_be_visible()


def open_and_check(cast: Cast, topic: Topic) -> None:
    """Two officers open; who came late stands in the list of refusals; every submission is in order."""
    page = cast("officer1", f"/challenges/topics/{topic.pk}/opening")
    page.fill("[name=passphrase]", PASSPHRASE)
    page.fill("[name=witness_passphrase]", PASSPHRASE)
    press(page, "启封")
    cast("officer1", f"/challenges/topics/{topic.pk}/bids")
    for submission in Submission.objects.filter(topic=topic, state="opened"):
        cast("officer1", f"/bids/{submission.pk}/")
        for point in page.locator("input[type=radio][value=yes]").all():
            point.check()
        page.click("button[value=pass_form]")
        expect(page.locator(".tag:has-text('形式审查通过')").first).to_be_visible()


def review(cast: Cast, hour: Hour, topic: Topic, *, recused: bool = False) -> None:
    """A panel is drawn and seated; one stands aside; all write; the officer puts it together and ranks."""
    page = cast("officer1", f"/challenges/topics/{topic.pk}/review")
    page.fill("[name=ends_at]", hour.local(days=10))
    press(page, "安排评审")
    press(page, "抽取评审组")
    page.click("a:has-text('按记录重算一遍')")
    expect(page.locator("#draw")).to_contain_text("结果一致")
    address = page.url.split("?")[0]
    while seat := Seat.objects.filter(round__topic=topic, state="invited").order_by("pk").first():
        expert = cast(cast.accounts[seat.account], f"/seats/{seat.pk}/")
        expert.check("[name=promises]")
        press(expert, "应允")
        expect(expert.locator(".tag:has-text('已应允')").first).to_be_visible()
        if recused:
            expert.click("summary:has-text('发现应当回避')")
            expert.locator("details[open] [name=reason]").fill("与一家申请单位合作发表过论文。")
            press(expert, "确认回避")
            expect(expert.locator(".tag:has-text('已回避')").first).to_be_visible()
            recused = False
    step(cast("officer1", address), "开始评审")
    for number, seat in enumerate(Seat.objects.filter(round__topic=topic, state="accepted").order_by("pk")):
        write(cast(cast.accounts[seat.account]), seat, number)
    step(cast("officer1", address), "收齐意见")
    step(page, "汇总")
    cast("officer1", f"/challenges/topics/{topic.pk}/review")
    press(page, "排定名次")
    expect(page.locator("h2:has-text('名次')").first).to_be_visible()


def write(page: Page, seat: Seat, number: int) -> None:
    """One reviewer marks every submission; who applied is told nowhere."""
    for review_ in seat.reviews.order_by("pk"):
        page.goto(f"/reviews/{review_.pk}/")
        for team in TEAMS:
            assert f"示例{team}" not in page.content()
        place = TEAMS.index(review_.submission.title.split("：")[0])
        for field in page.locator(".mark-row input").all():
            field.fill(str(90 - 5 * place - number))
        page.fill("[name=opinion]", "路线清楚，基础扎实，指标有响应。")
        press(page, "签署")
        said(page, "已签署")


def decide(cast: Cast, topic: Topic) -> None:
    """One officer prepares, the same publishes; then the public notice begins."""
    page = cast("officer1", f"/challenges/topics/{topic.pk}/result")
    page.fill("[name=basis]", "局长办公会审议，按评审排序拟定。")
    for reason in page.locator("textarea[name^=reason-]").all():
        reason.fill("评分低于拟立项的申请。")
    press(page, "拟定，先看一遍")
    page.click("summary:has-text('公布')")
    press(page, "确认公布")
    cast("officer1", f"/challenges/topics/{topic.pk}/result").click("a:has-text('发出公示')")
    page.fill("[name=contact]", "科技局成果科 0571-00000000")
    press(page, "发出公示")
    expect(page.locator("h1")).to_contain_text("公示")


def object_and_uphold(cast: Cast, topic: Topic) -> None:
    """Somebody of the public objects by name; the second officer finds it holds, and all is decided anew."""
    public = cast("", "/notices/")
    public.click(f"a:has-text('{topic.title}')")
    public.click("a:has-text('提出异议')")
    public.fill("[name=name]", "赵明理")
    public.fill("[name=contact]", "13800000000")
    public.fill("[name=ground]", "第二名单位与出题人有合作项目没有申明，附合同编号。")
    press(public, "提交异议")
    expect(public.locator("main")).to_contain_text("回执")
    objection = Objection.objects.get(notice__topic=topic)
    page = cast("officer2", f"/objections/{objection.pk}/")
    step(page, "受理")
    step(page, "认定成立", "查实合作关系没有申明，重新拟定。")
    expect(page.locator(".tag:has-text('成立')").first).to_be_visible()
    topic.refresh_from_db()
    assert topic.state == "ranked"


def award(cast: Cast, hour: Hour, topic: Topic) -> list[Project]:
    """After the last day of the notice; who was not chosen reads why."""
    page = cast("officer1", f"/challenges/topics/{topic.pk}/result")
    expect(page.locator(".advice")).to_contain_text("公示期还没有满")
    hour.forward(days=10)
    cast("officer1", f"/challenges/topics/{topic.pk}/result")
    press(page, "立项")
    expect(page.locator("#messages")).to_contain_text("立项")
    loser = cast("third", f"/challenges/topics/{topic.pk}/result")
    expect(loser.locator("h3:has-text('评审意见')")).to_be_visible()
    assert "评审专家" not in loser.locator("main").inner_text()
    return list(Project.objects.filter(topic=topic).order_by("pk"))


def contract(cast: Cast, hour: Hour, project: Project) -> None:
    team = team_of(cast, project)
    page = cast(team, f"/projects/{project.pk}/edit")
    page.fill("[name=chief_name]", "首席科学家王工")
    for line, fen in zip(
        page.locator("[name='budget.fen']").all()[:2], (project.setter_money, project.public_money), strict=True
    ):
        line.fill(str(fen // 100))
    press(page, "保存")
    page = cast("officer1", f"/projects/{project.pk}/edit")
    page.fill("[name=contract_number]", f"示例 {str(project.pk)[-4:]}")
    page.fill("[name=signed_on]", hour.local()[:10])
    press(page, "保存")
    said(page, "项目已保存")
    step(page, "签约")
    step(page, "启动")
    expect(page.locator(".tag:has-text('执行中')").first).to_be_visible()


def team_of(cast: Cast, project: Project) -> str:
    return next(key for key, party in cast.parties.items() if party.pk == project.leader_id)


def report(cast: Cast, stone: Milestone, reached: str) -> None:
    page = cast(team_of(cast, stone.project), f"/milestones/{stone.pk}/")
    page.fill("[name=report]", "按计划完成，现场连续运行，记录在附件。")
    page.fill("[name='reached.value']", reached)
    press(page, "提交")
    said(page, "里程碑已提交")


def examine(cast: Cast, stone: Milestone, event: str, finding: str) -> None:
    page = cast("officer2", f"/milestones/{stone.pk}/")
    page.fill("[name=finding]", finding)
    page.click(f"button[name=event][value={event}]")
    expect(page.locator("section:has(h2:has-text('查验意见'))").first).to_contain_text(finding)


def pay(cast: Cast, project: Project) -> None:
    """What fell due is paid: first by the setter, then by the bureau."""
    for purse, who in (("setter", "setter"), ("public", "officer1")):
        for owed in Obligation.objects.filter(project=project, purse=purse, state="due"):
            page = cast(who, f"/obligations/{owed.pk}/pay")
            page.fill("[name=evidence]", "银行回单 20260001")
            press(page, "登记付款")
            said(page, "付款已登记")
            owed.refresh_from_db()
            assert owed.state == "paid"


def accept(cast: Cast, project: Project) -> None:
    """The team asks, a user signs that it holds in use, the bureau accepts, the first year is told."""
    team = team_of(cast, project)
    step(cast(team, f"/projects/{project.pk}/"), "申请验收")
    page = cast("user", f"/projects/{project.pk}/market-test")
    page.fill("[name=conditions]", "在两条生产线连续试用三个月。")
    page.select_option("[name=passed]", index=1)
    press(page, "签署")
    step(cast("officer1", f"/projects/{project.pk}/"), "通过验收")
    page = cast(team, f"/projects/{project.pk}/")
    expect(page.locator(".tag:has-text('已验收')").first).to_be_visible()


def watched(cast: Cast, topic: Topic) -> None:
    """The supervisor reads the whole course and changes nothing; the public reads the result and no more."""
    page = cast("supervisor", f"/challenges/topics/{topic.pk}/")
    expect(page.locator(".timeline").first).to_contain_text("立项")
    assert page.locator("form:has(input[name=event])").count() == 0
    public = cast("", f"/challenges/topics/{topic.pk}/")
    assert "评审专家" not in public.content()


@pytest.mark.slow
def test_a_challenge_from_a_demand_to_an_accepted_result(cast: Cast, hour: Hour) -> None:
    programme = "示例区第一批揭榜挂帅"
    open_programme(cast, "揭榜挂帅", programme)
    topic = draft_topic(cast, hour, programme, "open", "石灰窑高温自动出灰")
    argue(cast, topic)
    publish(cast, topic)
    hour.forward(days=31, minutes=1)
    for team in TEAMS:
        submit(cast, topic, team)
    withdraw_and_come_late(cast, hour, topic)
    open_and_check(cast, topic)
    review(cast, hour, topic, recused=True)
    decide(cast, topic)
    object_and_uphold(cast, topic)
    decide(cast, topic)
    (project,) = award(cast, hour, topic)
    contract(cast, hour, project)
    for stone in project.milestones.order_by("order"):
        report(cast, stone, "75")
        examine(cast, stone, "pass", "指标达到，资料齐全。")
    pay(cast, project)
    accept(cast, project)
    watched(cast, topic)
    assert sum(project.obligations.values_list("fen", flat=True)) == topic.money
    assert audit.verify().fault == ""


@pytest.mark.slow
def test_a_horse_race_with_a_gate_and_a_failed_milestone(cast: Cast, hour: Hour) -> None:
    programme = "示例区第一批赛马"
    open_programme(cast, "赛马", programme)
    topic = draft_topic(cast, hour, programme, "race", "窑炉余热回收")
    argue(cast, topic)
    publish(cast, topic)
    hour.forward(days=31, minutes=1)
    for team in TEAMS:
        submit(cast, topic, team)
    hour.forward(days=32)
    open_and_check(cast, topic)
    review(cast, hour, topic)
    decide(cast, topic)
    first, second = award(cast, hour, topic)
    for project in (first, second):
        contract(cast, hour, project)
        stone = project.milestones.get(order=1)
        report(cast, stone, "85")
        examine(cast, stone, "pass", "第一阶段完成。")
        pay(cast, project)
        report(cast, project.milestones.get(order=2), "78" if project == first else "95")
    page = cast("officer1", f"/challenges/topics/{topic.pk}/gate")
    page.check(f"[name=verdict-{first.pk}][value=continue]")
    page.check(f"[name=verdict-{second.pk}][value=eliminate]")
    page.fill(f"[name=reason-{second.pk}]", "出灰温度没有达到要求。")
    press(page, "确认决定")
    expect(page.locator("main")).to_contain_text("赛马淘汰")
    last = first.milestones.get(order=MILESTONES)
    report(cast, last, "92")
    examine(cast, last, "fail", "温度不达标，整改期内未能解决。")
    step(cast("officer1", f"/projects/{first.pk}/"), "认定未成功", "最后一个里程碑没有通过。")
    page = cast(team_of(cast, first), f"/projects/{first.pk}/diligence")
    for name in ("records", "decisions", "spending"):
        page.fill(f"[name={name}]", "原始记录和纪要已归档，编号 2026-07。")
    press(page, "提交")
    said(page, "尽职材料已保存")
    watched(cast, topic)
    paid = Obligation.objects.filter(project__topic=topic, milestone__order=1, purse="setter").values_list(
        "fen", flat=True
    )
    assert len(paid) == 2
    assert len(set(paid)) == 1
    assert audit.verify().fault == ""
