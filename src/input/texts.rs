//! Texts, row by row, to a dictionary and codes.

use super::tokens::{NO_CODE, Nulls, Token, TokenColumn};
use compact_str::CompactString;
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::ops::Range;

/// A column of so many values gets room for many more, but at most for so many.
const MANY: usize = 4096;
const ROOM: usize = 1 << 20;

/// A column of texts being read.
pub(super) struct TextEncoder<'a> {
    nulls: Nulls<'a>,
    /// The texts of at most 15 bytes, which are told apart as numbers: most cells of most tables are such.
    short: ShortTexts,
    /// Codes of the others.
    long: HashMap<CompactString, u32, FixedState>,
    /// Codes of the texts that were last found at each of some places of a typed file.
    places: Option<Box<[(u128, u32); RECENT]>>,
    column: TokenColumn,
}

impl<'a> TextEncoder<'a> {
    /// An encoder that has room for so many rows.
    pub(super) fn new(name: &str, rows: usize, nulls: Nulls<'a>) -> TextEncoder<'a> {
        let column = TokenColumn::new(name, rows);
        TextEncoder { nulls, short: ShortTexts::default(), long: HashMap::default(), places: None, column }
    }

    /// A row without a value.
    pub(super) fn missing(&mut self) {
        self.add_code(0);
    }

    /// Rows whose values stand in a text.
    pub(super) fn add(&mut self, text: &str, spans: impl Iterator<Item = Range<usize>>) {
        if self.column.codes.len() >= ROWS_TO_KEEP {
            self.short.keep_recent();
        }
        for span in spans {
            // Recent texts have no white space at their ends, so that a value which is equal to one has none either.
            let code = match packed_in(text.as_bytes(), &span).and_then(|key| self.short.recent(key)) {
                Some(code) => code,
                None => self.code_in(text, span),
            };
            self.column.codes.push(code);
        }
    }

    /// A row with a value.
    pub(super) fn add_one(&mut self, text: &str) {
        let code = self.code(text);
        self.add_code(code);
    }

    /// The code of a value, which a row is about to have.
    pub(super) fn code(&mut self, text: &str) -> u32 {
        self.code_in(text, 0..text.len())
    }

    /// A row with the value of a code. Rows are counted when all have their codes: waiting for the memory of one count would keep the next
    /// value waiting.
    pub(super) fn add_code(&mut self, code: u32) {
        self.column.codes.push(code);
    }

    /// Rows that have keys of a dictionary's texts: each text that any row has is looked up once.
    pub(super) fn add_keys(&mut self, texts: &[&str], keys: impl Iterator<Item = Option<usize>>) {
        let mut code_of = vec![NO_CODE; texts.len()];
        let mut codes = std::mem::take(&mut self.column.codes);
        codes.extend(keys.map(|key| {
            let Some(key) = key else { return 0 };
            if code_of[key] == NO_CODE {
                code_of[key] = self.code(texts[key]);
            }
            code_of[key]
        }));
        self.column.codes = codes;
    }

    /// Forgets at which places of a file texts were found: another part begins.
    pub(super) fn begin_places(&mut self) {
        self.places = None;
    }

    /// A row with a value that stands at a place of a file. What stands at one place is one text, until another part begins.
    pub(super) fn add_at<'t>(&mut self, key: u128, text: impl FnOnce() -> &'t str) {
        let places = self.places.get_or_insert_with(|| Box::new([(u128::MAX, 0); RECENT]));
        let at = place(key);
        let code = match places[at] {
            (found, code) if found == key => code,
            _ => {
                let text = text();
                let code = self.code_in(text, 0..text.len());
                if let Some(places) = &mut self.places {
                    places[at] = (key, code);
                }
                code
            }
        };
        self.add_code(code);
    }

    /// The column.
    pub(super) fn finish(mut self) -> TokenColumn {
        self.column.count_rows();
        self.column
    }

    /// The code of a value that stands in a text.
    #[inline(never)]
    fn code_in(&mut self, text: &str, span: Range<usize>) -> u32 {
        let Range { start, end } = trimmed(text.as_bytes(), span);
        match packed(&text.as_bytes()[start..], end - start) {
            Some(key) => match self.short.code(key) {
                Some(code) => code,
                None => self.fresh_short(key, text[start..end].into()),
            },
            None => self.code_of_long(&text[start..end]),
        }
    }

    #[cold]
    fn fresh_short(&mut self, key: u128, text: CompactString) -> u32 {
        let code = self.fresh(text);
        self.short.insert(key, code);
        code
    }

    fn code_of_long(&mut self, text: &str) -> u32 {
        if let Some(code) = self.long.get(text) {
            return *code;
        }
        let code = self.fresh(text.into());
        self.long.insert(text.into(), code);
        code
    }

    fn fresh(&mut self, text: CompactString) -> u32 {
        if self.nulls.has(&text) {
            return 0;
        }
        let TokenColumn { tokens, codes, .. } = &mut self.column;
        if tokens.len() == MANY {
            // A column of that many values will have more: room for them costs less than moving them time and again.
            tokens.reserve(codes.capacity().saturating_sub(MANY).min(ROOM));
        }
        self.column.add_token(Token::Text(text))
    }
}

