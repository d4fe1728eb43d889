//! Reading and encoding three CSV files.
//!
//! `bytes` reads the same files and does nothing with them: the least that any reader needs.

mod tables;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use reident::input::{ReadOptions, Sources, load};
use std::fs;
use std::hint::black_box;
use std::time::Duration;
use tables::Shape;

fn loading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("loading");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));
    for (rows, cardinality) in [(5_000, 16), (40_000, 16), (40_000, 10_000)] {
        let shape = Shape { rows, categories: 9, numbers: 6, cardinality };
        let directory = tempfile::tempdir().expect("a temporary directory");
        let paths = ["original.csv", "anonymized.csv", "control.csv"].map(|name| directory.path().join(name));
        for (item, path) in paths.iter().enumerate() {
            fs::write(path, shape.csv(item)).expect("a temporary file");
        }
        let bytes = paths.iter().map(|path| fs::metadata(path).expect("written above").len()).sum();
        group.throughput(Throughput::Bytes(bytes));
        group.bench_function(BenchmarkId::new("bytes", shape.name()), |bencher| {
            bencher.iter(|| {
                for path in &paths {
                    black_box(fs::read(path).expect("written above"));
                }
            });
        });
        let [original, anonymized, control] = paths;
        let sources = Sources { original, anonymized, control: Some(control) };
        group.bench_function(BenchmarkId::new("load", shape.name()), |bencher| {
            bencher.iter(|| black_box(load(&sources, &ReadOptions::default()).expect("tables fit")));
        });
    }
    group.finish();
}

criterion_group!(benches, loading);
criterion_main!(benches);
