"""A plan as it is filed: the same bytes each time, and nothing in them that may not leave the bureau."""

from __future__ import annotations

import csv
import io
import re
import shutil
import zipfile
from pathlib import Path

import docx
import pytest
from PIL import Image

from enforce import __main__ as command
from enforce.desk.commands.filing import write_pack
from enforce.desk.district import district_figures
from enforce.desk.run.intake import receive_folder
from enforce.desk.year import open_year
from enforce.inputs.pack import LISTED, filed_columns, read_pack
from enforce.words.problems import InputError
from enforce.words.terms import label
from tests.bureaus import bare_project, write_county

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
#: What may not leave the bureau, by what stands for it in the county's tables.
SECRETS = {
    "officers": ["YX-01", "YX-04", "YX-07"],
    "complaints": ["投诉举报", "YX-013"],
    "grades": ["信用等级", "风险等级"],
    "notes": ["内部来源-7", "内部说明-9"],
    "contact": ["张联系", "0730-8412345"],
    "dates of visits": ["2025-05-20"],
}


@pytest.fixture(scope="module")
def plan(tmp_path_factory) -> Path:
    """A county with a contact, and sources and reasons in its tables that are for inside use."""
    plan = write_county(bare_project(tmp_path_factory.mktemp("filing")))
    for path in (plan.parent.parent / "data/yunxi-2025").glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").replace("试用\n", "内部来源-7\n"), encoding="utf-8")
    limits = "事项编号,月份,最少家次,最多家次,依据\nA1,3,0,9,内部说明-9\n"
    (plan.parent.parent / "data/yunxi-2025/limits.csv").write_text(limits, encoding="utf-8")
    (plan.parent / "contact.yaml").write_text('name: 张联系\nphone: "0730-8412345"\n', encoding="utf-8")
    plan.write_text(plan.read_text(encoding="utf-8") + "contact: contact.yaml\n", encoding="utf-8")
    return plan


