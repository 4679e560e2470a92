"""论文与科技报告: what has been published, as evidence of who knows what."""

from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.declaration import Field, Kind
from rongtong.domain.registry.types import Choice, Day, Line, Link, Many, Prose, Term

TYPES = (
    ("journal", Words("期刊论文", "Journal article")),
    ("conference", Words("会议论文", "Conference paper")),
    ("thesis", Words("学位论文", "Thesis")),
    ("report", Words("科技报告", "Technical report")),
    ("standard", Words("标准", "Standard")),
    ("book", Words("专著", "Book")),
)

KIND = Kind(
    key="paper",
    label=Words("论文与科技报告", "Paper or report"),
    description=Words("已发表的论文、报告和标准", "Published papers, reports and standards"),
    group="technology",
    icon="book",
    title=Words("题名", "Title"),
    columns={"summary": "abstract", "region": "region", "field": "field", "holder": "holder", "date": "published_on"},
    fields=(
        Field("abstract", Words("摘要", "Abstract"), Prose(), required=True, search=5, score=30),
        Field("abstract_en", Words("英文摘要", "Abstract in English"), Prose(5000), search=2, score=5),
        Field("keywords", Words("关键词", "Keywords"), Many(Line(60)), search=3, score=15),
        Field("type", Words("文献类型", "Type"), Choice(options=TYPES), score=5, list=True),
        Field("authors", Words("作者", "Authors"), Many(Line(80), most=200), score=10,
              advice=Words("写出作者，便于找到可请教的人。", "Name the authors, so that one knows whom to ask.")),
        Field("holder", Words("作者单位", "Affiliation"), Line(), score=10, list=True),
        Field("venue", Words("刊物或会议", "Journal or conference"), Line(), score=5, list=True),
        Field("doi", Words("DOI", "DOI"), Line(120), score=5),
        Field("report_number", Words("报告编号", "Report number"), Line(60),
              help=Words("科技报告或标准的编号", "Number of the report or standard")),
        Field("link", Words("全文链接", "Link to the full text"), Link()),
        Field("source_project", Words("资助项目", "Funded by"), Many(Line()), search=1),
        Field("discipline", Words("学科", "Discipline"), Line(60), search=1),
        Field("field", Words("技术领域", "Technology field"), Term("field"), score=5, list=True),
        Field("region", Words("所在地区", "Region"), Term("division")),
        Field("published_on", Words("发表日期", "Published on"), Day(), score=5, list=True),
    ),
)  # fmt: skip
