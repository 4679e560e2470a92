"""What the portal serves from others is what the manifest says, and a page stays light."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest
import yaml
from django.contrib.staticfiles import finders
from django.test import Client

import rongtong.portal

VENDOR = [
    Path(rongtong.portal.__file__).parent / "static" / "vendor",
    Path(__file__).parent.parent / "browser" / "vendor",
]
MOST_BYTES = 400_000


@pytest.mark.parametrize("folder", VENDOR, ids=["portal", "tests"])
def test_every_foreign_file_has_a_licence_and_its_checksum(folder: Path) -> None:
    listed = {
        Path(asset["name"], asset["version"], name): digest
        for asset in yaml.safe_load((folder / "MANIFEST.yaml").read_text())
        for name, digest in asset["files"].items()
    }
    present = {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "MANIFEST.yaml"
    }
    assert present == listed
    assert {path.parent for path in listed} == {path.parent for path in listed if path.name == "LICENSE"}


@pytest.mark.django_db
def test_a_page_without_charts_weighs_little(visitor: Client) -> None:
    body = visitor.get("/").content
    assets = {name.split("#")[0] for name in re.findall(r'(?:href|src)="/static/([^"]+)"', body.decode())}
    files = [Path(str(finders.find(name))) for name in assets]
    weight = len(gzip.compress(body)) + sum(len(gzip.compress(file.read_bytes())) for file in files)
    assert weight < MOST_BYTES


def test_templates_hold_no_inline_script_or_style() -> None:
    templates = Path(rongtong.portal.__file__).parent / "templates"
    faults = [
        path.name
        for path in templates.rglob("*.html")
        if re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\bsrc=)", path.read_text())
    ]
    assert faults == []
