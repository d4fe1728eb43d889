#!/usr/bin/env python3
"""Reads annexes back: by python-docx, as XML, and through LibreOffice.

    check.py ANNEX.docx...

What is checked is what a filing office sees: the page, the fonts, the sections in their order, tables that fill the page and no
more, the footer with the number of the page, and that LibreOffice makes an A4 document of it that holds all headings.
"""

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from xml.dom import minidom

import docx
from docx.oxml.ns import qn
from docx.shared import Cm

TITLES = [
    "一、结论摘要", "二、评估工作概述", "三、处理活动与共享场景", "四、数据集与数据项清单", "五、匿名化（去标识化）处理措施",
    "六、标识符识别报告", "七、重标识风险计算方案与结果", "八、基于攻击的验证测试", "九、不可复原性验证", "十、敏感性与稳健性",
    "十一、数据有用性验证", "十二、个人信息保护影响风险等级", "十三、剩余风险、局限与处置建议", "十四、重新评估与留存",
    "十五、可复现性与完整性证明", "十六、条款对照表",
]
FONTS = {"Normal": "仿宋", "Heading 1": "黑体", "Heading 2": "楷体", "Heading 3": "仿宋", "Title": "黑体"}


def near(one, other):
    return abs(one - other) < Cm(0.02)


def font(document, style):
    """The East Asian font of a style, of the one that it is based on, or of the document."""
    while style is not None:
        fonts = style.element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        if fonts is not None and fonts.get(qn("w:eastAsia")):
            return fonts.get(qn("w:eastAsia"))
        style = style.base_style
    path = "/".join(map(qn, ["w:docDefaults", "w:rPrDefault", "w:rPr", "w:rFonts"]))
    return document.styles.element.find(path).get(qn("w:eastAsia"))


def parts(path):
    """Every part is well-formed XML, and nothing is compressed or dated."""
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            assert entry.compress_type == zipfile.ZIP_STORED, entry.filename
            assert entry.date_time == (1980, 1, 1, 0, 0, 0), entry.filename
            minidom.parseString(archive.read(entry))


def read_back(path):
    document = docx.Document(path)
    (section,) = document.sections
    assert near(section.page_width, Cm(21)) and near(section.page_height, Cm(29.7)), "A4"
    assert near(section.left_margin, Cm(3.18)) and near(section.right_margin, Cm(3.18))
    assert near(section.top_margin, Cm(2.54)) and near(section.bottom_margin, Cm(2.54))
    for name, expected in FONTS.items():
        found = font(document, document.styles[name])
        assert found == expected, (name, found)
    titles = [it.text for it in document.paragraphs if it.style.name == "Heading 1"]
    assert titles == TITLES, titles
    assert len(document.tables) > 20
    for table in document.tables:
        grid = [int(it.get(qn("w:w"))) for it in table._tbl.tblGrid]
        assert sum(grid) == 8300, grid
        assert len(table.rows) > 1, "a table without rows"
        for row in table.rows:
            widths = [int(cell._tc.tcPr.find(qn("w:tcW")).get(qn("w:w"))) for cell in row.cells]
            assert widths == grid, (widths, grid)
    footer = section.footer._element.xml
    assert "PAGE" in footer and "NUMPAGES" in footer and "fldSimple" not in footer
    assert document.core_properties.author == "星河示例科技有限公司"
    body = "".join(it.text or "" for it in document.element.body.iter(qn("w:t")))
    assert "已验证，与证据文件相符" in body and "未签名" not in body


def converted(path):
    with tempfile.TemporaryDirectory() as folder:
        run = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, str(path)]
        subprocess.run(run, check=True, capture_output=True)
        pdf = Path(folder) / (path.stem + ".pdf")
        info = subprocess.run(["pdfinfo", pdf], check=True, capture_output=True, text=True).stdout
        assert "(A4)" in info, info
        text = subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True, text=True).stdout
    text = re.sub(r"\s", "", text)
    for title in TITLES:
        assert title in text, title
    assert "第1页" in text and "NUMPAGES" not in text and "PAGE" not in text


for name in map(Path, sys.argv[1:]):
    parts(name)
    read_back(name)
    converted(name)
    print(f"{name.name}: read back and converted")
