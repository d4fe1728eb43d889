//! What a reader should know about a column.

use super::InputWarning;
use super::columns::ColumnCounts;
use super::form::{DayOrder, Decimal};
use super::forms::Forms;
use super::join::table_name;
use super::looks::Looks;
use reident_attacks::table::Kind;
use reident_reports::percent::percent_of;

/// A remark when tables on their own would have another kind than all together.
pub(super) fn kind_differs(name: &str, kind: Kind, looks: &[Option<Looks>], forms: &Forms) -> Option<InputWarning> {
    let own = |at: usize| looks[at].map(|looks| looks.under(forms.of_table[at])).filter(|shape| !shape.is_empty());
    let differing: Vec<String> = (0..looks.len())
        .filter_map(|at| Some((table_name(at), own(at)?.kind())))
        // A release of intervals looks categorical and is not; years, months and days of eight digits look like numbers.
        .filter(|(table, own)| *own != kind && !(*table == "anonymized" && *own == Kind::Categorical))
        .filter(|(table, own)| !(kind == Kind::Date && *own == Kind::Numeric && *table == "anonymized"))
        .map(|(table, own)| format!("{own} in the {table} table"))
        .collect();
    (!differing.is_empty()).then(|| {
        let message = format!("`{name}` is read as {kind}, but on its own it would be {}", differing.join(" and "));
        InputWarning::new("kind_differs", message).column(name)
    })
}

/// Remarks on the local forms in which a column was read, and on those that are a guess.
pub(super) fn forms(name: &str, kind: Kind, looks: &[Option<Looks>], forms: &Forms) -> Vec<InputWarning> {
    let is_date = matches!(kind, Kind::Date | Kind::DateTime);
    let tables = |places: &[usize]| places.iter().map(|at| table_name(*at)).collect::<Vec<_>>().join(", ");
    let mut warnings = Vec::new();
    let mut open = |places: &[usize], what: &str, set: &str| {
        if !places.is_empty() {
            let message = format!(
                "`{name}` in {}: {what}; the values do not tell, nor do the other columns. {set}",
                tables(places)
            );
            warnings.push(InputWarning::new("ambiguous_form", message).column(name));
        }
    };
    let set = |forms: &str| format!("Say which it is: {forms} in [columns.{name}] of the configuration");
    if kind == Kind::Numeric {
        let what = "a separator before three digits may stand for decimals or group thousands, and was read as ";
        let comma = forms.open_decimals.iter().any(|at| forms.of_table[*at].decimal == Decimal::Comma);
        let what = format!("{what}written with a decimal {}", if comma { "comma" } else { "point" });
        open(&forms.open_decimals, &what, &set("form = \"decimal_point\" or \"decimal_comma\""));
    }
    if is_date {
        let month = forms.open_orders.iter().any(|at| forms.of_table[*at].order == DayOrder::MonthFirst);
        let what = format!(
            "no day is above 12, so that day and month may be exchanged; the {} was taken for the first",
            if month { "month" } else { "day" }
        );
        open(&forms.open_orders, &what, &set("form = \"day_first\" or \"month_first\""));
        let what = "years of two digits may be of this century or of the last; 30 to 99 were taken for 1930 to 1999";
        open(&forms.open_years, what, "Write years with four digits");
    }
    let mut local: Vec<(usize, &str)> = Vec::new();
    for (at, looks) in looks.iter().enumerate().filter_map(|(at, looks)| Some((at, looks.as_ref()?))) {
        let (form, (spelled, foreign)) = (forms.of_table[at], looks.are_local());
        match kind {
            Kind::Numeric if form.decimal == Decimal::Comma && looks.has_separators() => {
                local.push((at, "decimal comma"))
            }
            Kind::Numeric if spelled => local.push((at, "separators or signs beside the digits")),
            _ if is_date && foreign => {
                local.push((
                    at,
                    if form.order == DayOrder::MonthFirst { "local dates, month first" } else { "local dates" },
                ));
            }
            _ => {}
        }
    }
    for what in ["decimal comma", "separators or signs beside the digits", "local dates", "local dates, month first"] {
        let places: Vec<usize> = local.iter().filter(|(_, own)| *own == what).map(|(at, _)| *at).collect();
        if !places.is_empty() {
            let message = format!("`{name}` was read in a local form in {}: {what}", tables(&places));
            warnings.push(InputWarning::new("local_form", message).column(name));
        }
    }
    warnings
}

