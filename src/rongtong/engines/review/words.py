"""What the codes of a draw mean, for people, in both languages."""

from datetime import date

from rongtong.engines.review.demands import Obstacle
from rongtong.engines.review.eligibility import UNKNOWN, Exclusion
from rongtong.engines.review.people import Kind
from rongtong.engines.rules.words import Text

KINDS: dict[Kind, Text] = {
    "entity": Text("同一法人单位", "same legal entity"),
    "employment": Text("劳动关系", "employment"),
    "board": Text("董事或监事", "director or supervisor"),
    "control": Text("控股股东或实际控制人", "controlling shareholder"),
    "relatives": Text("近亲属", "near relative"),
    "kin": Text("与负责人有亲属关系", "kin of the head"),
    "own_application": Text("自己有相同或相近的申请", "a similar application of one's own"),
    "influence": Text("其他影响公正的关系", "another influence"),
    "declared": Text("本人申明回避", "declared by the reviewer"),
    "named": Text("申请人提出不适宜评审", "named by the applicant"),
    "co_work": Text("合作论文或项目", "papers or projects together"),
    "teaching": Text("师生关系", "teacher and student"),
    "shares": Text("持股或任顾问", "holds shares or advises"),
}
FACTS = {
    "organisation": Text("所在单位", "the organisation"),
    "years": Text("从业年限", "the years in the field"),
    "senior": Text("高级职称或同等水平", "the title or standing"),
    "open_reviews": Text("在评件数", "the open reviews"),
    "year_reviews": Text("一年内评审次数", "the reviews within a year"),
}
REASONS: dict[str, Text] = {
    **{str(kind): label for kind, label in KINDS.items()},
    "unavailable": Text("本人不能参加", "not available"),
    "supervisor": Text("监督部门工作人员", "works for the supervising body"),
    "years": Text("从业年限不够", "too few years in the field"),
    "senior": Text("没有高级职称或同等水平", "no senior title or equal standing"),
    "open_reviews": Text("在评件数已满", "enough open reviews"),
    "year_reviews": Text("一年内评审次数已满", "enough reviews within a year"),
    "cool_down": Text("距上次评审不满间隔期", "reviewed too recently"),
}
OBSTACLES = {
    "few": Text("人数太少，还差 {short} 人。", "The panel is too small by {short}."),
    "even": Text("人数是双数，应为单数。", "The number is even; it has to be odd."),
    "candidates": Text("可以抽取的人不够，还差 {short} 人。", "Candidates are too few by {short}."),
    "organisations": Text(
        "每个单位的人数上限使名额填不满，还差 {short} 人。",
        "The limit for each organisation leaves places empty: {short}.",
    ),
    "experts": Text("可以抽取的专家不够比例，还差 {short} 名。", "Experts are too few by {short}."),
    "enterprise": Text(
        "可以抽取的企业专家不够比例，还差 {short} 名。", "Experts from enterprises are too few by {short}."
    ),
}


def reason(exclusion: Exclusion) -> Text:
    """Why somebody is not drawn, without evidence and article."""
    if exclusion.until:
        return conflict(exclusion.code, exclusion.until)
    if exclusion.unclear:
        kind = REASONS[exclusion.code]
        return Text(f"{kind.zh}，截止日期不详", f"{kind.en}; the day it ended is not known")
    if exclusion.code == UNKNOWN:
        fact = FACTS[exclusion.evidence]
        return Text(f"不知道{fact.zh}", f"not known: {fact.en}")
    return REASONS[exclusion.code]


def conflict(kind: str, until: date | None) -> Text:
    """What is between two, and until when it was."""
    said = REASONS[kind]
    return Text(f"{said.zh}，到 {until} 为止", f"{said.en} until {until}") if until else said


def hindrance(obstacle: Obstacle) -> Text:
    """Why there is no panel."""
    return OBSTACLES[obstacle.code].format({"short": str(obstacle.short)}, {"short": str(obstacle.short)})
