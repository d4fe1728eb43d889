//! `--explain`: how the nearest records were searched for, and why so.

use reident_attacks::evaluation::{AttackKind, Evaluation};
use reident_attacks::neighbors::{SearchPlan, Strategy};
use reident_attacks::table::Tables;
use std::fmt::Write;

/// One paragraph per search. It tells names of columns and counts, and no value of a cell.
pub fn text(tables: &Tables, results: &Evaluation) -> String {
    let names = |columns: &[usize]| {
        columns.iter().map(|column| tables.columns[*column].name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let mut text = String::from("How the nearest records were searched for\n");
    for (at, result) in results.attackers.iter().enumerate() {
        let attack = match result.attacker.kind() {
            AttackKind::SinglingOut => continue,
            AttackKind::Linkability => "linkability",
            AttackKind::Inference => "inference",
        };
        for search in &result.searches {
            let _ =
                writeln!(text, "\n{attack}, attacker {}, on {}\n  {}", at + 1, names(&search.columns), choice(search));
            if !search.posted.is_empty() {
                let _ = writeln!(
                    text,
                    "  {} hardly repeats: records that share its value are looked up, all others differ in it",
                    names(&search.posted)
                );
            }
            let _ = writeln!(text, "  {}", pilot(search));
        }
    }
    text
}

fn choice(search: &SearchPlan) -> String {
    let records = format!("{} distinct records, {} distinct questions", search.profiles, search.questions);
    match search.strategy {
        Strategy::Blocks => {
            format!(
                "{records}: every record is compared with every question, in blocks ({} signatures)",
                search.signatures
            )
        }
        Strategy::Signatures => {
            let lookup = match (search.lookup, search.one_off) {
                (false, _) => "",
                (true, false) => "; a target's own signature is looked up first",
                (true, true) => "; a target's own signature, and those at one mismatch, are looked up first",
            };
            let trees = match search.trees {
                0 => String::new(),
                trees => format!(", {trees} with a tree"),
            };
            format!(
                "{records}: index of {} signatures, the largest of {} records{trees}{lookup}",
                search.signatures, search.largest
            )
        }
    }
}

fn pilot(search: &SearchPlan) -> String {
    let effort = search.effort;
    format!(
        "pilot of {} questions: {} signatures looked up and {} counted, {} records scanned, {} measured, {} trees searched. That is about \
         {} a question by the index, and {} by blocks",
        search.piloted,
        effort.looked_up,
        effort.counted,
        effort.scanned,
        effort.measured,
        effort.trees,
        micros(search.signatures_cost),
        micros(search.blocks_cost)
    )
}

fn micros(nanos: f64) -> String {
    format!("{:.1} µs", nanos / 1000.0)
}
