//! Finding the delimiter of a text table.

/// What tables are usually delimited by, the more usual first.
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Lines that are looked at.
const LINES: usize = 200;
/// Bytes that are looked at.
const BYTES: usize = 1 << 18;

/// The delimiter that splits the most of the first lines into as many fields as the header has, and the more fields the
/// better; a comma when no candidate stands in the header.
pub(super) fn sniff(text: &str) -> u8 {
    let mut best = (b',', 0.0, 1);
    for candidate in CANDIDATES {
        let counts = field_counts(text.as_bytes(), candidate);
        let Some(header) = counts.first().copied().filter(|fields| *fields > 1) else { continue };
        let agreeing = counts.iter().filter(|fields| **fields == header).count();
        let share = agreeing as f64 / counts.len() as f64;
        if share > best.1 || (share == best.1 && header > best.2) {
            best = (candidate, share, header);
        }
    }
    best.0
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
