//! Columns that cannot be compared, and columns that only number the rows: left out of every attacker, and said.

use super::columns::Availability;
use super::file::RawTable;
use super::join::Joined;
use super::{InputWarning, ReadOptions};
use reident_attacks::comparison::column::{self, Meeting};
use reident_attacks::comparison::numbering::{self, numbers_rows};
use reident_attacks::comparison::tokens::{self, Look};
use reident_attacks::table::{JointColumn, Tables};
use reident_reports::evidence::Finding;

/// How a column that original and release share meets the release.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compared {
    /// The original's values against the release's.
    pub original: Meeting,
    /// The control's values against the release's; the share that evidence shows.
    pub control: Option<Meeting>,
    /// The control's values against those of the original and the release together.
    pub control_against_all: Option<Meeting>,
    /// Share of the release's rows that hold what was not read, or what no person has although it is frequent.
    pub unread: f64,
    /// What the release's values look like, where the column cannot be compared.
    pub look: Option<Look>,
}

impl Compared {
    /// Whether original and release can meet, and the control's values are written as theirs.
    pub fn is_comparable(&self) -> bool {
        self.original.comparable && self.control_meets()
    }

    /// Whether the control's values are written as the others'.
    pub(super) fn control_meets(&self) -> bool {
        self.control_against_all.is_none_or(|meeting| meeting.comparable)
    }
}

/// What an attacker can do with a column that original and release share, and that the attacker may use.
pub(super) fn assess(name: &str, options: &ReadOptions, joined: &Joined) -> (Availability, Option<Compared>) {
    let JointColumn { domain, tables } = &joined.column;
    let (Some(original), Some(release)) = (tables.first(), tables.get(1)) else {
        return (Availability::Attackable, None);
    };
    let control = tables.get(2);
    if !options.named.iter().any(|named| named == name) && numbers_rows(domain, original, Some(release), control) {
        return (Availability::RowNumber, None);
    }
    let meeting = column::with_release(domain, original, release);
    let control_meets = control.map(|control| column::with_release(domain, control, release));
    let against_all = control.map(|control| column::of_control(domain, control, original, Some(release)));
    let mut compared = Compared {
        original: meeting,
        control: control_meets,
        control_against_all: against_all,
        unread: column::unread(domain, original, control, release),
        look: None,
    };
    if compared.is_comparable() {
        return (Availability::Attackable, Some(compared));
    }
    compared.look = (!meeting.comparable).then(|| tokens::look(domain, original, release));
    (Availability::Incomparable, Some(compared))
}

/// What an attacker could do with a column of an original that has no release yet.
pub(super) fn alone(name: &str, options: &ReadOptions, joined: &Joined) -> Availability {
    let JointColumn { domain, tables } = &joined.column;
    let is_named = options.named.iter().any(|named| named == name);
    match &tables[..] {
        _ if options.record_key.as_deref() == Some(name) => Availability::RecordKey,
        _ if options.subject_key.as_deref() == Some(name) => Availability::SubjectKey,
        _ if options.is_token(name) => Availability::Token,
        _ if !options.is_selected(name) => Availability::NotSelected,
        [only] if !is_named && numbers_rows(domain, only, None, None) => Availability::RowNumber,
        _ => Availability::Attackable,
    }
}

/// The remark on a column that only numbers the rows.
pub(super) fn row_number(name: &str) -> InputWarning {
    let message = format!(
        "`{name}` only numbers the rows and is left out; if it is an attribute, give it a role in the configuration"
    );
    InputWarning::new("row_number", message).column(name)
}

/// One remark for all columns that cannot be compared.
pub(super) fn remark(columns: &[(&str, Compared)]) -> Option<InputWarning> {
    let [first, ..] = columns else { return None };
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for (name, compared) in columns {
        let (name, counts) = (format!("`{name}`"), counts(compared));
        match groups.iter_mut().find(|(of_group, _)| *of_group == counts) {
            Some((_, names)) => names.push(name),
            None => groups.push((counts, vec![name])),
        }
    }
    let described: Vec<String> =
        groups.iter().map(|(counts, names)| format!("{} ({counts})", names.join(", "))).collect();
    let subject = if columns.len() == 1 {
        "1 column cannot be compared and is left out of every attacker".to_owned()
    } else {
        format!("{} columns cannot be compared and are left out of every attacker", columns.len())
    };
    let message = format!(
        "{subject}: {}. Write their values in one form in all files, give the nodes of labels for groups with --hierarchy, or give a \
         column that was replaced by tokens the role \"token\"",
        described.join(", ")
    );
    let warning = InputWarning::new("incomparable_columns", message);
    Some(if columns.len() == 1 { warning.column(first.0) } else { warning })
}

