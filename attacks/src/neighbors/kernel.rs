//! The loops over many records at once, compiled for each instruction set and chosen at run time.
//!
//! Each loop is ordinary safe code over blocks of [`LANES`] records, written so that the compiler turns it into vector
//! instructions. All results are the same on every instruction set: bytes are counted, and each lane sums its own
//! gaps in one order. This is the only module with `unsafe` code: the calls of functions that need instructions which
//! [`Instructions::detect`] has found the processor to have.
#![allow(unsafe_code)]

/// Records of one block.
pub(crate) const LANES: usize = 64;

/// What the processor can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Instructions {
    /// What every processor of the target has.
    Plain,
    /// AVX2: 32 bytes at once.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 with instructions on bytes: 64 bytes at once.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Instructions {
    /// The widest that the processor has.
    pub fn detect() -> Instructions {
        *Instructions::all().last().unwrap_or(&Instructions::Plain)
    }

    /// All that the processor has, the plain ones first.
    pub fn all() -> Vec<Instructions> {
        let mut all = vec![Instructions::Plain];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") {
                all.push(Instructions::Avx2);
                if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw") {
                    all.push(Instructions::Avx512);
                }
            }
        }
        all
    }
}

/// Compiles a loop for each instruction set, and makes the function that chooses.
macro_rules! dispatched {
    ($(#[$doc:meta])* fn $name:ident($($argument:ident: $type:ty),* $(,)?) = $body:path) => {
        $(#[$doc])*
        #[allow(clippy::too_many_arguments)] // The slices of one block are separate so that they stay in registers.
        pub(crate) fn $name(instructions: Instructions, $($argument: $type),*) {
            #[cfg(target_arch = "x86_64")]
            mod wide {
                use super::*;
                #[target_feature(enable = "avx2")]
                #[allow(clippy::too_many_arguments)]
                pub fn avx2($($argument: $type),*) {
                    $body($($argument),*);
                }
                #[target_feature(enable = "avx2,avx512f,avx512bw")]
                #[allow(clippy::too_many_arguments)]
                pub fn avx512($($argument: $type),*) {
                    $body($($argument),*);
                }
            }
            match instructions {
                Instructions::Plain => $body($($argument),*),
                // SAFETY: `detect` and `all`, which alone make this value, have found AVX2.
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => unsafe { wide::avx2($($argument),*) },
                // SAFETY: `detect` and `all`, which alone make this value, have found AVX2, AVX-512F and AVX-512BW.
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => unsafe { wide::avx512($($argument),*) },
            }
        }
    };
}

/// Where a column's codes are: as bytes in consecutive planes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// First plane of the column.
    pub plane: usize,
    /// Number of its planes.
    pub planes: usize,
}

/// The codes of one column that cost a target less than a mismatch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    /// The column.
    pub place: Place,
    /// Its codes among all the wanted ones: from the first to one past the last.
    pub matches: (usize, usize),
}

/// One code, and what it costs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Match {
    /// The code's bytes, the lowest first.
    pub bytes: [u8; 4],
    /// Its cost, less than that of a mismatch.
    pub cost: u8,
}

/// What a record gains when a column's code is one that a target agrees with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gain {
    /// First plane of the column.
    pub plane: usize,
    /// Number of its planes.
    pub planes: usize,
    /// The code's bytes, the lowest first.
    pub bytes: [u8; 4],
    /// What it adds.
    pub gain: u16,
}

/// What a node gains when one of two bits is set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BitGain {
    /// Planes of the two.
    pub planes: [usize; 2],
    /// The bits in them.
    pub bits: [u8; 2],
    /// What it adds.
    pub gain: u16,
}

/// A column whose codes are looked up: a code per record, and what each code adds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GainTable<'a> {
    pub codes: &'a [u32],
    pub gains: &'a [u16],
}

/// How far the best sums reach.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reach {
    /// Sums below are of no interest.
    pub limit: u16,
    /// Sums that far below the largest are no longer.
    pub slack: u16,
}

