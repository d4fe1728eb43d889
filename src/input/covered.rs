//! What a release cell of a column of categories covers: sets, masks, and bands that are wider than those of the original.

use super::exact::{Reader, as_category};
use super::generalized::{interval, is_mask_sign};
use rayon::prelude::*;
use reident_attacks::table::{Cell, Interval};
use std::collections::{BTreeMap, HashMap};

/// The categories that a release may cover: those of the original and the control.
pub(super) struct Known<'a> {
    /// All of them, sorted by length in characters and then by bytes.
    by_length: BTreeMap<usize, Vec<&'a str>>,
    /// By the places that a mask leaves open, and what stands at the others.
    masks: HashMap<Places, HashMap<String, Vec<&'a str>>>,
    /// Categories that are bands of numbers or days, with what they hold, if nearly all are.
    bands: Vec<(Interval, &'a str)>,
    reader: Option<Reader>,
}

/// A mask's length and the places (in characters, from 0) that it leaves open.
type Places = (usize, Vec<usize>);

impl<'a> Known<'a> {
    /// From cells of the original and the control.
    pub(super) fn new(cells: impl Iterator<Item = &'a Cell>) -> Known<'a> {
        let mut by_length: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for cell in cells {
            if let Cell::Category(text) = cell {
                by_length.entry(text.chars().count()).or_default().push(text);
            }
        }
        for texts in by_length.values_mut() {
            texts.sort_unstable();
            texts.dedup();
        }
        Known { by_length, masks: HashMap::new(), bands: Vec::new(), reader: None }
    }

    /// Prepares for the masks among some texts of the release: the values are put in order once for all masks that leave the same
    /// places open.
    pub(super) fn prepare_masks(&mut self, texts: &[String]) {
        let mut wanted: BTreeMap<Places, HashMap<String, Vec<&'a str>>> = BTreeMap::new();
        for text in texts.iter().filter(|text| !self.has(text)) {
            if let Some(places) = places(text) {
                let told = told(text, &places.1);
                wanted.entry(places).or_default().entry(told).or_default();
            }
        }
        let fill = |(places, mut covered): (Places, HashMap<String, Vec<&'a str>>)| {
            for value in self.by_length.get(&places.0).into_iter().flatten() {
                if let Some(values) = covered.get_mut(&told(value, &places.1)) {
                    values.push(value);
                }
            }
            (places, covered)
        };
        self.masks = wanted.into_par_iter().map(fill).collect();
    }

    /// Takes categories for bands, with a reader that knows what nearly all of them hold.
    pub(super) fn prepare_bands(&mut self, reader: Reader) {
        let all = self.by_length.values().flatten();
        self.bands = all.filter_map(|text| Some((interval(reader, text)?, *text))).collect();
        self.bands.sort_by(|(a, one), (b, other)| a.lo.total_cmp(&b.lo).then_with(|| one.cmp(other)));
        self.reader = Some(reader);
    }

    /// Whether it is an exact value.
    pub(super) fn has(&self, text: &str) -> bool {
        self.by_length.get(&text.chars().count()).is_some_and(|texts| texts.binary_search(&text).is_ok())
    }

    /// The generalized cell that a text which is no exact value stands for: a set whose members all are values, a mask of
    /// values of its length, or a band.
    pub(super) fn generalized(&self, text: &str) -> Option<Cell> {
        self.set(text).or_else(|| self.mask(text)).or_else(|| self.band(text)).map(Cell::OneOf)
    }

    fn set(&self, text: &str) -> Option<Vec<String>> {
        let inner = text.strip_prefix('{')?.strip_suffix('}')?;
        let split = |separator: char| {
            let member = |member: &str| as_category(member.trim().trim_matches(['"', '\''])).into_owned();
            let members: Vec<String> = inner.split(separator).map(member).collect();
            members.iter().all(|member| self.has(member)).then_some(members)
        };
        Some(sorted([',', ';', '|'].into_iter().find_map(split)?))
    }

    fn mask(&self, text: &str) -> Option<Vec<String>> {
        let places = places(text)?;
        let covered = self.masks.get(&places)?.get(&told(text, &places.1))?;
        (!covered.is_empty()).then(|| sorted(covered.iter().map(|value| (*value).to_owned()).collect()))
    }

    /// The bands that have something in common with this one.
    fn band(&self, text: &str) -> Option<Vec<String>> {
        let wanted = interval(self.reader?, text)?;
        let end = self.bands.partition_point(|(band, _)| band.lo <= wanted.hi);
        let met = self.bands[..end].iter().filter(|(band, _)| band.meets(&wanted)).map(|(_, text)| (*text).to_owned());
        let met: Vec<String> = met.collect();
        (!met.is_empty()).then(|| sorted(met))
    }
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// The places that a mask leaves open. A star always does; other signs where the rest are digits, for they may be letters.
fn places(text: &str) -> Option<Places> {
    if !text.contains('*') && !is_masked_number(text) {
        return None;
    }
    let is_open = |c: char| if text.contains('*') { c == '*' } else { is_mask_sign(c) };
    let open = text.chars().enumerate().filter(|(_, c)| is_open(*c)).map(|(at, _)| at);
    Some((text.chars().count(), open.collect()))
}

/// Whether a text is digits, and signs that stand for digits.
pub(super) fn is_masked_number(text: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    text.chars().any(is_mask_sign) && text.chars().any(is_digit) && text.chars().all(|c| is_digit(c) || is_mask_sign(c))
}

/// What stands at the other places.
fn told(text: &str, open: &[usize]) -> String {
    let mut open = open.iter().peekable();
    text.chars().enumerate().filter(|(at, _)| open.next_if_eq(&at).is_none()).map(|(_, c)| c).collect()
}

#[cfg(test)]
mod test {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn masks_cover_what_a_plain_comparison_finds(
            values in prop::collection::vec("[ab]{1,5}|[12]{3}|é[ab]", 0..30),
            masks in prop::collection::vec("[ab*]{1,5}|[12*x]{3}|[é*][ab*]", 0..20),
        ) {
            let cells: Vec<Cell> = values.iter().map(|value| Cell::Category(value.clone())).collect();
            let mut known = Known::new(cells.iter());
            known.prepare_masks(&masks);
            for mask in masks.iter().filter(|mask| !known.has(mask)) {
                let open = |c: char| c == '*' || (c == 'x' && !mask.contains('*') && is_masked_number(mask));
                let fits = |value: &&String| {
                    value.chars().count() == mask.chars().count()
                        && mask.chars().zip(value.chars()).all(|(mask, c)| open(mask) || mask == c)
                };
                let is_mask = mask.chars().any(open);
                let plain = sorted(values.iter().filter(fits).cloned().collect());
                let expected = (is_mask && !plain.is_empty()).then_some(plain);
                prop_assert_eq!(known.mask(mask), expected, "{}", mask);
            }
        }
    }
}