@pytest.fixture(scope="module")
def pack(plan, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("packs") / "云溪.zip"
    write_pack(plan, path)
    return path


def texts(name: str, content: bytes) -> list[str]:
    """What a part says: its own name, each cell of a table, each part of a Word file with its tags and without."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return [
                text
                for part in parts.namelist()
                for body in (parts.read(part), re.sub(rb"<[^>]*>", b"", parts.read(part)))
                for text in texts(part, body)
            ]
    text = content.decode("utf-8-sig", "replace")
    return [name, *(cell for row in csv.reader(io.StringIO(text)) for cell in row), text]


def test_no_cell_and_no_text_of_a_pack_is_of_what_may_not_leave_the_bureau(plan, pack):
    with zipfile.ZipFile(pack) as package:
        said = [text for name in package.namelist() for text in texts(name, package.read(name))]
    assert len(said) > 500
    tables = "".join(
        path.read_text(encoding="utf-8") for path in (plan.parent.parent / "data/yunxi-2025").glob("*.csv")
    )
    assert all(word in tables + (plan.parent / "contact.yaml").read_text(encoding="utf-8") for words in SECRETS.values()
               for word in words)  # fmt: skip
    aggregates = {"投诉举报"}  # of an official paper: the account's item, in days of all officers
    for words in SECRETS.values():
        for word in set(words) - aggregates:
            assert [text[:80] for text in said if word in text] == [], word


def test_a_table_holds_the_listed_columns_and_no_other(pack):
    with zipfile.ZipFile(pack) as package:
        heads = {
            name: next(csv.reader(io.StringIO(package.read(name).decode("utf-8-sig"))))
            for name in package.namelist()
            if name.endswith(".csv")
        }
    listed = [[label(column) for column in columns] for table, columns in filed_columns().items() if table != "papers"]
    assert sorted(heads.values()) == sorted(listed)
    forbidden = {
        "officer_id",
        "officers",
        "credit_grade",
        "risk_grade",
        "source",
        "note",
        "trigger",
        "basis",
        "record_id",
    }
    rows = csv.DictReader(LISTED.read_text(encoding="utf-8").splitlines())
    assert not forbidden & {row["column"] for row in rows}


def test_a_pack_has_the_same_bytes_each_time_and_the_figures_of_the_plan(plan, pack, tmp_path):
    write_pack(plan, tmp_path / "再.zip")
    assert (tmp_path / "再.zip").read_bytes() == pack.read_bytes()
    figures = district_figures(open_year(plan))
    figures.pop("units")
    assert read_pack(pack).figures == figures


def with_secrets(source: Path, target: Path) -> Path:
    """A template with what its reader does not see: who wrote it, a comment, hidden text, where a picture was taken."""
    document, picture = docx.Document(source), io.BytesIO()
    core = document.core_properties
    core.author = core.last_modified_by = core.identifier = core.content_status = core.version = "李某人"
    run = document.paragraphs[0].add_run("李某人")
    run.font.hidden = True
    document.add_comment([run], "李某人说先不报", author="李某人")
    exif = Image.Exif()
    exif[0x013B] = "Li Mouren"
    Image.new("RGB", (4, 4)).save(picture, "JPEG", exif=exif)
    document.add_picture(picture)
    for part in document.part.package.parts:
        if part.partname == "/docProps/app.xml":
            part._blob = part.blob.replace(b"</Properties>", "<Manager>李某人</Manager></Properties>".encode())
    target.parent.mkdir(exist_ok=True)
    document.save(target)
    return target


def test_what_the_reader_of_a_paper_does_not_see_is_named_before_it_leaves(plan, tmp_path):
    project = tmp_path / "项目"
    shutil.copytree(plan.parent.parent, project)
    copy = project / "params" / plan.name
    copy.write_text(f"{plan.read_text(encoding='utf-8')}templates: ../templates\n", encoding="utf-8")
    template = with_secrets(ROOT / "params/templates/附件1.docx", project / "templates/附件1.docx")
    with pytest.raises(InputError) as error:
        write_pack(copy, tmp_path / "包.zip")
    assert [problem.where for problem in error.value.problems] == ["批注", "隐藏的文字", "图片里的拍摄信息"]
    assert not (tmp_path / "包.zip").exists()
    document = docx.Document(template)
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            if run.font.hidden or run._r.xpath(".//w:drawing"):
                paragraph._p.remove(run._r)
    document.part._comments_part.element.clear()
    for gone in document.element.xpath("//w:commentRangeStart|//w:commentRangeEnd|//w:commentReference"):
        gone.getparent().remove(gone)
    for key, relation in [*document.part.rels.items()]:
        if relation.reltype.endswith("/image"):
            document.part.drop_rel(key)
    document.save(template)
    write_pack(copy, tmp_path / "包.zip")
    with zipfile.ZipFile(tmp_path / "包.zip") as package:
        said = [text for name in package.namelist() for text in texts(name, package.read(name))]
    assert [text for text in said if "李某人" in text] == []


def test_the_superior_receives_it_without_a_doubt(pack, tmp_path):
    target, table = receive_folder(pack.parent, "岳阳", out=tmp_path)
    assert table[["bureau", "filing_state", "message"]].to_numpy().tolist() == [["云溪县应急管理局", "received", ""]]
    assert (target / "index.html").is_file()


def test_the_command_says_the_digest_and_where_the_pack_is(plan, tmp_path, capsys):
    assert command._run(["pack", str(plan), "--out", str(tmp_path / "包.zip")]) == 0
    said = capsys.readouterr().out
    assert read_pack(tmp_path / "包.zip").digest in said
    assert "包.zip" in said
    assert command._run(["pack", str(plan.with_name("没有.yaml")), "--out", str(tmp_path / "无.zip")]) == 1
    assert not (tmp_path / "无.zip").exists()
