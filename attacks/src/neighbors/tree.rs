//! A k-d tree over scaled numeric columns, with the number of columns chosen at run time.
//!
//! kiddo's *immutable* tree only: its mutable ones lose neighbours on tied coordinates. A tree only proposes
//! candidates within a radius; distances of record are computed elsewhere, and ties never depend on its layout.

use kiddo::{ImmutableKdTree, Manhattan};
use std::num::NonZero;

/// More columns than this make a tree visit nearly every point; a scan is faster.
pub(super) const MOST_COLUMNS: usize = 12;

/// A tree over points of a number of columns fixed at run time.
pub(super) trait Tree: Send + Sync {
    /// Positions of the points within a Manhattan radius, in no order.
    fn within(&self, query: &[f64], radius: f64, found: &mut Vec<u32>);

    /// Positions of as many nearest points, ties broken at will.
    fn nearest(&self, query: &[f64], count: NonZero<usize>, found: &mut Vec<u32>);
}

struct Dimensions<const K: usize>(ImmutableKdTree<f64, K>);

fn point<const K: usize>(values: &[f64]) -> [f64; K] {
    std::array::from_fn(|at| values[at])
}

impl<const K: usize> Tree for Dimensions<K> {
    fn within(&self, query: &[f64], radius: f64, found: &mut Vec<u32>) {
        let items = self.0.query(&point(query)).within::<Manhattan<f64>>(radius).unsorted().execute();
        found.extend(items.iter().map(|item| item.item));
    }

    fn nearest(&self, query: &[f64], count: NonZero<usize>, found: &mut Vec<u32>) {
        let items = self.0.query(&point(query)).nearest_n::<Manhattan<f64>>(count).execute();
        found.extend(items.iter().map(|item| item.item));
    }
}

/// Builds a tree over points stored one after the other, `columns` coordinates each, all finite.
///
/// `None` when there are no columns, more than [`MOST_COLUMNS`], or the tree cannot be built; callers scan then.
pub(super) fn build(points: &[f64], columns: usize) -> Option<Box<dyn Tree>> {
    fn of<const K: usize>(points: &[f64]) -> Option<Box<dyn Tree>> {
        let points: Vec<[f64; K]> = points.chunks_exact(K).map(point).collect();
        let tree = ImmutableKdTree::new_from_slice(&points).ok()?;
        Some(Box::new(Dimensions::<K>(tree)))
    }
    match columns {
        1 => of::<1>(points),
        2 => of::<2>(points),
        3 => of::<3>(points),
        4 => of::<4>(points),
        5 => of::<5>(points),
        6 => of::<6>(points),
        7 => of::<7>(points),
        8 => of::<8>(points),
        9 => of::<9>(points),
        10 => of::<10>(points),
        11 => of::<11>(points),
        12 => of::<12>(points),
        _ => None,
    }
}
