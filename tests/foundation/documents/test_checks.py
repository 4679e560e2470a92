"""What an upload is, is read from its content; what could harm is refused in words that say what to do."""

import socket
import struct
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from rongtong.domain.foundation.documents import media
from rongtong.domain.foundation.documents.checks import ODDITIES, Finding, examine
from rongtong.domain.foundation.errors import Invalid
from tests.foundation.documents import files

SOUND = {
    "报告.pdf": (files.pdf(), "application/pdf"),
    "说明.docx": (files.office(), media.OFFICE + "wordprocessingml.document"),
    "参数.xlsx": (files.office("xl/workbook.xml"), media.OFFICE + "spreadsheetml.sheet"),
    "汇报.pptx": (files.office("ppt/presentation.xml"), media.OFFICE + "presentationml.presentation"),
    "发票.ofd": (files.office("OFD.xml"), "application/ofd"),
    "照片.png": (files.png(), "image/png"),
    "照片.JPG": (files.jpg(), "image/jpeg"),
    "照片.jpeg": (files.jpg(), "image/jpeg"),
    "照片.webp": (files.webp(), "image/webp"),
    "说明.txt": ("出灰温度不高于 80 ℃。\r\n".encode(), "text/plain"),
    "旧编码.txt": ("出灰温度不高于八十度。".encode("gb18030"), "text/plain"),
    "记事本.txt": ("出灰温度".encode("utf-16"), "text/plain"),
    "参数.csv": ("名称,数值\n出灰温度,80\n".encode(), "text/csv"),
}
MACRO = {"word/vbaProject.bin": files.OLE}
MACRO_TYPE = {
    "[Content_Types].xml": '<Types><Override PartName="/x" ContentType="application/vnd.ms-word.document.macroEnabled.'
    'main+xml"/></Types>'
}
ENTITIES = '<!DOCTYPE w [<!ENTITY a "出灰"><!ENTITY b "&a;&a;&a;">]><w>&b;</w>'
HOSTILE = {
    "empty": ("报告.pdf", b"", "空的"),
    "a program under a document's name": ("报告.pdf", files.PROGRAM, "程序"),
    "a program for another system": ("报告.txt", b"\x7fELF\x02\x01\x01" + bytes(60), "程序"),
    "a shortcut": (
        "打开.pdf",
        files.SHORTCUT,
        "快捷方式",
    ),
    "a drawing with script": ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "矢量图"),
    "a page under a text's name": ("说明.txt", b"\xef\xbb\xbf \n<!DOCTYPE html><script>alert(1)</script>", "网页"),
    "a page in UTF-16": ("说明.txt", "<html><script>".encode("utf-16"), "网页"),
    "an old workbook": ("参数.xls", files.OLE, "旧版 Office"),
    "an archive": ("图纸.zip", files.packed({"a.txt": "出灰"}), "压缩包"),
    "an archive under a document's name": ("图纸.docx", files.packed({"a.exe": files.PROGRAM}), "压缩包"),
    "another archive": ("图纸.rar", b"Rar!\x1a\x07\x01\x00" + bytes(40), "压缩包"),
    "bytes that are nothing": ("图纸.pdf", b"\x00\x01\x02\x03" * 30, "不能识别"),
    "text with a control character": ("说明.txt", b"abc\x1b]0;x\x07", "不能识别"),
    "a picture under another suffix": ("照片.jpg", files.png(), "PNG"),
    "a PDF under a picture's suffix": ("照片.png", files.pdf(), "PDF"),
    "no suffix": ("报告", files.pdf(), "pdf"),
    "too many pixels": ("照片.png", files.png(60_000, 60_000), "像素"),
    "too many pixels in a JPEG": ("照片.jpg", files.jpg(65_000, 65_000), "像素"),
    "too many pixels in a WebP": ("照片.webp", files.webp(16_000, 16_000), "像素"),
    "a picture without a size": ("照片.png", files.png()[:20], "损坏"),
    "a macro": ("说明.docx", files.office(more=MACRO), "宏"),
    "a macro by its type alone": ("说明.docx", files.office(more=MACRO_TYPE), "宏"),
    "an old macro sheet": ("参数.xlsx", files.office("xl/workbook.xml", {"xl/macrosheets/sheet1.xml": "<a/>"}), "宏"),
    "a control": ("说明.docx", files.office(more={"word/activeX/activeX1.xml": "<a/>"}), "控件"),
    "a program within": ("说明.docx", files.office(more={"word/embeddings/a.bin": files.PROGRAM}), "程序"),
    "a packaged file within": (
        "说明.docx",
        files.office(more={"word/embeddings/a.bin": files.OLE + "Ole10Native".encode("utf-16-le")}),
        "打包的其他文件",
    ),
    "an archive within": ("说明.docx", files.office(more={"word/media/a.png": files.packed({"a": "b"})}), "压缩包"),
    "a template from elsewhere": (
        "说明.docx",
        files.office(more=files.relationship("attachedTemplate", "http://evil.example/t.dotm")),
        "外部模板",
    ),
    "an object from elsewhere": (
        "说明.docx",
        files.office(more=files.relationship("oleObject", "mhtml:http://evil.example/x.html")),
        "外部模板",
    ),
    "a picture from a share": (
        "说明.docx",
        files.office(more=files.relationship("image", "\\\\10.0.0.1\\share\\a.png")),
        "外部模板",
    ),
    "a link that runs": (
        "说明.docx",
        files.office(more=files.relationship("hyperlink", "javascript:alert(1)")),
        "外部模板",
    ),
    "dynamic data exchange in a sheet": (
        "参数.xlsx",
        files.office("xl/workbook.xml", {"xl/externalLinks/externalLink1.xml": '<x:ddeLink xmlns:x="x"/>'}),
        "启动程序",
    ),
    "dynamic data exchange in text": (
        "说明.docx",
        files.office(more={"word/header1.xml": "<w><i> DDEAUTO c:\\windows\\system32\\cmd.exe</i></w>"}),
        "启动程序",
    ),
    "entities": ("说明.docx", files.office(more={"word/footnotes.xml": ENTITIES}), "外部声明"),
    "entities in UTF-16": (
        "说明.docx",
        files.office(
            more={"word/footnotes.xml": f'<?xml version="1.0" encoding="UTF-16"?>{ENTITIES}'.encode("utf-16")}
        ),
        "外部声明",
    ),
    "damaged markup": ("说明.docx", files.office(more={"word/styles.xml": "<a><b></a>"}), "损坏"),
    "packed in another way": ("说明.docx", files.packed({"word/document.xml": "<w/>"}, zipfile.ZIP_BZIP2), "压缩方式"),
    "damaged packing": ("说明.docx", files.office()[:69] + b"\x00\x01\x01\x01" + files.office()[73:], "损坏"),
    "a cut container": ("说明.docx", files.office()[:-40], "损坏"),
    "a bomb": ("说明.docx", files.office(more={"word/media/a.xml": b"<a>" + bytes(20_000_000)}), "压缩炸弹"),
    "a path that leads out": ("说明.docx", files.office(more={"../../etc/cron.d/a": "x"}), "外部目录"),
    "a path from the root": ("说明.docx", files.office(more={"/etc/passwd": "x"}), "外部目录"),
    "entries that share bytes": ("说明.docx", files.overlapping(), "结构有异常"),
    "something before the container": ("说明.docx", b"PK\x03\x04" + bytes(60) + files.office(), "结构有异常"),
    "a PDF that starts programs": ("报告.pdf", files.pdf(b"<< /S /Launch /Win << /F (cmd.exe) >> >>"), "启动其他程序"),
}


