//! Nearest sets of 256 targets: every index against the plain loop, over rows × columns × distinct values; and building.
//!
//! Time is per 256 targets on one thread. `Scan` defines the answer, so the ratio of the two is what an index is worth.

mod tables;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use reident_attacks::neighbors::{Blocks, GowerDistance, NeighborIndex, Postings, Profiles, Scan, Signatures, plan};
use std::hint::black_box;
use std::time::Duration;
use tables::Shape;

const TARGETS: usize = 256;

fn grid() -> Vec<Shape> {
    let mut grid = Vec::new();
    for rows in [5_000, 40_000] {
        for (categories, numbers) in [(4, 0), (6, 6), (2, 8), (0, 5), (0, 14), (20, 0)] {
            for cardinality in [4, 64] {
                grid.push(Shape { rows, categories, numbers, cardinality });
            }
        }
    }
    // Near-unique signatures: where grouping does not pay.
    grid.push(Shape { rows: 40_000, categories: 3, numbers: 3, cardinality: 20_000 });
    grid
}

fn neighbors(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("neighbors");
    group.sample_size(10).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(600));
    for shape in grid() {
        let tables = shape.tables();
        let columns: Vec<usize> = (0..shape.columns()).collect();
        let profiles = Profiles::new(&tables, &columns);
        let distance = GowerDistance::new(&tables, &columns);
        let scan = Scan::new(&profiles, distance.clone());
        let signatures = Signatures::new(&profiles, distance.clone(), &[]);
        let posted = Postings::columns(&profiles, &distance);
        let with_postings = Signatures::new(&profiles, distance.clone(), &posted);
        let blocks = Blocks::new(&profiles, distance.clone());
        let mut targets: Vec<Vec<u32>> = (0..TARGETS).map(|row| tables.original.row(row).to_vec()).collect();
        targets.sort_unstable_by_key(|target| signatures.sharing_key(target));
        let targets: Vec<&[u32]> = targets.iter().map(Vec::as_slice).collect();
        let planned = plan(&profiles, distance, &columns, TARGETS, 1, |at| targets[at]);

        group.throughput(Throughput::Elements(TARGETS as u64));
        let mut indexes: Vec<(&str, &dyn NeighborIndex)> = vec![
            ("scan", &scan),
            ("signatures", &signatures),
            ("blocks", &blocks),
            ("planned", planned.index.as_ref()),
        ];
        if !posted.is_empty() {
            indexes.push(("postings", &with_postings));
        }
        for (name, index) in indexes {
            group.bench_function(BenchmarkId::new(name, shape.name()), |bencher| {
                let mut searcher = index.searcher();
                bencher.iter(|| {
                    searcher.nearest_of_each(black_box(&targets), 1, &mut |_, nearest| {
                        black_box(nearest);
                    });
                });
            });
        }
    }
    group.finish();
}

fn building(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("building");
    group.sample_size(10).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(1));
    for shape in grid().into_iter().filter(|shape| shape.rows == 40_000) {
        let tables = shape.tables();
        let columns: Vec<usize> = (0..shape.columns()).collect();
        group.throughput(Throughput::Elements(shape.rows as u64));
        group.bench_function(BenchmarkId::new("profiles", shape.name()), |bencher| {
            bencher.iter(|| black_box(Profiles::new(&tables, &columns)));
        });
        let profiles = Profiles::new(&tables, &columns);
        group.bench_function(BenchmarkId::new("signatures", shape.name()), |bencher| {
            bencher.iter(|| black_box(Signatures::new(&profiles, GowerDistance::new(&tables, &columns), &[]).len()));
        });
    }
    group.finish();
}

criterion_group!(benches, neighbors, building);
criterion_main!(benches);
