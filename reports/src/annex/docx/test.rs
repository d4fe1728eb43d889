use super::*;
use crate::annex::document::{Align, Mark, Section, SectionId, Table, Text};
use proptest::prelude::*;
use roxmltree::Node;
use std::collections::BTreeMap;
use std::io::Read;

/// A document with every kind of block, in all of which a given text stands.
fn document(language: Language, text: &str) -> Document {
    let mut document = Document::new(language);
    document.creator = text.to_owned();
    document.reference = text.to_owned();
    document.stamps = vec![text.to_owned()];
    document.issued = "2026-11-26".to_owned();
    let mut approval = Table::new("", &[("职务", 1), ("签字", 3)]);
    approval.signed = true;
    approval.row([text, ""]);
    document.cover.push(crate::annex::document::Block::Table(approval));
    for id in SectionId::ALL {
        let mut section = Section::new(id, language);
        section.heading(text);
        section.subheading(text);
        section.paragraph(Text::from(text).and(Text::strong(text)).and(Text::marked("0.05", Mark::Secondary)));
        section.warning(text);
        section.items([text, text]);
        section.code([text.to_owned()]);
        let heads: Vec<(&str, u32)> = (0..9).map(|width| (text, width + 1)).collect();
        let mut table = Table::new(text, &heads).align(Align::Right, &[1, 2]);
        for _ in 0..3 {
            table.row(vec![text; 9]);
        }
        section.table(table);
        document.sections.push(section);
    }
    document
}

