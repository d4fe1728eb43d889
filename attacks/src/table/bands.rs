//! The bands of a column that reach an interval, found without comparing it with each.
//!
//! Codes of bands are in the order of their lower ends. The largest upper end is kept of all, of either half of them, of the halves of
//! these and so on, so that parts that end before the interval are left out at once (an interval tree; Cormen, Leiserson, Rivest
//! and Stein, Introduction to Algorithms, section 14.3).

use super::{Cell, Domain, Interval};
use std::ops::Range;

/// The bands of a column.
#[derive(Debug, Clone)]
pub(super) struct Bands {
    /// Code of the first.
    first: u32,
    bands: Vec<Interval>,
    /// The largest upper end of all bands at 1; of the halves of what stands at n, at 2n and 2n + 1.
    largest: Vec<f64>,
}

impl Bands {
    /// Of a numeric column.
    pub fn new(domain: &Domain) -> Bands {
        // Of generalized cells, bands come first.
        let first = domain.exact_codes().end;
        let cells = domain.cells()[first as usize..].iter();
        let bands: Vec<Interval> =
            cells.map_while(|cell| if let Cell::Interval(band) = cell { Some(*band) } else { None }).collect();
        let mut largest = vec![f64::NEG_INFINITY; 4 * bands.len()];
        if !bands.is_empty() {
            fill(&bands, 1, &mut largest);
        }
        Bands { first, bands, largest }
    }

    /// Hands on the codes of the bands that have a number in common with an interval, ascending.
    pub fn each_meeting(&self, interval: &Interval, found: &mut impl FnMut(u32)) {
        self.search(interval, 0..self.bands.len(), 1, found);
    }

    /// Of some bands, whose largest upper end stands at a place.
    fn search(&self, interval: &Interval, among: Range<usize>, place: usize, found: &mut impl FnMut(u32)) {
        if among.is_empty() || self.largest[place] < interval.lo || self.bands[among.start].lo > interval.hi {
            return;
        }
        if among.len() == 1 {
            if self.bands[among.start].meets(interval) {
                found(self.first + among.start as u32);
            }
            return;
        }
        let middle = among.start + among.len() / 2;
        self.search(interval, among.start..middle, 2 * place, found);
        self.search(interval, middle..among.end, 2 * place + 1, found);
    }
}

/// Puts the largest upper end of some bands at a place, and those of their halves at the places below.
fn fill(bands: &[Interval], place: usize, largest: &mut [f64]) -> f64 {
    largest[place] = match bands {
        [only] => only.hi,
        _ => {
            let (one, other) = bands.split_at(bands.len() / 2);
            fill(one, 2 * place, largest).max(fill(other, 2 * place + 1, largest))
        }
    };
    largest[place]
}
