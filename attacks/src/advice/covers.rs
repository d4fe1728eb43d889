//! What a released cell covers.

use crate::table::Cell;

/// Whether a node covers all that a cell may be.
pub fn covers(node: &Cell, cell: &Cell) -> bool {
    match (node, cell) {
        (Cell::Suppressed, _) => true,
        (Cell::OneOf(members), Cell::Category(value)) => members.contains(value),
        (Cell::OneOf(members), Cell::OneOf(own)) => own.iter().all(|value| members.contains(value)),
        (Cell::Interval(interval), Cell::Number(value)) => interval.contains(*value),
        (Cell::Interval(interval), Cell::Interval(own)) => {
            interval.lo <= own.lo
                && (own.hi < interval.hi || own.hi == interval.hi && interval.hi_included >= own.hi_included)
        }
        _ => false,
    }
}