fn part<'a>(parts: &'a [(&'static str, String)], name: &str) -> &'a str {
    &parts.iter().find(|(known, _)| *known == name).expect("a part of this name").1
}

/// The text of each paragraph of a style.
fn styled(body: &str, style: &str) -> Vec<String> {
    let tree = roxmltree::Document::parse(body).unwrap();
    let is = |node: &Node| {
        node.descendants().any(|inner| inner.has_tag_name((W, "pStyle")) && inner.attribute((W, "val")) == Some(style))
    };
    let paragraphs = tree.descendants().filter(|node| node.has_tag_name((W, "p"))).filter(is);
    paragraphs
        .map(|node| {
            node.descendants().filter(|inner| inner.has_tag_name((W, "t"))).filter_map(|inner| inner.text()).collect()
        })
        .collect()
}

const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

#[test]
fn the_file_is_a_stored_zip_of_equal_bytes() {
    let document = document(Language::Chinese, "甲&<乙>");
    let bytes = render(&document);
    assert!(bytes == render(&document), "two runs differ");
    let mut file = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let parts = parts(&document);
    assert_eq!(file.len(), parts.len());
    for (index, (name, text)) in parts.iter().enumerate() {
        let mut entry = file.by_index(index).unwrap();
        assert_eq!(entry.name().unwrap(), *name);
        assert_eq!(entry.compression(), CompressionMethod::Stored);
        assert_eq!(entry.last_modified().map(|time| (time.year(), time.month(), time.day())), Some((1980, 1, 1)));
        let mut read = String::new();
        entry.read_to_string(&mut read).unwrap();
        assert_eq!(read, *text);
    }
}

#[test]
fn headings_are_the_sections_in_their_order() {
    let body = parts(&document(Language::Chinese, "甲"));
    let heads = styled(part(&body, "word/document.xml"), "Heading1");
    assert_eq!(heads.len(), 16);
    assert_eq!(
        (heads[0].as_str(), heads[7].as_str(), heads[15].as_str()),
        ("一、结论摘要", "八、基于攻击的验证测试", "十六、条款对照表")
    );
    assert_eq!(styled(part(&body, "word/document.xml"), "Heading2")[0], "（一）甲");
    let english = parts(&document(Language::English, "x"));
    assert_eq!(styled(part(&english, "word/document.xml"), "Heading1")[15], "16. Clause map");
    assert_eq!(styled(part(&english, "word/document.xml"), "Heading2")[15], "16.1 x");
}

#[test]
fn columns_fill_the_page_and_cells_have_their_columns_widths() {
    let parts = parts(&document(Language::Chinese, "甲"));
    let tree = roxmltree::Document::parse(part(&parts, "word/document.xml")).unwrap();
    let width = |node: Node| node.attribute((W, "w")).unwrap().parse::<u32>().unwrap();
    let mut tables = 0;
    for table in tree.descendants().filter(|node| node.has_tag_name((W, "tbl"))) {
        tables += 1;
        let grid: Vec<u32> = table.descendants().filter(|node| node.has_tag_name((W, "gridCol"))).map(width).collect();
        assert_eq!(grid.iter().sum::<u32>(), part::WIDTH);
        for row in table.children().filter(|node| node.has_tag_name((W, "tr"))) {
            let cells: Vec<u32> = row.descendants().filter(|node| node.has_tag_name((W, "tcW"))).map(width).collect();
            assert_eq!(cells, grid);
            assert!(row.descendants().any(|node| node.has_tag_name((W, "cantSplit"))));
        }
        let heads = table.descendants().filter(|node| node.has_tag_name((W, "tblHeader"))).count();
        assert_eq!(heads, 1);
        // Two tables without a paragraph between them would be one.
        assert!(table.next_sibling_element().unwrap().has_tag_name((W, "p")));
    }
    assert_eq!(tables, 17);
}

#[test]
fn a_small_table_is_not_torn_apart() {
    let parts = parts(&document(Language::Chinese, "甲"));
    let tree = roxmltree::Document::parse(part(&parts, "word/document.xml")).unwrap();
    let kept = |row: &Node| row.descendants().filter(|node| node.has_tag_name((W, "keepNext"))).count();
    for table in tree.descendants().filter(|node| node.has_tag_name((W, "tbl"))) {
        let rows: Vec<Node> = table.children().filter(|node| node.has_tag_name((W, "tr"))).collect();
        let columns = table.descendants().filter(|node| node.has_tag_name((W, "gridCol"))).count();
        // The style of the heads keeps them with the first row.
        let (last, before) = rows[1..].split_last().unwrap();
        assert!(before.iter().all(|row| kept(row) == columns));
        assert_eq!(kept(last), 0);
    }
}

/// Order of the children in the schema (ISO/IEC 29500-1), as far as they are used: Word repairs a file in another order.
const ORDER: [(&str, &[&str]); 6] = [
    (
        "pPr",
        &["pStyle", "keepNext", "keepLines", "pageBreakBefore", "pBdr", "spacing", "ind", "jc", "outlineLvl", "rPr"],
    ),
    ("rPr", &["rStyle", "rFonts", "b", "bCs", "color", "sz", "szCs", "lang"]),
    ("tblPr", &["tblStyle", "tblW", "jc", "tblInd", "tblBorders", "tblLayout", "tblCellMar"]),
    ("tcPr", &["tcW", "shd", "vAlign"]),
    ("sectPr", &["headerReference", "footerReference", "pgSz", "pgMar", "cols", "docGrid"]),
    ("style", &["name", "basedOn", "next", "qFormat", "pPr", "rPr", "tblPr"]),
];

#[test]
fn children_stand_in_the_order_of_the_schema() {
    let orders: BTreeMap<_, _> = ORDER.into_iter().collect();
    for (name, text) in parts(&document(Language::Chinese, "甲")) {
        let tree = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        for node in tree.descendants() {
            let Some(order) = orders.get(node.tag_name().name()) else { continue };
            let children = node.children().filter(Node::is_element).map(|child| child.tag_name().name());
            let places: Vec<usize> = children
                .map(|child| {
                    order.iter().position(|known| *known == child).unwrap_or_else(|| panic!("{name}: {child}"))
                })
                .collect();
            assert!(places.is_sorted(), "{name}: {:?}", node.tag_name());
        }
    }
}

#[test]
fn the_page_is_that_of_the_templates() {
    let parts = parts(&document(Language::Chinese, "甲"));
    for (name, said) in [
        ("word/document.xml", "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"),
        ("word/document.xml", "w:top=\"1440\" w:right=\"1803\" w:bottom=\"1440\" w:left=\"1803\""),
        ("word/styles.xml", "w:ascii=\"Times New Roman\" w:eastAsia=\"仿宋\" w:hAnsi=\"Times New Roman\""),
        (
            "word/styles.xml",
            "<w:spacing w:line=\"520\" w:lineRule=\"exact\"/><w:ind w:firstLineChars=\"200\" w:firstLine=\"560\"/>",
        ),
        (
            "word/settings.xml",
            "w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"",
        ),
        ("word/fontTable.xml", "<w:font w:name=\"仿宋\"><w:altName w:val=\"FangSong\"/>"),
        ("word/footer1.xml", " NUMPAGES "),
        ("docProps/core.xml", "<dc:creator>甲</dc:creator>"),
        ("docProps/core.xml", "2026-11-26T00:00:00Z"),
    ] {
        assert!(part(&parts, name).contains(said), "{said} in {name}");
    }
    // A simple field is shown as its own name by some readers.
    assert!(!part(&parts, "word/footer1.xml").contains("fldSimple"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_makes_well_formed_parts(text in "(\\PC|[\u{0}-\u{1f}<>&\"']|\u{fffe}|\u{ffff}|𠀀|]]>){0,40}") {
        for (name, part) in parts(&document(Language::Chinese, &text)) {
            let tree = roxmltree::Document::parse(&part);
            prop_assert!(tree.is_ok(), "{}: {:?}", name, tree.err());
        }
    }
}

#[test]
fn long_and_rare_texts_are_kept() {
    let text = "𠀀".repeat(2000);
    let parts = parts(&document(Language::Chinese, &text));
    assert_eq!(styled(part(&parts, "word/document.xml"), "Warning")[0], text);
    assert_eq!(styled(part(&parts, "word/document.xml"), "Title")[0], "个人信息匿名化（去标识化）效果评估证据附件");
}
