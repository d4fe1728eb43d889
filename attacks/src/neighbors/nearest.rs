//! The nearest set, and how it is kept while candidates come in.

/// Every profile at a distance of at most the k-th smallest, counted over rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Nearest {
    /// The k-th smallest distance over rows: that of the farthest profile found.
    pub radius: f64,
    /// Profiles, ascending.
    pub profiles: Vec<u32>,
}

/// Collects candidates and keeps the radius that k rows need.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    neighbors: u64,
    /// The nearest candidates, sorted by distance, that together have at least k rows.
    best: Vec<(f64, u32)>,
    rows: u64,
    radius: f64,
    candidates: Vec<(f64, u32)>,
}

impl Collector {
    /// Starts anew for a target.
    pub fn start(&mut self, neighbors: usize) {
        self.neighbors = neighbors as u64;
        self.best.clear();
        self.candidates.clear();
        self.rows = 0;
        self.radius = f64::INFINITY;
    }

    /// How many rows are asked for.
    pub fn neighbors(&self) -> usize {
        self.neighbors as usize
    }

    /// No profile farther than this can be in the nearest set. Infinite until k rows were seen.
    #[inline]
    pub fn radius(&self) -> f64 {
        self.radius
    }

    /// Takes a profile at its exact distance.
    #[inline]
    pub fn push(&mut self, distance: f64, profile: u32, multiplicity: u32) {
        if distance > self.radius {
            return;
        }
        self.candidates.push((distance, profile));
        if distance == self.radius {
            return; // a tie at the radius changes no bound
        }
        let at = self.best.partition_point(|(known, _)| *known <= distance);
        self.best.insert(at, (distance, multiplicity));
        self.rows += u64::from(multiplicity);
        while let Some((_, last)) = self.best.last() {
            if self.rows - u64::from(*last) < self.neighbors {
                break;
            }
            self.rows -= u64::from(*last);
            self.best.pop();
        }
        if self.rows >= self.neighbors {
            self.radius = self.best.last().map_or(f64::INFINITY, |(distance, _)| *distance);
        }
    }

    /// The candidates of the nearest set, in no order, with their distances.
    pub fn within(&self) -> impl Iterator<Item = (f64, u32)> + '_ {
        self.candidates.iter().filter(|(distance, _)| *distance <= self.radius).copied()
    }

    /// The nearest set of all candidates taken.
    pub fn finish(&mut self, found: &mut Nearest) {
        found.profiles.clear();
        found.profiles.extend(self.within().map(|(_, profile)| profile));
        found.profiles.sort_unstable();
        // With fewer rows than asked for, everything is in the set.
        found.radius = if self.radius.is_finite() {
            self.radius
        } else {
            self.candidates.iter().fold(0.0, |farthest: f64, (distance, _)| farthest.max(*distance))
        };
    }
}
