//! The profiles of one signature, and how they are searched.
//!
//! Profiles of a group differ in their boxes only. A few are scanned. More are sorted by the number that spreads them most, and
//! searched outwards from the target's own number until the difference in it alone is too large. Many have a k-d tree.

use super::boxes::Boxes;
use super::tree::{self, Tree};
use rayon::prelude::*;

/// Groups of at least this many profiles are sorted.
const SORTED_FROM: usize = 8;

/// Groups of at least this many profiles get a tree.
const TREE_FROM: usize = 512;

/// A range of the profiles in the order of their signatures.
pub(super) struct Group {
    pub start: u32,
    pub end: u32,
    pub inside: Inside,
}

/// How a group is searched.
pub(super) enum Inside {
    /// One after the other.
    Unsorted,
    /// Sorted by this column of the boxes, all of which have no width there.
    Sorted(usize),
    /// By a tree.
    Tree(Box<dyn Tree>),
}

impl Group {
    pub fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    pub fn records(&self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Makes groups of ranges of `order`; profiles are put in another order within their group.
pub(super) fn groups(bounds: &[(u32, u32)], order: &mut [u32], boxes: &mut Boxes) -> Vec<Group> {
    let sorted = sort(bounds, order, boxes);
    let boxes = &*boxes;
    let group = |((start, end), sorted): (&(u32, u32), Option<usize>)| {
        let records = *start as usize..*end as usize;
        let is_large = records.len() >= TREE_FROM && boxes.columns() <= tree::MOST_COLUMNS;
        let tree = || tree::build(boxes.points(records)?, boxes.columns());
        let inside = match is_large.then(tree).flatten() {
            Some(tree) => Inside::Tree(tree),
            None => sorted.map_or(Inside::Unsorted, Inside::Sorted),
        };
        Group { start: *start, end: *end, inside }
    };
    bounds.par_iter().zip(sorted).with_min_len(256).map(group).collect()
}

/// Sorts each group that is worth it, and tells by which column.
fn sort(bounds: &[(u32, u32)], order: &mut [u32], boxes: &mut Boxes) -> Vec<Option<usize>> {
    let mut sorted = vec![None; bounds.len()];
    let worth = |(start, end): &(u32, u32)| (end - start) as usize >= SORTED_FROM;
    let columns = boxes.columns();
    if columns == 0 {
        return sorted;
    }
    let (mut rest_of_order, mut rest) = (order, boxes.parts());
    let mut parts = Vec::new();
    for (bounds, sorted) in bounds.iter().zip(&mut sorted) {
        let length = (bounds.1 - bounds.0) as usize;
        let (order, others) = rest_of_order.split_at_mut(length);
        rest_of_order = others;
        let (boxes, others) = rest.split_at(length);
        rest = others;
        if worth(bounds) {
            parts.push((order, boxes, sorted));
        }
    }
    parts.into_par_iter().with_min_len(16).for_each(|(order, mut boxes, sorted)| {
        *sorted = boxes.widest_column();
        if let Some(column) = *sorted {
            let permutation = boxes.sort(column);
            let before = order.to_vec();
            for (slot, from) in order.iter_mut().zip(permutation) {
                *slot = before[from as usize];
            }
        }
    });
    sorted
}
