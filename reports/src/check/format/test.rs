use super::*;

#[test]
fn names_lead_back_to_formats() {
    for format in Format::ALL {
        assert_eq!(Format::from_name(format.name()), Some(format));
    }
    assert_eq!(Format::from_name("yaml"), None);
}

#[test]
fn a_hostile_name_stays_text() {
    // A column can be called anything, and columns stand in messages.
    let name = "a\n::error::x, y: 100 %\u{1b}[31m <b>\"&'|`*\u{0}";
    assert_eq!(github::data("50 %\r\n::error::x"), "50 %25%0D%0A::error::x");
    assert_eq!(github::property("a:b,c"), "a%3Ab%2Cc");
    assert!(!github::property(name).contains('\n'));
    let xml = junit::escape(name);
    assert!(!xml.contains(['<', '"', '\u{0}', '\u{1b}']) && xml.contains("&lt;b&gt;"), "{xml}");
    let markdown = crate::escape::escape(name);
    assert!(!markdown.contains(['\n', '<', '\u{1b}']) && markdown.contains("\\|\\`\\*"), "{markdown}");
    assert_eq!(sarif::uri("a b\\ä#.json"), "a%20b/%C3%A4%23.json");
}
