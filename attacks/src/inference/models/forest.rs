//! Extremely randomised trees over bins.
//!
//! # A tree
//! A node of at least [`FEWEST`] rows that are not all of one class is split. Of √d of the d known columns (rounded up; drawn anew for
//! each node from those that vary in it) each offers one cut, drawn evenly between its smallest and its largest
//! bin; the cut with the least Gini impurity of the two sides is made. Categories have no order: each tree draws one for
//! each column. A leaf holds the shares of the classes of its rows; the forest's guess is the class with the largest sum of
//! shares over its trees, ties falling to the more frequent class.
//!
//! A cell that covers several bins, or says nothing, is in each tree one of those that it covers, drawn by its shares (for one
//! that says nothing, those of the column); what is known of who is asked about is the bin in which most of it lies.
//!
//! # Halves
//! Trees are grown in pairs. For each pair the persons are split into two random halves, and each tree learns from one of them. What
//! the table tells of its own rows without their persons is then what those trees say that have not seen them: one of each pair, and
//! as many for everybody. A forest that is asked about others has the first of each pair. Both thus learn from as many
//! rows and ask as many trees, so that neither is the better guesser by its size.
//!
//! # Determinism
//! Each tree draws from a stream of its own, given by seed, secret and number, over rows in the order of their values. Shares are
//! summed tree by tree.
//!
//! # Sources
//! Geurts, Ernst & Wehenkel 2006 (Machine Learning 63:3); Breiman 2001 (Machine Learning 45:5), for asking the trees that
//! have not seen a row.

use super::parts::Parts;
use super::training::Training;
use crate::progress::{Progress, go_on};
use crate::sampling::{Stream, Task};
use rayon::prelude::*;

/// Trees that everybody is guessed by.
pub const TREES: usize = 24;
/// A node of fewer rows is a leaf.
const FEWEST: usize = 8;
/// Who is asked about at a time.
const CHUNK: usize = 512;
/// The column of a leaf.
const LEAF: u32 = u32::MAX;
/// A row that the table does not count, or that is in neither half.
const NOBODY: u32 = u32::MAX;

/// A node. Of a leaf, `column` is [`LEAF`], and the other two say where its shares begin and end.
#[derive(Clone, Copy)]
struct Node {
    column: u32,
    /// Rows of lower ranks go to the node `left`, others to the next.
    cut: u32,
    left: u32,
}

/// A tree.
struct Tree {
    nodes: Vec<Node>,
    /// Classes with their shares, leaf by leaf.
    shares: Vec<(u32, f32)>,
    /// Place of each bin in the order of its column; empty where the bins have one.
    ranks: Vec<Vec<u32>>,
}

/// Grows trees on a table.
pub(super) struct Forest<'t> {
    training: &'t Training<'t>,
    /// For each of the training's rows its person, numbered as they come.
    persons: Vec<u32>,
    /// The number of each person of the table; [`NOBODY`] of one without a row that counts.
    numbers: Vec<u32>,
    count: usize,
    seed: u64,
}

