//! One level up in a hierarchy.

use super::covers::covers;
use crate::table::Cell;
use std::collections::{HashMap, HashSet};

/// The nodes of a hierarchy, to find those above a cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Levels {
    /// Sets and intervals, the smallest first.
    nodes: Vec<Cell>,
    /// The values of each node that is a set.
    members: Vec<HashSet<String>>,
    /// Nodes that hold a category, the smallest first.
    of_value: HashMap<String, Vec<usize>>,
}

impl Levels {
    /// Of nodes, each given by what it covers: a set or an interval. Others are left out.
    pub fn new(nodes: impl IntoIterator<Item = Cell>) -> Levels {
        let mut nodes: Vec<Cell> = nodes.into_iter().filter(|node| size(node) > 0.0).collect();
        nodes.sort_by(|one, other| size(one).total_cmp(&size(other)));
        let members: Vec<HashSet<String>> = nodes
            .iter()
            .map(
                |node| if let Cell::OneOf(members) = node { members.iter().cloned().collect() } else { HashSet::new() },
            )
            .collect();
        let mut of_value: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, node) in nodes.iter().enumerate() {
            if let Cell::OneOf(members) = node {
                members.iter().for_each(|value| of_value.entry(value.clone()).or_default().push(at));
            }
        }
        Levels { nodes, members, of_value }
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The smallest node that covers more than a cell does, and all of it.
    pub fn above(&self, cell: &Cell) -> Option<&Cell> {
        match cell {
            Cell::Category(value) => self.of_value.get(value)?.first().map(|at| &self.nodes[*at]),
            Cell::OneOf(own) => {
                let larger = self.of_value.get(own.first()?)?.iter().filter(|at| self.members[**at].len() > own.len());
                let mut covering = larger.filter(|at| own.iter().all(|value| self.members[**at].contains(value)));
                covering.next().map(|at| &self.nodes[*at])
            }
            Cell::Number(_) | Cell::Interval(_) => self.nodes.iter().find(|node| covers(node, cell) && *node != cell),
            Cell::Missing | Cell::Suppressed => None,
        }
    }
}

/// How much a node covers; 0 of what is none.
fn size(node: &Cell) -> f64 {
    match node {
        Cell::OneOf(members) if members.len() > 1 => members.len() as f64,
        Cell::Interval(interval) => interval.hi - interval.lo,
        _ => 0.0,
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::table::Interval;

    #[test]
    fn the_next_node_is_the_smallest_that_covers_more() {
        let set = |values: &str| Cell::OneOf(values.split(' ').map(str::to_owned).collect());
        let levels = Levels::new([set("a b c d"), set("a b"), set("c d")]);
        assert_eq!(levels.above(&Cell::Category("a".into())), Some(&set("a b")));
        assert_eq!(levels.above(&set("c d")), Some(&set("a b c d")));
        assert_eq!(levels.above(&set("a b c d")), None);
        assert_eq!(levels.above(&Cell::Category("z".into())), None);
        let band = |lo: f64, hi: f64| Cell::Interval(Interval::closed(lo, hi));
        let levels = Levels::new([band(0.0, 99.0), band(0.0, 9.0), band(10.0, 19.0)]);
        assert_eq!(levels.above(&Cell::Number(12.0)), Some(&band(10.0, 19.0)));
        assert_eq!(levels.above(&band(10.0, 19.0)), Some(&band(0.0, 99.0)));
    }
}
