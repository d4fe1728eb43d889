//! Reading and encoding three CSV files.
//!
//! `bytes` reads the same files and does nothing with them: the least that any reader needs.
//!
//! Given the paths of an original, a release and a control, it reads those once instead and prints the seconds of the
//! clock as JSON; after `--tables-only`, without the checks of the control and of the release. Used by `side_by_side/loading.py`.

mod tables;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use reident::cli::use_threads;
use reident::input::{ReadOptions, Sources, load};
use std::fs;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};
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
        let sources = Sources::files(original, anonymized, Some(control));
        group.bench_function(BenchmarkId::new("load", shape.name()), |bencher| {
            bencher.iter(|| black_box(load(&sources, &ReadOptions::default()).expect("tables fit")));
        });
    }
    group.finish();
}

criterion_group!(benches, loading);

fn main() {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).filter(|path| path.is_file()).collect();
    let Ok([original, anonymized, control]) = <[PathBuf; 3]>::try_from(paths) else {
        benches();
        return Criterion::default().configure_from_args().final_summary();
    };
    let sources = Sources::files(original, anonymized, Some(control));
    let options =
        ReadOptions { tables_only: std::env::args().any(|is| is == "--tables-only"), ..ReadOptions::default() };
    use_threads(None).expect("no threads were started before");
    let start = Instant::now();
    black_box(load(&sources, &options).expect("tables fit"));
    println!("{{\"seconds\": {}}}", start.elapsed().as_secs_f64());
}