impl<'t> Forest<'t> {
    pub fn new(training: &'t Training<'t>, seed: u64) -> Forest<'t> {
        let mut numbers = vec![NOBODY; training.table.persons()];
        let mut count = 0;
        let number = |row: &u32| {
            let number = &mut numbers[training.table.subject(*row as usize) as usize];
            if *number == NOBODY {
                *number = count;
                count += 1;
            }
            *number
        };
        let persons = training.rows.iter().map(number).collect();
        Forest { training, persons, numbers, count: count as usize, seed }
    }

    /// The classes of others, given by their codes on the known columns, one after the other.
    pub fn classes_of(&self, codes: &[u32], progress: &dyn Progress) -> Vec<Option<u32>> {
        let trees: Vec<Tree> = (0..TREES as u64)
            .into_par_iter()
            .map(|pair| {
                go_on(progress);
                self.grow(pair, false, &self.half(pair))
            })
            .collect();
        self.guess(codes, progress, TREES, |tree, _| &trees[tree])
    }

    /// The classes of rows of the table itself, by the trees that have not seen their persons: one of so many pairs each.
    pub fn classes_without(&self, rows: &[u32], pairs: usize, progress: &dyn Progress) -> Vec<Option<u32>> {
        let pairs: Vec<(Vec<bool>, [Tree; 2])> = (0..pairs as u64)
            .into_par_iter()
            .map(|pair| {
                go_on(progress);
                let half = self.half(pair);
                let (one, other) = rayon::join(|| self.grow(pair, false, &half), || self.grow(pair, true, &half));
                (half, [one, other])
            })
            .collect();
        let codes = self.training.codes(self.training.table, rows);
        self.guess(&codes, progress, pairs.len(), |pair, at| {
            let person = self.numbers[self.training.table.subject(rows[at] as usize) as usize];
            let (half, trees) = &pairs[pair];
            // The second tree has seen those whom the half has; who is in neither asks the first.
            &trees[usize::from(person != NOBODY && !half[person as usize])]
        })
    }

    /// The persons whom the second tree of a pair learns from; the first learns from the others.
    fn half(&self, pair: u64) -> Vec<bool> {
        let mut persons: Vec<u32> = (0..self.count as u32).collect();
        self.stream(2 * TREES as u64 + pair).shuffle(&mut persons);
        let mut half = vec![false; self.count];
        persons[self.count.div_ceil(2)..].iter().for_each(|person| half[*person as usize] = true);
        half
    }

    fn stream(&self, item: u64) -> Stream {
        Stream::new(self.seed, Task::Trees, (self.training.secret as u64) << 32 | item)
    }

    fn grow(&self, pair: u64, second: bool, half: &[bool]) -> Tree {
        let is_in = |at: &u32| half[self.persons[*at as usize] as usize] == second;
        let sample: Vec<u32> = (0..self.training.rows.len() as u32).filter(is_in).collect();
        Growing::new(self.training, &sample, self.stream(2 * pair + u64::from(second))).tree()
    }

    /// Asks so many trees about everybody: of each number the one that `asked` gives.
    fn guess<'f>(
        &self,
        codes: &[u32],
        progress: &dyn Progress,
        trees: usize,
        asked: impl Fn(usize, usize) -> &'f Tree + Sync,
    ) -> Vec<Option<u32>> {
        let (width, classes) = (self.training.known.len(), self.training.classes.guesses.len());
        let guess_chunk = |(chunk, codes): (usize, &[u32])| {
            go_on(progress);
            let likeliest = |(code, bins): (&u32, &Parts)| bins.likeliest(*code).unwrap_or(0);
            let bins: Vec<u32> = codes.iter().zip(self.training.bins.iter().cycle()).map(likeliest).collect();
            let mut scores = vec![0.0; bins.len() / width * classes];
            // Tree by tree, so that each is at hand for all.
            for tree in 0..trees {
                for (at, (bins, scores)) in bins.chunks(width).zip(scores.chunks_mut(classes)).enumerate() {
                    asked(tree, chunk * CHUNK + at).add(bins, scores);
                }
            }
            let guess = |scores: &[f64]| {
                let larger = |best: Option<(u32, f64)>, (class, score): (u32, &f64)| match best {
                    Some(best) if best.1 >= *score => Some(best),
                    _ if *score > 0.0 => Some((class, *score)),
                    best => best,
                };
                (0..).zip(scores).fold(None, larger).map(|(class, _)| class)
            };
            let guesses: Vec<Option<u32>> = scores.chunks(classes).map(guess).collect();
            progress.advance(guesses.len() as u64);
            guesses
        };
        codes.par_chunks(CHUNK * width).enumerate().flat_map_iter(guess_chunk).collect()
    }
}

impl Tree {
    /// Adds the shares of the leaf of somebody in these bins.
    fn add(&self, bins: &[u32], scores: &mut [f64]) {
        let mut node = self.nodes[0];
        while node.column != LEAF {
            let column = node.column as usize;
            let rank = match self.ranks[column].as_slice() {
                [] => bins[column],
                ranks => ranks[bins[column] as usize],
            };
            node = self.nodes[node.left as usize + usize::from(rank >= node.cut)];
        }
        for (class, share) in &self.shares[node.cut as usize..node.left as usize] {
            scores[*class as usize] += f64::from(*share);
        }
    }
}

/// A tree that grows.
struct Growing {
    stream: Stream,
    /// Ranks of the sample's rows, column by column.
    columns: Vec<Vec<u32>>,
    classes: Vec<u32>,
    ranks: Vec<Vec<u32>>,
    /// Rows of each class on either side of a cut; zero between cuts.
    counts: [Vec<u32>; 2],
}

impl Growing {
    fn new(training: &Training<'_>, sample: &[u32], mut stream: Stream) -> Growing {
        let rows = || sample.iter().map(|at| training.rows[*at as usize]);
        let of_secret =
            |row: u32| drawn(training.classes_of(row), &mut stream).expect("rows without a class do not count");
        let classes: Vec<u32> = rows().map(of_secret).collect();
        let (mut columns, mut ranks) = (Vec::new(), Vec::new());
        for (column, bins) in training.known.iter().zip(&training.bins) {
            let codes = training.table.column(*column);
            let of_column = Anything::of(bins, rows().map(|row| codes[row as usize]));
            let bin = |row: u32| {
                drawn(bins.of(codes[row as usize]), &mut stream).unwrap_or_else(|| of_column.draw(&mut stream))
            };
            let mut of_rows: Vec<u32> = rows().map(bin).collect();
            let mut order: Vec<u32> = if bins.is_ordered { Vec::new() } else { (0..bins.len as u32).collect() };
            stream.shuffle(&mut order);
            if !bins.is_ordered {
                of_rows.iter_mut().for_each(|bin| *bin = order[*bin as usize]);
            }
            columns.push(of_rows);
            ranks.push(order);
        }
        let counts = [(); 2].map(|()| vec![0; training.classes.guesses.len()]);
        Growing { stream, columns, classes, ranks, counts }
    }

