//! The profiles of one signature, and how they are searched.
//!
//! Profiles of a group differ in their boxes only. A few are scanned. More are sorted by the number that spreads them most, and
//! searched outwards from the target's own number until the difference in it alone is too large. Many have a k-d tree, too, for
//! the targets of whom that does not end soon: where one number spreads the profiles and the others hardly differ, as
//! amounts that are mostly zero do, the sorted number is by far the faster way.

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
    /// Sorted in the same way, where any column varies, and by a tree of positions in that order.
    Tree(Box<dyn Tree>, Option<usize>),
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
    let is_worth: Vec<bool> = bounds.iter().map(|(start, end)| (end - start) as usize >= SORTED_FROM).collect();
    let sorted = sort(bounds, &is_worth, order, boxes);
    let boxes = &*boxes;
    let tree = |(start, end): &(u32, u32)| {
        // Of one column, the sorted numbers are the better tree.
        if ((end - start) as usize) < TREE_FROM || !(2..=tree::MOST_COLUMNS).contains(&boxes.columns()) {
            return None;
        }
        tree::build(boxes.points(*start as usize..*end as usize)?, boxes.columns())
    };
    let trees: Vec<Option<Box<dyn Tree>>> = bounds.par_iter().with_min_len(256).map(tree).collect();
    let inside = trees.into_iter().zip(sorted).map(|(tree, sorted)| match (tree, sorted) {
        (Some(tree), sorted) => Inside::Tree(tree, sorted),
        (None, Some(column)) => Inside::Sorted(column),
        (None, None) => Inside::Unsorted,
    });
    bounds.iter().zip(inside).map(|((start, end), inside)| Group { start: *start, end: *end, inside }).collect()
}

/// Sorts each group that is worth it, and tells by which column.
fn sort(bounds: &[(u32, u32)], is_worth: &[bool], order: &mut [u32], boxes: &mut Boxes) -> Vec<Option<usize>> {
    let mut sorted = vec![None; bounds.len()];
    if boxes.columns() == 0 {
        return sorted;
    }
    let (mut rest_of_order, mut rest) = (order, boxes.parts());
    let mut parts = Vec::new();
    for ((bounds, is_worth), sorted) in bounds.iter().zip(is_worth).zip(&mut sorted) {
        let length = (bounds.1 - bounds.0) as usize;
        let (order, others) = rest_of_order.split_at_mut(length);
        rest_of_order = others;
        let (boxes, others) = rest.split_at(length);
        rest = others;
        if *is_worth {
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
