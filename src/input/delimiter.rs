//! Finding the delimiter of a text table.

/// What tables are usually delimited by, the more usual first.
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];
/// What few tables are delimited by: believed only if all lines agree.
const RARE: [u8; 4] = [b'^', b'~', 1, 0x1f];
/// Lines that are looked at.
const LINES: usize = 200;
/// Bytes that are looked at.
const BYTES: usize = 1 << 18;

/// The delimiter that splits the most of the first lines into as many fields as the header has, and the more fields the
/// better; a comma when no candidate stands in the header.
///
/// One field more than in the header is nearly as good: R writes names of rows above which nothing stands.
pub(super) fn sniff(text: &str) -> u8 {
    let mut best = (b',', 0.0, 1);
    for candidate in CANDIDATES {
        let Some((share, fields)) = agreement(text, candidate) else { continue };
        if share > best.1 || (share == best.1 && fields > best.2) {
            best = (candidate, share, fields);
        }
    }
    // Blanks stand in texts too, but not between the quoted names of a header that nothing else divides.
    let blank = text.starts_with('"').then_some(b' ');
    let rare =
        || RARE.into_iter().chain(blank).find(|rare| agreement(text, *rare).is_some_and(|(share, _)| share > 0.9));
    if best.2 == 1 { rare().unwrap_or(best.0) } else { best.0 }
}

/// The share of the first lines that a delimiter splits as it splits the header, and into how many fields; `None` when it does
/// not split the header.
fn agreement(text: &str, delimiter: u8) -> Option<(f64, usize)> {
    let counts = field_counts(text.as_bytes(), delimiter);
    let header = counts.first().copied().filter(|fields| *fields > 1)?;
    let lines = |fields: usize| counts[1..].iter().filter(|found| **found == fields).count();
    let agreeing = (lines(header) as f64).max(0.999 * lines(header + 1) as f64);
    Some(((1.0 + agreeing) / counts.len() as f64, header))
}

/// Whether signs are one of the delimiters that are looked for first.
pub(super) fn is_usual(signs: &str) -> bool {
    CANDIDATES.iter().any(|candidate| signs.as_bytes() == [*candidate])
}

/// What may divide a text in which no delimiter was found: signs that stand in each of the first lines as often as in the
/// header. Signs that are usual within names and values are none.
pub(super) fn unknown(text: &str) -> Option<String> {
    let is_sign =
        |letter: char| !letter.is_alphanumeric() && !"_-.()/%#$\"'".contains(letter) && !letter.is_whitespace();
    let most = BYTES.min(text.len());
    let head = &text[..(0..=most).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0)];
    let mut lines = head.lines().filter(|line| !line.trim().is_empty()).take(LINES);
    let header = lines.next()?;
    let rows: Vec<&str> = lines.collect();
    if rows.is_empty() {
        return None;
    }
    let mut signs: Vec<&str> = header.split(|letter| !is_sign(letter)).filter(|signs| !signs.is_empty()).collect();
    signs.sort_by_key(|signs| std::cmp::Reverse(signs.len()));
    let as_often = |signs: &&str| rows.iter().all(|row| row.matches(signs).count() == header.matches(signs).count());
    if let Some(signs) = signs.into_iter().find(as_often) {
        return Some(signs.to_owned());
    }
    let words = |line: &str| line.split_whitespace().count();
    (words(header) > 1 && rows.iter().all(|row| words(row) == words(header))).then(|| " ".to_owned())
}

/// The delimiter that a first line declares for Excel (`sep=;`), and the position after it.
pub(super) fn declared(text: &str) -> Option<(u8, usize)> {
    let line = text.split_inclusive('\n').next()?;
    let content = line.trim_end_matches(['\r', '\n']).trim_matches('"');
    let delimiter = content.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).map(|_| &content[4..])?;
    match delimiter.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\r') => Some((*byte, line.len())),
        _ => None,
    }
}

/// Fields of each of the first lines.
fn field_counts(text: &[u8], delimiter: u8) -> Vec<usize> {
    let head = &text[..text.len().min(BYTES)];
    let (mut counts, mut fields, mut at) = (Vec::new(), 1, 0);
    while at < head.len() && counts.len() < LINES {
        if head[at] == b'"' {
            at = after_quoted(head, at);
        }
        match memchr::memchr2(delimiter, b'\n', &head[at..]) {
            Some(found) if head[at + found] == delimiter => {
                fields += 1;
                at += found + 1;
            }
            Some(found) => {
                counts.push(fields);
                fields = 1;
                at += found + 1;
            }
            None if head.len() == text.len() => {
                counts.push(fields);
                break;
            }
            None => break, // the line goes on beyond what is looked at
        }
    }
    counts
}

/// The position after a quoted field that begins at a quote; doubled quotes do not end it.
fn after_quoted(head: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(found) = memchr::memchr(b'"', &head[at..]) {
        at += found + 1;
        if head.get(at) != Some(&b'"') {
            return at;
        }
        at += 1;
    }
    head.len()
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn what_divides_the_lines_is_named() {
        assert_eq!(unknown("a::b::c\n1::x::2\n3::y::4\n").as_deref(), Some("::"));
        assert_eq!(unknown("a b c\n1 x 2\n3 y  4\n").as_deref(), Some(" "));
        assert_eq!(unknown("a:b\n1:x\n").as_deref(), Some(":"));
        assert_eq!(unknown("income\n1\n2\n"), None);
        assert_eq!(unknown("zip-code\n12-3\n45-6\n"), None);
        assert_eq!(unknown("name, of\nx, y, z\n"), None);
    }

    #[test]
    fn rare_delimiters_are_believed_when_all_lines_agree() {
        assert_eq!(sniff("a^b^c\n1^x^2\n3^y^4\n"), b'^');
        assert_eq!(sniff("a~b\n1~x\n"), b'~');
        assert_eq!(sniff("a^b\n1\n2\n3\n"), b',');
        assert_eq!(sniff("\"a\" \"b\"\n\"1\" 30 \"x\"\n\"2\" 31 \"y z\"\n"), b' ');
        assert_eq!(declared("sep=;\r\na;b\n"), Some((b';', 7)));
        assert_eq!(declared("\"sep=\t\"\na\tb\n"), Some((b'\t', 8)));
        assert_eq!(declared("sep,b\n"), None);
    }
}