dispatched! {
    /// Sums the gains of the records of some blocks, which must not overflow, and finds those that reach the limit, which rises
    /// with the largest sum. Positions come with their sums, ascending within a block; the first ones may be below the final limit.
    fn find_reaching(
        blocks: &[u8],
        planes: usize,
        gains: &[Gain],
        tables: &[GainTable<'_>],
        which: &[u32],
        reach: &mut Reach,
        found: &mut Vec<(u32, u16)>,
    ) = reaching
}

dispatched! {
    /// The same for nodes of bits, each with a gain to begin with; the limit stays.
    fn find_bounded(
        blocks: &[u8],
        planes: usize,
        first: u16,
        gains: &[BitGain],
        which: &[u32],
        limit: u16,
        found: &mut Vec<(u32, u16)>,
    ) = bounded
}

#[inline(always)]
fn reaching(
    blocks: &[u8],
    planes: usize,
    gains: &[Gain],
    tables: &[GainTable<'_>],
    which: &[u32],
    reach: &mut Reach,
    found: &mut Vec<(u32, u16)>,
) {
    let (blocks, _) = blocks.as_chunks::<LANES>();
    for block in which {
        let start = *block as usize;
        let bytes = &blocks[start * planes..(start + 1) * planes];
        let mut sums = [0u16; LANES];
        for gain in gains {
            let [low, high, ..] = gain.bytes;
            match &bytes[gain.plane..gain.plane + gain.planes] {
                [codes] => add_where(&mut sums, gain.gain, |lane| codes[lane] == low),
                [a, b] => add_where(&mut sums, gain.gain, |lane| (a[lane] ^ low) | (b[lane] ^ high) == 0),
                codes => {
                    let mut differs = [0u8; LANES];
                    for (codes, byte) in codes.iter().zip(gain.bytes) {
                        for (differs, code) in differs.iter_mut().zip(codes) {
                            *differs |= code ^ byte;
                        }
                    }
                    add_where(&mut sums, gain.gain, |lane| differs[lane] == 0);
                }
            }
        }
        for table in tables {
            for (sum, code) in sums.iter_mut().zip(&table.codes[start * LANES..(start + 1) * LANES]) {
                *sum = sum.wrapping_add(table.gains[*code as usize]);
            }
        }
        let largest = sums.iter().fold(0, |largest: u16, sum| largest.max(*sum));
        if largest >= reach.limit {
            reach.limit = reach.limit.max(largest.saturating_sub(reach.slack));
            take(&sums, start, reach.limit, found);
        }
    }
}

dispatched! {
    /// The bounds of all nodes of a level, each with a gain to begin with, and the largest of each block.
    fn sum_bounds(
        blocks: &[u8],
        planes: usize,
        first: u16,
        gains: &[BitGain],
        bounds: &mut [u16],
        maxima: &mut [u16],
    ) = all_bounds
}

dispatched! {
    /// Finds the bounds that reach a limit above 0, and sets them to 0; given the largest of each block, which are kept so.
    fn take_reaching(bounds: &mut [u16], maxima: &mut [u16], limit: u16, which: &mut Vec<u32>) = taken
}

#[inline(always)]
fn all_bounds(blocks: &[u8], planes: usize, first: u16, gains: &[BitGain], bounds: &mut [u16], maxima: &mut [u16]) {
    let (blocks, _) = blocks.as_chunks::<LANES>();
    let (bounds, _) = bounds.as_chunks_mut::<LANES>();
    for ((bytes, bounds), largest) in blocks.chunks_exact(planes.max(1)).zip(bounds).zip(maxima) {
        let sums = bounds_of(bytes, first, gains);
        *largest = sums.iter().fold(0, |largest: u16, sum| largest.max(*sum));
        *bounds = sums;
    }
}

#[inline(always)]
fn taken(bounds: &mut [u16], maxima: &mut [u16], limit: u16, which: &mut Vec<u32>) {
    let (bounds, _) = bounds.as_chunks_mut::<LANES>();
    for (block, (bounds, largest)) in bounds.iter_mut().zip(maxima).enumerate() {
        if *largest < limit {
            continue;
        }
        each_reaching(bounds, limit, |lane| which.push((block * LANES + lane) as u32));
        for bound in bounds.iter_mut() {
            *bound &= u16::from(*bound >= limit).wrapping_sub(1);
        }
        *largest = bounds.iter().fold(0, |largest: u16, bound| largest.max(*bound));
    }
}

/// The bounds of one block of nodes.
#[inline(always)]
fn bounds_of(bytes: &[[u8; LANES]], first: u16, gains: &[BitGain]) -> [u16; LANES] {
    let mut sums = [first; LANES];
    for gain in gains {
        let [a, b] = gain.planes.map(|plane| &bytes[plane]);
        let [one, other] = gain.bits;
        match gain.planes[0] == gain.planes[1] {
            true => add_where(&mut sums, gain.gain, |lane| a[lane] & (one | other) != 0),
            false => add_where(&mut sums, gain.gain, |lane| (a[lane] & one) | (b[lane] & other) != 0),
        }
    }
    sums
}

#[inline(always)]
fn bounded(
    blocks: &[u8],
    planes: usize,
    first: u16,
    gains: &[BitGain],
    which: &[u32],
    limit: u16,
    found: &mut Vec<(u32, u16)>,
) {
    let (blocks, _) = blocks.as_chunks::<LANES>();
    for block in which {
        let start = *block as usize;
        let bytes = &blocks[start * planes..(start + 1) * planes];
        let sums = bounds_of(bytes, first, gains);
        if sums.iter().fold(0, |largest: u16, sum| largest.max(*sum)) >= limit {
            take(&sums, start, limit, found);
        }
    }
}

/// Adds to the sums of the lanes of which something is true, without a branch.
#[inline(always)]
fn add_where(sums: &mut [u16; LANES], gain: u16, is_true: impl Fn(usize) -> bool) {
    for (lane, sum) in sums.iter_mut().enumerate() {
        *sum = sum.wrapping_add(gain & u16::from(is_true(lane)).wrapping_neg());
    }
}

/// The positions of a block's sums that are not below the limit.
#[inline(always)]
fn take(sums: &[u16; LANES], block: usize, limit: u16, found: &mut Vec<(u32, u16)>) {
    each_reaching(sums, limit, |lane| found.push(((block * LANES + lane) as u32, sums[lane])));
}

/// The lanes whose sums are not below the limit. Few are: eight lanes at once are asked whether any is.
#[inline(always)]
fn each_reaching(sums: &[u16; LANES], limit: u16, mut found: impl FnMut(usize)) {
    let mut reaches = [0u8; LANES];
    for (reaches, sum) in reaches.iter_mut().zip(sums) {
        *reaches = u8::from(*sum >= limit);
    }
    for (eighth, reaches) in reaches.as_chunks::<8>().0.iter().enumerate() {
        let mut bits = u64::from_le_bytes(*reaches);
        while bits != 0 {
            found(8 * eighth + bits.trailing_zeros() as usize / 8);
            bits &= bits - 1;
        }
    }
}

dispatched! {
    /// Adds to each record's count what its code costs in each column: `mismatch` when it is none of the wanted ones; 255
    /// stays 255.
    ///
    /// `blocks` holds, block by block and plane by plane, one byte per record; `counts` whole blocks too.
    fn add_costs(
        blocks: &[u8],
        planes: usize,
        wanted: &[Wanted],
        matches: &[Match],
        mismatch: u8,
        counts: &mut [u8],
    ) = costs
}

dispatched! {
    /// Finds the records that are within a limit: counts, each worth `unit`, plus the gaps between a target and their boxes.
    ///
    /// `lo` and `hi` hold, block by block and column by column, one end per record; `hi` is empty when no box has a width.
    /// `from` and `to` are the ends of the target's own box, `to` empty when it has no width. Where it has no place, they are NaN
    /// and add nothing. Positions come with their sums, ascending.
    fn find_within(
        counts: &[u16],
        unit: f32,
        lo: &[f32],
        hi: &[f32],
        from: &[f32],
        to: &[f32],
        limit: f32,
        found: &mut Vec<(u32, f32)>,
    ) = within
}

#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "a loop over plain slices")]
fn within(
    counts: &[u16],
    unit: f32,
    lo: &[f32],
    hi: &[f32],
    from: &[f32],
    to: &[f32],
    limit: f32,
    found: &mut Vec<(u32, f32)>,
) {
    let (counts, _) = counts.as_chunks::<LANES>();
    let (lo, _) = lo.as_chunks::<LANES>();
    let (hi, _) = hi.as_chunks::<LANES>();
    let are_points = hi.is_empty() && to.is_empty();
    let hi = if hi.is_empty() { lo } else { hi };
    let to = if to.is_empty() { from } else { to };
    for (block, counts) in counts.iter().enumerate() {
        let mut sums = counts.map(|count| f32::from(count) * unit);
        let columns = block * from.len()..(block + 1) * from.len();
        if are_points {
            for (lo, value) in lo[columns].iter().zip(from) {
                for (sum, lo) in sums.iter_mut().zip(lo) {
                    let gap = (lo - value).abs();
                    // NaN is not at least 0, so it adds nothing.
                    *sum += if gap >= 0.0 { gap } else { 0.0 };
                }
            }
        } else {
            for (((lo, hi), from), to) in lo[columns.clone()].iter().zip(&hi[columns]).zip(from).zip(to) {
                for ((sum, lo), hi) in sums.iter_mut().zip(lo).zip(hi) {
                    let (below, above) = (lo - to, from - hi);
                    let gap = if below > above { below } else { above };
                    *sum += if gap > 0.0 { gap } else { 0.0 };
                }
            }
        }
        // Most blocks hold nothing; that much is told without a branch per lane.
        let near: u32 = sums.iter().map(|sum| u32::from(*sum <= limit)).sum();
        if near > 0 {
            let records = (block * LANES) as u32..;
            found.extend(records.zip(sums).filter(|(_, sum)| *sum <= limit));
        }
    }
}

dispatched! {
    /// Adds how far each number is from one of them; what is no number is at distance 1 from it.
    fn add_gaps(number: f32, numbers: &[f32], sums: &mut [f32]) = gaps
}

#[inline(always)]
fn gaps(number: f32, numbers: &[f32], sums: &mut [f32]) {
    for (sum, other) in sums.iter_mut().zip(numbers) {
        let gap = (number - other).abs();
        *sum += if gap.is_nan() { 1.0 } else { gap };
    }
}

dispatched! {
    /// Adds 1 for each code that is another one.
    fn add_unequal(code: u32, codes: &[u32], sums: &mut [f32]) = unequal
}

#[inline(always)]
fn unequal(code: u32, codes: &[u32], sums: &mut [f32]) {
    for (sum, other) in sums.iter_mut().zip(codes) {
        *sum += if code == *other { 0.0 } else { 1.0 };
    }
}

dispatched! {
    /// Puts the sums of one person's rows out of reach.
    fn leave_out(subject: u32, subjects: &[u32], sums: &mut [f32]) = out_of_reach
}

#[inline(always)]
fn out_of_reach(subject: u32, subjects: &[u32], sums: &mut [f32]) {
    for (sum, other) in sums.iter_mut().zip(subjects) {
        *sum = if subject == *other { f32::INFINITY } else { *sum };
    }
}

dispatched! {
    /// The least sum, and how many there are of it.
    fn find_least(sums: &[f32], least: &mut f32, count: &mut u32) = least_of
}

#[inline(always)]
fn least_of(sums: &[f32], least: &mut f32, count: &mut u32) {
    let (lanes, rest) = sums.as_chunks::<LANES>();
    let mut of_lanes = [f32::INFINITY; LANES];
    for sums in lanes {
        for (least, sum) in of_lanes.iter_mut().zip(sums) {
            *least = if *sum < *least { *sum } else { *least };
        }
    }
    let found = of_lanes.iter().chain(rest).fold(f32::INFINITY, |least: f32, sum| least.min(*sum));
    *least = found;
    *count = sums.iter().map(|sum| u32::from(*sum == found)).sum();
}

#[inline(always)]
fn costs(blocks: &[u8], planes: usize, wanted: &[Wanted], matches: &[Match], mismatch: u8, counts: &mut [u8]) {
    let (counts, _) = counts.as_chunks_mut::<LANES>();
    for (block, all_counts) in blocks.chunks_exact(planes * LANES).zip(counts) {
        let (block, _) = block.as_chunks::<LANES>();
        let mut counts = *all_counts;
        for column in wanted {
            let mut costs = [mismatch; LANES];
            for matched in &matches[column.matches.0..column.matches.1] {
                let mut differs = [0u8; LANES];
                let planes = column.place.plane..column.place.plane + column.place.planes;
                for (plane, byte) in block[planes].iter().zip(matched.bytes) {
                    for (differs, code) in differs.iter_mut().zip(plane) {
                        *differs |= code ^ byte;
                    }
                }
                // Arithmetic and no choice, which the compiler would make a branch of: 255 where the code is another.
                let matched = matched.cost;
                for (cost, differs) in costs.iter_mut().zip(&differs) {
                    *cost = (*cost).min(matched | u8::from(*differs != 0).wrapping_neg());
                }
            }
            for (count, cost) in counts.iter_mut().zip(&costs) {
                *count = count.saturating_add(*cost);
            }
        }
        *all_counts = counts;
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::sampling::{Stream, Task};

    #[test]
    fn every_instruction_set_counts_and_sums_the_same() {
        let mut stream = Stream::new(5, Task::Population, 0);
        let (blocks, planes, columns) = (3, 5, 4);
        let codes: Vec<u8> = (0..blocks * planes * LANES).map(|_| stream.below(3) as u8).collect();
        let column = |plane, planes, matches| Wanted { place: Place { plane, planes }, matches };
        let wanted = [column(0, 1, (0, 1)), column(1, 3, (1, 2)), column(4, 1, (2, 4))];
        let of = |bytes, cost| Match { bytes, cost };
        let matches = [of([1, 0, 0, 0], 0), of([0, 1, 2, 0], 0), of([2, 0, 0, 0], 0), of([1, 0, 0, 0], 2)];
        let (mismatch, unit) = (3, 0.5);
        let ends: Vec<f32> = (0..blocks * columns * LANES).map(|_| stream.below(1000) as f32 / 999.0).collect();
        let hi: Vec<f32> = ends.iter().map(|lo| if *lo > 0.9 { f32::INFINITY } else { *lo + 0.05 }).collect();
        let values = [0.25, f32::NAN, 0.7, 1.0];
        let to = [0.5, f32::NAN, 0.7, f32::INFINITY];
        let run = |instructions| {
            let mut counts = vec![0; blocks * LANES];
            counts[7] = 254;
            add_costs(instructions, &codes, planes, &wanted, &matches, mismatch, &mut counts);
            let (mut wide, mut exact, mut bands) = (Vec::new(), Vec::new(), Vec::new());
            let many: Vec<u16> = counts.iter().map(|count| u16::from(*count)).collect();
            find_within(instructions, &many, unit, &ends, &hi, &values, &[], 2.2, &mut wide);
            find_within(instructions, &many, unit, &ends, &[], &values, &[], 2.2, &mut exact);
            find_within(instructions, &many, unit, &ends, &[], &values, &to, 2.2, &mut bands);
            (counts, wide, exact, bands)
        };
        let plain = run(Instructions::Plain);
        assert_eq!(plain.0[7], 255);
        for at in (0..blocks * LANES).filter(|at| *at != 7) {
            let block = &codes[at / LANES * planes * LANES..];
            let cost = |column: &Wanted| {
                let Place { plane, planes } = column.place;
                let byte = |p: usize| block[(plane + p) * LANES + at % LANES];
                let equals = |matched: &&Match| (0..planes).all(|p| byte(p) == matched.bytes[p]);
                let found = matches[column.matches.0..column.matches.1].iter().find(equals);
                found.map_or(mismatch, |matched| matched.cost)
            };
            assert_eq!(plain.0[at], wanted.iter().map(cost).sum::<u8>());
            let gap = |hi: &[f32], to: &[f32]| {
                let gaps = values.iter().zip(to).enumerate().map(|(column, (from, to))| {
                    let end = (at / LANES * columns + column) * LANES + at % LANES;
                    (ends[end] - to).max(from - hi[end]).max(0.0)
                });
                gaps.fold(f32::from(plain.0[at]) * unit, |sum, gap| sum + gap)
            };
            for (found, hi, to) in [(&plain.1, &hi, &values), (&plain.2, &ends, &values), (&plain.3, &ends, &to)] {
                let sum = found.iter().find(|(record, _)| *record as usize == at).map(|(_, sum)| *sum);
                assert_eq!(sum, Some(gap(hi, to)).filter(|sum| *sum <= 2.2), "record {at}");
            }
        }
        for instructions in Instructions::all() {
            assert_eq!(run(instructions), plain, "{instructions:?}");
        }
    }
}
