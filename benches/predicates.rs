//! Singling out: sorting the tables once, then making 2,000 predicates and counting them on original and control.

mod tables;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use reident_attacks::singling_out::{Mode, Prepared, SinglingOutAttacker};
use reident_attacks::targets::NoProgress;
use std::hint::black_box;
use std::time::Duration;
use tables::Shape;

const PREDICATES: usize = 2_000;

fn predicates(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("predicates");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));
    for rows in [5_000, 40_000] {
        let shape = Shape { rows, categories: 9, numbers: 6, cardinality: 16 };
        let tables = shape.tables();
        group.throughput(Throughput::Elements(rows as u64));
        group.bench_function(BenchmarkId::new("sorting", shape.name()), |bencher| {
            bencher.iter(|| {
                black_box(Prepared::new(&tables));
            });
        });
        let prepared = Prepared::new(&tables);
        let modes = [("1 column", Mode::Univariate)];
        let several = [("2 columns", 2), ("3 columns", 3), ("4 columns", 4)];
        let modes = modes.into_iter().chain(several.map(|(name, size)| (name, Mode::Multivariate(size))));
        for (name, mode) in modes {
            let attacker =
                SinglingOutAttacker { mode, columns: (0..shape.columns()).collect(), predicates: PREDICATES };
            group.throughput(Throughput::Elements(PREDICATES as u64));
            group.bench_function(BenchmarkId::new(name, shape.name()), |bencher| {
                bencher.iter(|| black_box(attacker.attack(&prepared, 1, 0, &NoProgress)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, predicates);
criterion_main!(benches);
