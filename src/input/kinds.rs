//! From what the values of a column look like to its kind.

use super::InputWarning;
use super::looks::{Counts, Look, wider};
use super::missing::Words;
use reident_attacks::table::Kind;
use reident_reports::percent::percent_of;
use std::ops::Add;

/// Distinct values from which on integers of eight digits that are days are taken for days.
const COMPACT_FROM: usize = 3;

/// Digits from which on numbers that all have as many may be codes.
const CODE_WIDTH: u8 = 5;

/// What the values of a column are, each in the form of its table, over one table or several.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) counts: Counts,
    /// Fewest and most digits of what is digits and nothing else.
    pub(super) width: Option<(u8, u8)>,
}

impl Add for Shape {
    type Output = Shape;

    fn add(self, other: Shape) -> Shape {
        Shape { counts: self.counts + other.counts, width: wider(self.width, other.width) }
    }
}

/// Whether so many of so many are so few that they do not change a column's kind: at most 1 %.
pub(super) fn are_few(count: usize, total: usize) -> bool {
    100 * count <= total
}

impl Shape {
    fn of(&self, look: Look) -> usize {
        self.counts.of(look)
    }

    /// Rows with a value.
    pub(super) fn total(&self) -> usize {
        use Look::*;
        [Number, NotFinite, Code, TooLong, Boolean, Day, Second, Time, Text].into_iter().map(|look| self.of(look)).sum()
    }

    /// Whether there is no value at all.
    pub(super) fn is_empty(&self) -> bool {
        self.total() == 0
    }

    /// Whether any value is a day without a time.
    pub(super) fn has_days(&self) -> bool {
        self.of(Look::Day) > 0
    }

    /// The number of digits of every value, if they all are digits and have as many.
    pub(super) fn digits(&self) -> Option<usize> {
        let (fewest, most) = self.width?;
        (fewest == most && self.of(Look::Digits) == self.total()).then_some(usize::from(most))
    }

    /// The words that mean "missing" in the column.
    pub(super) fn missing_words(&self) -> Words {
        Words::missing_among(self.of(Look::TwoLetters), self.total())
    }

    /// The kind that all these values have, or all but a few; categorical if they have none in common.
    pub(super) fn kind(&self) -> Kind {
        let total = self.total();
        let [numbers, not_finite, codes, too_long, days, seconds] =
            [Look::Number, Look::NotFinite, Look::Code, Look::TooLong, Look::Day, Look::Second]
                .map(|look| self.of(look));
        let are_most = |count: usize| count > 0 && are_few(total - count, total);
        let compact = self.of(Look::Compact);
        let is_compact = compact > 0 && (days > 0 || self.of(Look::CompactDistinct) >= COMPACT_FROM);
        // Codes of one width with zeros before them are no numbers, however few of them begin with zeros.
        let is_coded = codes + too_long > 0
            && (!are_few(codes + too_long, total)
                || codes > 0 && self.width.is_some_and(|(fewest, most)| fewest == most));
        if total > 0 && self.of(Look::Boolean) == total {
            Kind::Boolean
        } else if are_most(days + if is_compact { compact } else { 0 }) {
            Kind::Date
        } else if are_most(days + seconds) {
            // Days that a program wrote with a midnight each are days.
            if seconds == self.of(Look::Midnight) { Kind::Date } else { Kind::DateTime }
        } else if are_most(self.of(Look::Time)) {
            Kind::DateTime
        } else if numbers > 0 && !is_coded && are_most(numbers + not_finite) {
            Kind::Numeric
        } else {
            Kind::Categorical
        }
    }

    /// Why a column is categorical although many of its values look like numbers or dates, and why it may be one of codes
    /// although it is numeric.
    pub(super) fn warnings(&self, column: &str, kind: Kind) -> Vec<InputWarning> {
        let total = self.total();
        let share = |count: usize| format!("{count} of {total} values ({})", percent_of(count, total));
        let warn = |name, count: usize, message: String| {
            vec![InputWarning::new(name, message).column(column).count(count, total)]
        };
        let [numbers, codes, too_long] = [Look::Number, Look::Code, Look::TooLong].map(|look| self.of(look));
        let digits = numbers + codes + too_long;
        let dates = self.of(Look::Day) + self.of(Look::Second) + self.of(Look::Time);
        if kind == Kind::Numeric && self.looks_like_codes() {
            let message = format!(
                "`{column}` looks like a code: {} are digits of one length, hardly any twice; if differences between \
                 them mean nothing, give it the kind categorical",
                share(self.of(Look::Digits))
            );
            return warn("looks_like_code", self.of(Look::Digits), message);
        }
        if kind != Kind::Categorical {
            return Vec::new();
        }
        let categorical = |name, count: usize, what: &str| {
            warn(name, count, format!("`{column}` is categorical: {} {what}", share(count)))
        };
        if too_long > 0 && digits == total {
            let what = "are integers with more digits than a number holds, so they are taken for identifiers";
            categorical("long_integers", too_long, what)
        } else if codes > 0 && digits == total {
            categorical("leading_zeros", codes, "begin with a zero: it looks like a code")
        } else if numbers > 0 {
            let what = "are numbers, the others are not; list those as null if the column is meant to be numeric";
            categorical("mixed_column", numbers, what)
        } else if dates > 0 {
            let what = "are dates or times, the others are not; list those as null if the column is meant to be one";
            categorical("mixed_column", dates, what)
        } else {
            Vec::new()
        }
    }

    /// Whether numbers are more like codes (of places, telephones, persons): many digits, as many in each, hardly repeated.
    fn looks_like_codes(&self) -> bool {
        let is_wide = self.width.is_some_and(|(fewest, most)| fewest == most && most >= CODE_WIDTH);
        let (rows, distinct) = (self.of(Look::Digits), self.of(Look::DigitsDistinct));
        is_wide && rows == self.total() && rows >= 20 && 10 * distinct >= 9 * rows
    }
}
