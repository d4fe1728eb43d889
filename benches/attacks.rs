//! Whole attacks with every record attacked, on all threads: a split for linkability, one secret, four attackers who
//! single out.

mod tables;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use reident_attacks::evaluation::{Plan, evaluate};
use reident_attacks::inference::{Correctness, InferenceAttacker};
use reident_attacks::linkability::LinkabilityAttacker;
use reident_attacks::singling_out::{Mode, SinglingOutAttacker};
use reident_attacks::targets::NoProgress;
use std::hint::black_box;
use std::time::Duration;
use tables::Shape;

fn attacks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("attacks");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));
    for rows in [5_000, 20_000] {
        let shape = Shape { rows, categories: 9, numbers: 6, cardinality: 16 };
        let tables = shape.tables();
        let columns: Vec<usize> = (0..shape.columns()).collect();

        let mut linkability = Plan::new(1);
        // Every second column: both halves have categories and numbers.
        let half = |odd: usize| columns.iter().copied().filter(|column| column % 2 == odd).collect::<Vec<_>>();
        linkability.push(LinkabilityAttacker {
            halves: [half(0), half(1)],
            matcher: Default::default(),
            neighbors: 1,
            searched: None,
        });

        let mut inference = Plan::new(1);
        inference.push(InferenceAttacker {
            secret: 0,
            known: columns[1..].to_vec(),
            guesser: Default::default(),
            correctness: Correctness { relative: 0.05, date_units: 0.0 },
            searched: None,
        });

        let mut singling_out = Plan::new(1);
        let modes = [Mode::Univariate, Mode::Multivariate(2), Mode::Multivariate(3), Mode::Multivariate(4)];
        for mode in modes {
            let columns = columns.clone();
            singling_out.push(SinglingOutAttacker { mode, columns, predicates: 2_000 });
        }

        group.throughput(Throughput::Elements((rows + rows / 4) as u64));
        for (name, plan) in [("linkability", linkability), ("inference", inference), ("singling out", singling_out)] {
            group.bench_function(BenchmarkId::new(name, shape.name()), |bencher| {
                bencher.iter(|| black_box(evaluate(&tables, &plan, &NoProgress).expect("the plan fits")));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, attacks);
criterion_main!(benches);
