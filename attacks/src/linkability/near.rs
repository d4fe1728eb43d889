//! Which links count: those whose record is near in all columns together.
//!
//! The nearest records on either half can be one and the same by chance, and chance does not treat everybody alike. Where the release takes
//! its values from the original's, persons of the control have values that it lacks: fewer of their columns tell records apart, larger sets are
//! tied, and more of them meet. The control is then linked more often than persons of whom the release says nothing, which hides what it says of
//! others. A link of somebody whose record stands in the release is of another kind: the record is as near as hardly anybody's is by chance.
//!
//! So a link counts when its record is no farther, over both halves together, than the nearest hundredth of the records that the control is
//! linked to (METHOD section 6a). All of the original's and of the control's persons are judged by one limit, and what the control's links are worth
//! within it is what chance does. A record is as far as it contradicts what is known of the person, in the units of the distance: what a generalized cell covers
//! contradicts nothing. The cost of such cells would tell persons of a coarse release apart who are all in it.
//!
//! Where the limit is the record of one person alone, that person would be within it in any release: the person is neither inside nor
//! outside, and what the person's link is worth is halved. (Counted in full, the link would contradict harmless releases whose control is
//! the smaller table: where it is a quarter as large, the interval would lie below 0 in a fifth of them.) A limit of 0 is nobody's, for no
//! record is nearer.
//!
//! Without a control nothing tells what is near, and with a record key it tells which links are chance: every link counts then.

use super::joint::Link;

/// How near a linked record must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Near {
    limit: f64,
    /// Whether the limit is the record of one person of the control alone.
    is_of_one: bool,
}

impl Near {
    /// By the links of the control; `None` where nobody of it is linked.
    pub fn by<'l>(control: impl Iterator<Item = &'l Link>) -> Option<Near> {
        let mut distances: Vec<f64> = control.filter_map(Link::distance).collect();
        let last = distances.len().div_ceil(100).checked_sub(1)?;
        let limit = *distances.select_nth_unstable_by(last, f64::total_cmp).1;
        let at_limit = distances.iter().filter(|distance| **distance == limit).count();
        Some(Near { limit, is_of_one: at_limit == 1 && limit > 0.0 })
    }

    /// Whether a link counts.
    pub fn has(self, link: &Link) -> bool {
        link.distance().is_some_and(|distance| distance <= self.limit)
    }

    /// Among how many times as many persons a link of the control is shared.
    pub fn factor(self, link: &Link) -> u32 {
        if self.is_of_one && link.distance() == Some(self.limit) { 2 } else { 1 }
    }
}