    fn tree(mut self) -> Tree {
        let mut rows: Vec<u32> = (0..self.classes.len() as u32).collect();
        let (mut nodes, mut shares) = (vec![Node { column: LEAF, cut: 0, left: 0 }], Vec::new());
        let mut open = vec![(0, 0..rows.len())];
        while let Some((node, range)) = open.pop() {
            let inside = &mut rows[range.clone()];
            match self.cut(inside) {
                Some((column, cut)) => {
                    let ranks = &self.columns[column];
                    let middle = range.start + partition(inside, |row| ranks[row as usize] < cut);
                    let left = nodes.len();
                    nodes[node] = Node { column: column as u32, cut, left: left as u32 };
                    nodes.extend([Node { column: LEAF, cut: 0, left: 0 }; 2]);
                    open.push((left, range.start..middle));
                    open.push((left + 1, middle..range.end));
                }
                None => {
                    let mut classes: Vec<u32> = inside.iter().map(|row| self.classes[*row as usize]).collect();
                    classes.sort_unstable();
                    let from = shares.len();
                    let share = |of_one: &[u32]| (of_one[0], of_one.len() as f32 / inside.len() as f32);
                    shares.extend(classes.chunk_by(|a, b| a == b).map(share));
                    nodes[node] = Node { column: LEAF, cut: from as u32, left: shares.len() as u32 };
                }
            }
        }
        Tree { nodes, shares, ranks: self.ranks }
    }

    /// The column and the rank at which rows are cut, or nothing where they make a leaf.
    fn cut(&mut self, rows: &[u32]) -> Option<(usize, u32)> {
        let first = self.classes[*rows.first()? as usize];
        if rows.len() < FEWEST || rows.iter().all(|row| self.classes[*row as usize] == first) {
            return None;
        }
        let wanted = (1..).find(|root| root * root >= self.columns.len()).unwrap_or(1);
        let mut left: Vec<usize> = (0..self.columns.len()).collect();
        let (mut tried, mut best) = (0, None::<(f64, usize, u32)>);
        while tried < wanted && !left.is_empty() {
            let column = left.swap_remove(self.stream.below(left.len() as u64) as usize);
            let ranks = &self.columns[column];
            let (mut lowest, mut highest) = (u32::MAX, 0);
            for rank in rows.iter().map(|row| ranks[*row as usize]) {
                (lowest, highest) = (lowest.min(rank), highest.max(rank));
            }
            if lowest == highest {
                continue;
            }
            tried += 1;
            let cut = lowest + 1 + self.stream.below(u64::from(highest - lowest)) as u32;
            let purity = self.purity(rows, column, cut);
            if best.is_none_or(|(most, _, _)| purity > most) {
                best = Some((purity, column, cut));
            }
        }
        best.map(|(_, column, cut)| (column, cut))
    }

    /// Σ over the sides of (Σ_c n_c²) / n: the larger, the less is their Gini impurity.
    fn purity(&mut self, rows: &[u32], column: usize, cut: u32) -> f64 {
        let (ranks, classes) = (&self.columns[column], &self.classes);
        let (mut squares, mut sizes) = ([0u64; 2], [0u64; 2]);
        for row in rows {
            let side = usize::from(ranks[*row as usize] >= cut);
            let count = &mut self.counts[side][classes[*row as usize] as usize];
            // (n + 1)² − n².
            squares[side] += 2 * u64::from(*count) + 1;
            sizes[side] += 1;
            *count += 1;
        }
        for row in rows {
            let class = classes[*row as usize] as usize;
            self.counts.iter_mut().for_each(|counts| counts[class] = 0);
        }
        squares[0] as f64 / sizes[0] as f64 + squares[1] as f64 / sizes[1] as f64
    }
}

/// One of several parts, by their shares; none of none. Draws only where there is a choice.
fn drawn(parts: &[(u32, f64)], stream: &mut Stream) -> Option<u32> {
    if let [] | [_] = parts {
        return parts.first().map(|(part, _)| *part);
    }
    let mut left = stream.unit();
    let found = parts.iter().find(|(_, share)| {
        left -= share;
        left < 0.0
    });
    found.or(parts.last()).map(|(part, _)| *part)
}