/// A remark that numbers or dates are categories because of their hierarchy.
pub(super) fn categories_by_nodes(name: &str) -> InputWarning {
    let message = format!(
        "`{name}` is categorical: a node of its hierarchy covers values between which others lie, or the hierarchy has values that are \
         not of the column's kind"
    );
    InputWarning::new("nodes_are_no_intervals", message).column(name)
}

/// A remark that short numbers of the release were taken for the beginnings of longer ones.
pub(super) fn prefixes(name: &str) -> InputWarning {
    let message = format!(
        "`{name}` has fewer digits everywhere in anonymized than everywhere in the original: its numbers were taken for the \
         beginnings of the original's, as of postal codes"
    );
    InputWarning::new("prefixes_assumed", message).column(name)
}

/// The forms of generalized values that are read.
const READ: &str = ". Read are values, intervals (30-39, [30,40), under 30, 65+), masks (812**), sets ({a,b}), parts of years (2024-Q2, 2024-03) \
                    and the nodes of a --hierarchy";

/// Remarks on a column of the table at a place.
pub(super) fn of_table(name: &str, at: usize, rows: usize, counts: &ColumnCounts) -> Vec<InputWarning> {
    let table = table_name(at);
    let mut warnings = Vec::new();
    let mut warn = |warning: &'static str, count: usize, message: String| {
        warnings.push(InputWarning::new(warning, message).table(table).column(name).count(count, rows));
    };
    let share = |count: usize| format!("{count} of {rows} rows ({})", percent_of(count, rows));
    if counts.distinct + usize::from(counts.missing > 0) <= 1 {
        warn("constant_column", rows, format!("`{name}` holds one and the same value in all rows of {table}"));
    } else if counts.distinct == rows && table != "anonymized" && table != "control" {
        warn("unique_column", rows, format!("`{name}` holds a different value in every row of {table}"));
    }
    if counts.not_finite > 0 {
        let message =
            format!("`{name}` is NaN or infinite in {} of {table}: taken as missing", share(counts.not_finite));
        warn("not_finite", counts.not_finite, message);
    }
    if counts.words > 0 {
        let message =
            format!("`{name}` holds a word such as NA or NULL in {} of {table}: taken as missing", share(counts.words));
        warn("missing_words", counts.words, message);
    }
    if counts.texts > 0 {
        let message = format!(
            "`{name}` holds what is no value of its kind in {} of {table}: each such text is a value of its own, equal to \
             itself and far from any other{}",
            share(counts.texts),
            if table == "anonymized" { READ } else { "" }
        );
        warn(if table == "anonymized" { "unread_values" } else { "texts_among_values" }, counts.texts, message);
    }
    if counts.generalized > 0 {
        let message = format!("`{name}` is an interval, a set or a mask in {} of {table}", share(counts.generalized));
        warn("generalized", counts.generalized, message);
    }
    if counts.suppressed > 0 {
        warn(
            "suppressed",
            counts.suppressed,
            format!("`{name}` is suppressed in {} of {table}", share(counts.suppressed)),
        );
    }
    if counts.value_or_node > 0 {
        let message = format!(
            "`{name}` holds a label that is both a value and a node of its hierarchy in {} of {table}: taken for the node, which \
             covers the value too",
            share(counts.value_or_node)
        );
        warn("value_or_node", counts.value_or_node, message);
    }
    if counts.not_rounded > 0 {
        let message = format!(
            "`{name}` is no multiple of the unit that it is said to be rounded to in {} of {table}: taken as exact",
            share(counts.not_rounded)
        );
        warn("not_rounded", counts.not_rounded, message);
    }
    if counts.unseen > 0 {
        let few = 10 * counts.unseen < rows;
        let message = format!(
            "`{name}` holds a category that the original does not have in {} of {table}{}",
            share(counts.unseen),
            if few { "" } else { READ }
        );
        warn("unseen_category", counts.unseen, message);
    }
    warnings
}

/// A remark when values are missing in one of two tables only.
pub(super) fn nulls_in_one(name: &str, rows: [usize; 2], counts: [&ColumnCounts; 2]) -> Option<InputWarning> {
    let (at, advice) = match (counts[0].missing, counts[1].missing) {
        (1.., 0) => (0, "if a text of the release means missing, list it as null"),
        (0, 1..) => (
            1,
            "if the release leaves out what it does not tell, pass --missing-is-suppressed; if a text of the original means missing, list it as null",
        ),
        _ => return None,
    };
    let (table, other) = (table_name(at), table_name(1 - at));
    let missing = counts[at].missing;
    let message = format!("`{name}` has {missing} missing values in {table} and none in {other}: {advice}");
    Some(InputWarning::new("nulls_in_one_table", message).table(table).column(name).count(missing, rows[at]))
}