/// How few values meet, in counts.
fn counts(compared: &Compared) -> String {
    let (meeting, whose, has, beside) =
        match compared.control_against_all.as_ref().filter(|_| compared.original.comparable) {
            Some(control) => (control, "control", "neither the original nor the release has", "the original"),
            None => (&compared.original, "original", "the release does not have", "the release"),
        };
    let Meeting { rows, meeting: met, distance, .. } = *meeting;
    if 2 * met <= rows {
        format!("{} of {rows} {whose} rows hold values that {has}", rows - met)
    } else {
        format!("the {whose} is on another scale than {beside}: their distributions are {distance:.2} apart")
    }
}

/// Whether a column that only the release has may hold something of the persons: more than one value, and not the numbers of the rows.
pub(super) fn holds_something(column: &JointColumn) -> bool {
    let JointColumn { domain, tables } = column;
    tables.first().is_some_and(|column| column.distinct > 1 && !numbers_rows(domain, column, None, None))
}

/// One remark for all columns that only the release has and that may hold something of the persons.
pub(super) fn uncompared(columns: &[String]) -> Option<InputWarning> {
    let named: Vec<String> = columns.iter().map(|name| format!("`{name}`")).collect();
    (!named.is_empty()).then(|| {
        let message = format!(
            "{} of the release {} no counterpart in the original, so that no attacker compared {}: what they hold of its persons, in whatever \
             writing, is not known, and no gate passes. Release without them, give the original the columns that they were made from \
             under the same names, or, where they hold nothing of a person, give them the role \"ignored\"",
            named.join(", "),
            if named.len() == 1 { "has" } else { "have" },
            if named.len() == 1 { "it" } else { "them" },
        );
        InputWarning::new("uncompared_columns", message).table("anonymized")
    })
}

/// One remark for the columns of the release that the configuration ignores.
pub(super) fn ignored(options: &ReadOptions, anonymized: &RawTable) -> Option<InputWarning> {
    let named: Vec<String> =
        options.ignore.iter().filter(|name| anonymized.has(name)).map(|name| format!("`{name}`")).collect();
    (!named.is_empty()).then(|| {
        let message = format!(
            "{} of the release {} ignored as the configuration says: nobody looked at what it holds, direct identifiers included, and the verdict \
             is not about it",
            named.join(", "),
            if named.len() == 1 { "is" } else { "are" },
        );
        InputWarning::new("ignored_columns", message).table("anonymized")
    })
}

/// What it means that a column cannot be compared, and what to do.
pub(super) fn finding(name: &str, compared: &Compared) -> Finding {
    let (kind, how, needs) = match compared.look {
        Some(Look::Hashes) => ("token_column", "looks_like_hashes", "role_or_mapping_table"),
        Some(Look::LabelCodes) => ("token_column", "codes_for_labels", "list_of_labels"),
        Some(Look::OneToOne) => ("token_column", "one_for_one", "role_or_mapping_table"),
        Some(Look::Spelling) => ("incomparable_column", "spelt_otherwise", "one_spelling"),
        Some(Look::Scale) => ("incomparable_column", "another_scale", "one_unit"),
        Some(Look::Unknown) => ("incomparable_column", "no_reason_shows", "one_form"),
        None => ("incomparable_column", "control_written_otherwise", "control_as_the_others"),
    };
    let meeting =
        if compared.original.comparable { compared.control_against_all.as_ref() } else { Some(&compared.original) };
    Finding {
        kind: kind.to_owned(),
        column: Some(name.to_owned()),
        rows: meeting.map(|meeting| (meeting.rows - meeting.meeting) as u64),
        among: meeting.map(|meeting| meeting.rows as u64),
        how: how.to_owned(),
        needs: Some(needs.to_owned()),
        ..Finding::default()
    }
}

/// A column that the configuration says holds tokens.
pub(super) fn declared_token(name: &str) -> Finding {
    Finding {
        kind: "token_column".to_owned(),
        column: Some(name.to_owned()),
        how: "declared_tokens".to_owned(),
        needs: Some("mapping_table".to_owned()),
        ..Finding::default()
    }
}

/// A column that only numbers the rows, as it was read.
pub(super) struct RowNumbers {
    pub(super) name: String,
    pub(super) column: JointColumn,
}

/// What there is to say about columns that number the rows.
pub(super) fn row_numbers(columns: &[RowNumbers], tables: &Tables) -> (Vec<InputWarning>, Vec<Finding>) {
    let (mut warnings, mut findings) = (Vec::new(), Vec::new());
    for RowNumbers { name, column } in columns {
        warnings.push(row_number(name));
        let [original, release, ..] = &column.tables[..] else { continue };
        let pairs = numbering::pairs(&column.domain, original, release);
        let found = numbering::following(&pairs, [&tables.original, &tables.anonymized]);
        if found.follows {
            findings.push(Finding {
                kind: "row_order".to_owned(),
                column: Some(name.clone()),
                rows: Some(found.pairs as u64),
                how: "rows_of_one_number_agree".to_owned(),
                needs: Some("original_order".to_owned()),
                ..Finding::default()
            });
        }
    }
    (warnings, findings)
}