/// What a cell that says nothing may be: any bin, as the rows of the sample have them.
struct Anything(Vec<u32>);

impl Anything {
    fn of(bins: &Parts, codes: impl Iterator<Item = u32>) -> Anything {
        Anything(codes.filter_map(|code| bins.likeliest(code)).collect())
    }

    fn draw(&self, stream: &mut Stream) -> u32 {
        if self.0.is_empty() { 0 } else { self.0[stream.below(self.0.len() as u64) as usize] }
    }
}

/// Puts those that are wanted before the others: how many there are.
fn partition(rows: &mut [u32], wanted: impl Fn(u32) -> bool) -> usize {
    let mut found = 0;
    for at in 0..rows.len() {
        if wanted(rows[at]) {
            rows.swap(found, at);
            found += 1;
        }
    }
    found
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::inference::Correctness;
    use crate::table::{Kind, RawColumn, Tables, TablesBuilder};

    fn tables(stream: &mut Stream, rows: usize) -> Tables {
        let mut builder = TablesBuilder::new(rows, rows, None);
        let mut column = |values: u64| (0..rows).map(|_| stream.below(values)).collect::<Vec<u64>>();
        let numbers = |draws: &[u64]| RawColumn::numbers(&draws.iter().map(|draw| *draw as f64).collect::<Vec<_>>());
        let texts = |draws: &[u64]| RawColumn::texts(&draws.iter().map(u64::to_string).collect::<Vec<_>>());
        let (x, y, s) = (column(30), column(9), column(3));
        builder.add("x", Kind::Numeric, numbers(&x), numbers(&x), None).unwrap();
        builder.add("y", Kind::Categorical, texts(&y), texts(&y), None).unwrap();
        builder.add("s", Kind::Categorical, texts(&s), texts(&s), None).unwrap();
        builder.subjects((0..rows as u64).map(|row| (row / 2) as u32).collect(), None);
        builder.finish()
    }

    /// Whoever a tree learnt from comes to a leaf whose shares are those of all rows that come there.
    #[test]
    fn leaves_hold_the_shares_of_the_rows_that_come_to_them() {
        let mut stream = Stream::new(2, Task::Population, 0);
        for rows in [1, 2, 7, 60, 400] {
            let tables = tables(&mut stream, rows);
            let training = Training::new(&tables, &tables.original, &[0, 1], 2, Correctness::default());
            let sample: Vec<u32> = (0..training.rows.len() as u32).filter(|at| at % 3 != 0 || rows < 3).collect();
            let tree = Growing::new(&training, &sample, Stream::new(0, Task::Trees, 0)).tree();
            let codes = training.codes(training.table, &training.rows);
            let classes = training.classes.guesses.len();
            let mut leaves: Vec<(Vec<f64>, Vec<u32>)> = Vec::new();
            for at in &sample {
                let codes = &codes[*at as usize * 2..][..2];
                let bins: Vec<u32> =
                    codes.iter().zip(&training.bins).map(|(code, bins)| bins.likeliest(*code).unwrap()).collect();
                let mut scores = vec![0.0; classes];
                tree.add(&bins, &mut scores);
                let class = training.classes_of(training.rows[*at as usize])[0].0;
                match leaves.iter_mut().find(|(of_leaf, _)| *of_leaf == scores) {
                    Some((_, rows)) => rows.push(class),
                    None => leaves.push((scores, vec![class])),
                }
            }
            // Leaves of equal shares are one here, which changes no share.
            for (scores, rows) in leaves {
                for class in 0..classes as u32 {
                    let share = rows.iter().filter(|row| **row == class).count() as f64 / rows.len() as f64;
                    assert!((share - scores[class as usize]).abs() < 1e-6, "{rows:?} {scores:?}");
                }
            }
        }
    }

    #[test]
    fn each_person_is_in_one_half_of_each_pair() {
        let mut stream = Stream::new(3, Task::Population, 0);
        let tables = tables(&mut stream, 101);
        let training = Training::new(&tables, &tables.original, &[0, 1], 2, Correctness::default());
        let forest = Forest::new(&training, 0);
        assert_eq!(forest.count, 51);
        let mut seen = vec![0; 51];
        for pair in 0..200 {
            let half = forest.half(pair);
            assert_eq!(half.iter().filter(|is_in| **is_in).count(), 25);
            half.iter().zip(&mut seen).for_each(|(is_in, seen)| *seen += u32::from(*is_in));
        }
        assert!(seen.iter().all(|seen| (60..140).contains(seen)), "{seen:?}");
    }
}