@pytest.fixture
def looked_at(tmp_path: Path) -> Any:
    def look(name: str, content: bytes) -> Finding:
        path = tmp_path / "content"
        path.write_bytes(content)
        return examine(path, name)

    return look


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_file_is_what_its_content_says(looked_at: Any, name: str) -> None:
    content, media_type = SOUND[name]
    finding = looked_at(name, content)
    assert (finding.medium.media_type, finding.oddities) == (media_type, ())


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_and_told_what_it_is(looked_at: Any, case: str) -> None:
    name, content, told = HOSTILE[case]
    with pytest.raises(Invalid) as refused:
        looked_at(name, content)
    assert told in refused.value.message
    assert [problem.field for problem in refused.value.problems] == ["file"]


def test_containers_within_containers_end_somewhere(looked_at: Any) -> None:
    chart = files.office("xl/workbook.xml")
    once = files.office("ppt/presentation.xml", {"ppt/embeddings/Chart.xlsx": chart})
    assert looked_at("汇报.pptx", once).oddities == ("embedded",)
    twice = files.office("ppt/presentation.xml", {"ppt/embeddings/a.docx": files.office(more={"word/a.xlsx": chart})})
    with pytest.raises(Invalid, match="一层套一层"):
        looked_at("汇报.pptx", twice)
    with pytest.raises(Invalid, match="宏"):
        inner = files.office("xl/workbook.xml", {"xl/vbaProject.bin": files.OLE})
        looked_at("汇报.pptx", files.office("ppt/presentation.xml", {"ppt/embeddings/Chart.xlsx": inner}))


