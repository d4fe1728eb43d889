//! `--explain`: how the answers were searched for, and why so.

use reident_attacks::agreement::AgreementPlan;
use reident_attacks::evaluation::Evaluation;
use reident_attacks::matcher::Search;
use reident_attacks::neighbors::{SearchPlan, Strategy};
use reident_attacks::table::Tables;
use std::fmt::Write;

/// One paragraph per search. It tells names of columns and counts, and no value of a cell.
pub fn text(tables: &Tables, results: &Evaluation) -> String {
    let names = |columns: &[usize]| {
        columns.iter().map(|column| tables.columns[*column].name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let mut text = String::from("How the nearest records, and those that agree most, were searched for\n");
    for (at, result) in results.attackers.iter().enumerate() {
        let attack = result.attacker.kind().argument();
        for search in &result.searches {
            let _ = writeln!(text, "\n{attack}, attacker {}, on {}", at + 1, names(search.columns()));
            let _ = match search {
                Search::Distance(search) => distance(&mut text, search, &names),
                Search::Agreement(search) => agreement(&mut text, search, &names),
            };
        }
    }
    text
}

fn distance(text: &mut String, search: &SearchPlan, names: &dyn Fn(&[usize]) -> String) -> std::fmt::Result {
    writeln!(text, "  {}", choice(search))?;
    if !search.posted.is_empty() {
        let posted = names(&search.posted);
        writeln!(
            text,
            "  {posted} hardly repeats: records that share its value are looked up, all others differ in it"
        )?;
    }
    writeln!(text, "  {}", pilot(search))
}

fn agreement(text: &mut String, search: &AgreementPlan, names: &dyn Fn(&[usize]) -> String) -> std::fmt::Result {
    writeln!(
        text,
        "  {} distinct records, {} distinct questions: agreement, by branch and bound over blocks of records",
        search.profiles, search.questions
    )?;
    let costs = search.columns.iter().zip(&search.costs);
    let costs: Vec<String> = costs.map(|(column, cost)| format!("{} {cost:.2}", names(&[*column]))).collect();
    writeln!(
        text,
        "  a disagreement costs, learned from {} of the questions without true pairs: {}",
        search.sampled,
        costs.join(", ")
    )?;
    if !search.looked_up.is_empty() {
        writeln!(
            text,
            "  {} has many cells that cover others: what each gives is looked up",
            names(&search.looked_up)
        )?;
    }
    let each = |count: u64| count as f64 / search.sampled.max(1) as f64;
    writeln!(
        text,
        "  of those a question took the sums of {:.1} blocks of 64 and the scores of {:.1} records",
        each(search.blocks),
        each(search.scored)
    )
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
