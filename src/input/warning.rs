//! What a reader should know about the tables although they could be read.

use reident_reports::percent::percent_of;
use std::collections::HashMap;

/// Remarks after which figures may not mean what they seem to: they are told first.
const DECISIVE: [&str; 6] =
    ["ambiguous_form", "incomparable_columns", "unread_values", "prefixes_assumed", "kind_differs", "mixed_column"];

/// Columns from which on one remark is told of all of them.
const GROUPED_FROM: usize = 3;

/// A remark on a file or a column: a name for machines, counts, and a sentence. It never holds the value of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputWarning {
    /// Stable name, such as `constant_column`.
    pub name: &'static str,
    /// The table it is about: `original`, `anonymized`, `control`, or the path of an inspected file.
    pub table: Option<String>,
    /// The column it is about.
    pub column: Option<String>,
    /// How many rows (or other things that the sentence names) it concerns.
    pub count: Option<usize>,
    /// Out of how many.
    pub total: Option<usize>,
    /// The sentence.
    pub message: String,
}

impl InputWarning {
    pub(super) fn new(name: &'static str, message: String) -> InputWarning {
        InputWarning { name, table: None, column: None, count: None, total: None, message }
    }

    pub(super) fn table(mut self, table: &str) -> InputWarning {
        self.table = Some(table.to_owned());
        self
    }

    pub(super) fn column(mut self, column: &str) -> InputWarning {
        self.column = Some(column.to_owned());
        self
    }

    pub(super) fn count(mut self, count: usize, total: usize) -> InputWarning {
        self.count = Some(count);
        self.total = Some(total);
        self
    }
}

/// Remarks as they are told: the same remark on several columns once, with the columns, and those that decide first.
pub(super) fn told(warnings: Vec<InputWarning>) -> Vec<InputWarning> {
    // What is said of a column without its name and its numbers.
    let said = |warning: &InputWarning| {
        let column = warning.column.as_ref()?;
        let text = warning.message.replace(&format!("`{column}`"), "").replace(&format!("columns.{column}]"), "");
        let text: String = text.chars().filter(|c| !c.is_ascii_digit() && *c != '.').collect();
        Some((warning.name, warning.table.clone(), text))
    };
    let mut groups: Vec<Vec<InputWarning>> = Vec::new();
    let mut places = HashMap::new();
    for warning in warnings {
        match said(&warning) {
            None => groups.push(vec![warning]),
            Some(said) => {
                let at = *places.entry(said).or_insert_with(|| {
                    groups.push(Vec::new());
                    groups.len() - 1
                });
                groups[at].push(warning);
            }
        }
    }
    let mut told: Vec<InputWarning> = groups
        .into_iter()
        .flat_map(|group| if group.len() < GROUPED_FROM { group } else { vec![of_all(&group)] })
        .collect();
    told.sort_by_key(|warning| DECISIVE.iter().position(|name| *name == warning.name).unwrap_or(DECISIVE.len()));
    told
}

/// One remark for the same on several columns.
fn of_all(group: &[InputWarning]) -> InputWarning {
    let other = |warning: &InputWarning| {
        let share = warning.count.zip(warning.total).filter(|(count, total)| count < total);
        let share = share.map(|(count, total)| format!(" ({})", percent_of(count, total)));
        format!("`{}`{}", warning.column.as_deref().unwrap_or_default(), share.unwrap_or_default())
    };
    let others: Vec<String> = group[1..].iter().map(other).collect();
    let message = format!("{}; likewise {} more columns: {}", group[0].message, others.len(), others.join(", "));
    InputWarning { column: None, count: None, total: None, message, ..group[0].clone() }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn the_same_remark_on_many_columns_is_told_once_and_what_decides_first() {
        let suppressed = |column: &str, count: usize| {
            let message = format!("`{column}` is suppressed in {count} of 50 rows");
            InputWarning::new("suppressed", message).table("anonymized").column(column).count(count, 50)
        };
        let differs = InputWarning::new("kind_differs", "`z` is numeric".to_owned()).column("z");
        let of_file = InputWarning::new("encoding_guessed", "a".to_owned()).table("control");
        let all = vec![suppressed("a", 1), of_file.clone(), suppressed("b", 2), suppressed("c1", 25), differs.clone()];
        let found = told(all);
        assert_eq!([&found[0], &found[2]], [&differs, &of_file]);
        let text = "`a` is suppressed in 1 of 50 rows; likewise 2 more columns: `b` (4.00%), `c1` (50.0%)";
        assert_eq!((found[1].message.as_str(), found.len()), (text, 3));
        let two = vec![suppressed("a", 1), suppressed("b", 2)];
        assert_eq!(told(two.clone()), two);
    }
}