def test_too_many_entries_are_a_bomb(looked_at: Any) -> None:
    many = {f"word/media/{number}.bin": b"x" for number in range(10_001)}
    with pytest.raises(Invalid, match="压缩炸弹"):
        looked_at("说明.docx", files.packed({"word/document.xml": "<w/>"} | many, zipfile.ZIP_STORED))


def test_a_password_keeps_the_platform_from_looking(looked_at: Any) -> None:
    content = bytearray(files.office())
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = -1
        while (at := content.find(mark, at + 1)) >= 0:
            content[at + place] |= 1
    with pytest.raises(Invalid, match="密码"):
        looked_at("说明.docx", bytes(content))


@pytest.mark.parametrize(
    ("name", "content", "oddity"),
    [
        ("说明.docx", files.office(more=files.relationship("image", "https://example.org/a.png")), "external_link"),
        ("说明.docx", files.office(more={"word/embeddings/oleObject1.bin": files.OLE}), "embedded"),
        ("报告.pdf", files.pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"), "script"),
        ("发票.pdf", files.pdf(b"<< /Names << /EmbeddedFiles 3 0 R >> >>"), "attachment"),
    ],
)
def test_what_is_odd_but_common_is_let_in_with_a_word_to_the_reader(
    looked_at: Any, name: str, content: bytes, oddity: str
) -> None:
    assert looked_at(name, content).oddities == (oddity,)
    assert oddity in ODDITIES


def test_an_ordinary_link_is_nothing_odd(looked_at: Any) -> None:
    linked = files.office(more=files.relationship("hyperlink", "https://example.org/"))
    assert looked_at("说明.docx", linked).oddities == ()


@given(content=st.binary(max_size=300), name=st.sampled_from([*SOUND]))
@trying(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_bytes_are_sent_the_answer_is_a_finding_or_a_sentence(
    looked_at: Any, content: bytes, name: str
) -> None:
    _answered(looked_at, name, content)


@given(data=st.data(), name=st.sampled_from([*SOUND]))
@trying(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_sound_file_with_a_damaged_place(looked_at: Any, data: st.DataObject, name: str) -> None:
    sound = SOUND[name][0]
    place = data.draw(st.integers(0, len(sound)))
    damage = data.draw(st.binary(max_size=6))
    _answered(looked_at, name, sound[:place] + damage + sound[place + data.draw(st.integers(0, 6)) :])


def _answered(looked_at: Any, name: str, content: bytes) -> None:
    try:
        assert looked_at(name, content).medium.suffixes
    except Invalid as refused:
        assert refused.message.endswith(("。", "）"))


EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture
def scanner(settings: Any) -> Iterator[socket.socket]:
    """A daemon that speaks clamd's INSTREAM and finds the EICAR test file."""
    server = socket.create_server(("127.0.0.1", 0))
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"clamd": f"127.0.0.1:{server.getsockname()[1]}"})
    thread = threading.Thread(target=_serve, args=(server,), daemon=True)
    thread.start()
    yield server
    server.close()
    thread.join(5)


def _serve(server: socket.socket) -> None:
    while True:
        try:
            connection, _address = server.accept()
        except OSError:
            return
        with connection, connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack("!I", stream.read(4))[0]:
                content += stream.read(size)
            found = b"Eicar-Test-Signature FOUND" if EICAR in content else b"OK"
            connection.sendall(b"stream: " + found + b"\0")


def test_a_scanner_is_asked_where_there_is_one(looked_at: Any, scanner: socket.socket) -> None:
    assert looked_at("说明.txt", b"abc").medium.key == "text"
    with pytest.raises(Invalid, match="恶意代码"):
        looked_at("说明.txt", EICAR)


def test_a_scanner_that_does_not_answer_lets_nothing_in(looked_at: Any, scanner: socket.socket) -> None:
    scanner.shutdown(socket.SHUT_RDWR)
    scanner.close()
    with pytest.raises(Invalid, match="暂时不可用"):
        looked_at("说明.txt", b"abc")


def test_without_a_scanner_nothing_is_scanned(looked_at: Any) -> None:
    assert looked_at("说明.txt", EICAR).medium.key == "text"