/// Codes of short texts. The table holds positions only, so that columns of many values need little memory.
#[derive(Default)]
struct ShortTexts {
    /// The text that was last found at each of some places: what repeats is found there, with one look. Of a column of few
    /// rows nothing is kept there, so that a table of very many columns needs no more memory.
    recent: Option<Box<[(u128, u32); RECENT]>>,
    table: HashTable<u32>,
    keys: Vec<u128>,
    codes: Vec<u32>,
}

/// Places of recent texts.
const RECENT: usize = 256;

/// Rows from which on a column keeps recent texts: their codes take half as much memory.
const ROWS_TO_KEEP: usize = 4 * RECENT;

impl ShortTexts {
    /// Begins to keep recent texts.
    fn keep_recent(&mut self) {
        // The key 0 is the empty text's, whose code is 0.
        self.recent.get_or_insert_with(|| Box::new([(0, 0); RECENT]));
    }

    /// The code of a text, if it is a recent one.
    #[inline(always)]
    fn recent(&self, key: u128) -> Option<u32> {
        let (recent, code) = self.recent.as_deref()?[place(key)];
        (recent == key).then_some(code)
    }

    fn code(&mut self, key: u128) -> Option<u32> {
        let at = self.table.find(hash(key), |at| self.keys[*at as usize] == key)?;
        let code = self.codes[*at as usize];
        if let Some(recent) = &mut self.recent {
            recent[place(key)] = (key, code);
        }
        Some(code)
    }

    /// Adds a text that is not there yet.
    fn insert(&mut self, key: u128, code: u32) {
        let keys = &self.keys;
        self.table.insert_unique(hash(key), keys.len() as u32, |at| hash(keys[*at as usize]));
        self.keys.push(key);
        self.codes.push(code);
    }
}

/// The place of a text among the recent ones.
#[inline]
fn place(key: u128) -> usize {
    let folded = key as u64 ^ (key >> 64) as u64;
    (folded.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - RECENT.ilog2())) as usize % RECENT
}

fn hash(key: u128) -> u64 {
    FixedState::default().hash_one(key)
}

/// A span without the ASCII white space at its ends.
fn trimmed(bytes: &[u8], span: Range<usize>) -> Range<usize> {
    let Range { mut start, mut end } = span;
    while start < end && bytes[start].is_ascii_whitespace() {
        start += 1;
    }
    while start < end && bytes[end - 1].is_ascii_whitespace() {
        end -= 1;
    }
    start..end
}

/// The lowest bytes of a number, by how many.
const FIRST_BYTES: [u128; 16] = {
    let mut masks = [0; 16];
    let mut bytes = 1;
    while bytes < masks.len() {
        masks[bytes] = masks[bytes - 1] << 8 | 0xff;
        bytes += 1;
    }
    masks
};

/// A short text as a number that no other short text has: its bytes, and its length as the highest byte. The text is the
/// first `length` bytes; that the ones after it may be read too makes it one load and one mask wherever there are enough.
fn packed(bytes: &[u8], length: usize) -> Option<u128> {
    if length > 15 {
        return None;
    }
    Some(packed_in(bytes, &(0..length)).unwrap_or_else(|| joined(&bytes[..length]) | (length as u128) << 120))
}

/// A short text that stands in a longer one as such a number; `None` when it is too long, or too near to the end.
#[inline(always)]
fn packed_in(bytes: &[u8], span: &Range<usize>) -> Option<u128> {
    let length = span.end - span.start;
    let mask = FIRST_BYTES.get(length)?;
    let chunk = bytes.get(span.start..)?.first_chunk()?;
    Some(u128::from_le_bytes(*chunk) & mask | (length as u128) << 120)
}

/// Less than 16 bytes as a number, from two loads that may overlap.
#[inline(never)]
fn joined(bytes: &[u8]) -> u128 {
    let length = bytes.len();
    if let (Some(head), Some(tail)) = (bytes.first_chunk(), bytes.last_chunk()) {
        u128::from(u64::from_le_bytes(*head)) | u128::from(u64::from_le_bytes(*tail)) << (8 * (length - 8))
    } else if let (Some(head), Some(tail)) = (bytes.first_chunk(), bytes.last_chunk()) {
        u128::from(u32::from_le_bytes(*head)) | u128::from(u32::from_le_bytes(*tail)) << (8 * (length - 4))
    } else {
        bytes.iter().rev().fold(0, |number, byte| number << 8 | u128::from(*byte))
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::input::tokens::encode_values;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn texts_get_the_codes_that_a_plain_search_gives(
            texts in prop::collection::vec("\\PC{0,3}|[ab\0]{0,2}|[ab ]{14,17}| ?é{7,8}", 0..60),
        ) {
            let nulls = ["a".to_owned(), " bb\t".to_owned()];
            let plain = encode_values("x", 0, texts.iter().map(|text| Some(text.trim_ascii())), |text| match *text {
                "" | "a" | "bb" => Token::Missing,
                text => Token::Text(text.into()),
            });
            // In one text the bytes after a value are those of the next.
            let (text, mut start) = (texts.concat(), 0);
            let spans = texts.iter().map(|value| {
                start += value.len();
                start - value.len()..start
            });
            let mut encoder = TextEncoder::new("x", 0, Nulls(&nulls));
            encoder.add(&text, spans);
            prop_assert_eq!(encoder.finish(), plain);
        }
    }
}
