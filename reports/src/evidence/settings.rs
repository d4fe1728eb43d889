//! The settings on record, and the one list of those that a configuration file and the command line can give.

use super::{Context, QuasiIdentifiers};
use reident_attacks::evaluation::AttackKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Hands every setting that is one value or one list to a macro: each is written here once. From a line follow its field in the
/// evidence, with the schema and the row of the report; its key in the configuration file and the line of the file that `init` writes;
/// its argument; and that the argument counts before the file, and the file before the default. What is left to write are its words in
/// `reports/messages`, and who acts on it.
///
/// A line is
///
/// ```text
/// /// What it is: of the schema, of the file of `init` and, where the argument has no `help` of its own, of the command line.
/// #[serde(…)]      whether the evidence can lack it: needed for what is new, for older evidence lacks it
/// name: T          its key, and its type in the file and as an argument
///     as R         its type on record, where that is another one
///     = default    on record where nobody gave it
///     , such as x  what the file of `init` shows, where that is not the default
///     , argument [clap's attributes, besides `long`];
/// ```
///
/// The blocks stand in the order of the evidence's keys. Those from `run` to `control` are arguments of commands that attack, `missing` and
/// `files` of all that read tables, and `unsaid` are keys of the file alone.
#[macro_export]
macro_rules! settings {
    ($then:ident) => {
        $then! {
            run {
                /// Seed of all random draws.
                seed: u64 = 0, argument [];
                /// How many seeds, from that one on, predicates and splits are drawn with; all their attackers are judged together.
                #[serde(default = "one", skip_serializing_if = "is_one")]
                seeds: u64 = 1, argument [value_name = "N"];
                /// Also play what is costly: models that are trained on the release and guess secrets, and a search for the columns that expose most.
                #[serde(default, skip_serializing_if = "std::ops::Not::not")]
                thorough: bool = false, argument [num_args = 0, default_missing_value = "true"];
                /// Two-sided confidence of every interval.
                confidence: f64 = 0.95, argument [value_name = "SHARE"];
                /// Attacks to run.
                only: Vec<AttackName> as Vec<AttackKind> = $crate::evidence::all_but_membership(), argument [
                    help = "Attacks to run [default: all but membership]", value_delimiter = ',', value_parser = attack::parser()
                ];
                /// Records attacked of each table: a number, or all (on record: null).
                attacks: Attacks as Option<u64> = None, such as "all", argument [
                    help = "Records attacked of each table, and predicates of singling out: a number, or `all` records and up to 20000 predicates",
                    value_name = "N|all"
                ];
            }
            missing {
                /// Texts that mean a missing value, besides the empty one.
                nulls: Vec<String> = Vec::<String>::new(), argument [
                    help = "Text that means a missing value, besides the empty one; may be repeated",
                    long = "null", value_name = "TEXT", allow_hyphen_values = true
                ];
                /// Texts that mean a suppressed value in the release.
                suppressed: Vec<String> = vec!["*".to_owned()], argument [
                    help = "Text that means a suppressed value in the release, instead of `*`; may be repeated, and \"\" stands for what is missing",
                    value_name = "TEXT", allow_hyphen_values = true
                ];
                /// What is missing in the release was suppressed, and may stand for any value.
                #[serde(default, skip_serializing_if = "std::ops::Not::not")]
                missing_is_suppressed: bool = false, argument [num_args = 0, default_missing_value = "true"];
            }
            files {
                /// Character between the fields of CSV files; found in the file where none is given (on record: null).
                delimiter: char as Option<char> = None, such as ",", argument [
                    help = "Character between the fields of CSV files, instead of the one found; `tab` for a tabulator",
                    value_name = "CHAR", value_parser = delimiter
                ];
                /// Encoding of text files, as utf-8, gb18030 or utf-16le; found in the file where none is given (on record: null).
                encoding: String as Option<String> = None, such as "utf-8", argument [
                    help = "Encoding of text files, instead of the one found (utf-8, gb18030, utf-16le, …)", value_name = "NAME"
                ];
                /// Sheet of the workbooks (xlsx, xls, ods), where they have several.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                sheet: String as Option<String> = None, such as "Sheet1", argument [value_name = "NAME"];
            }
            rows {
                /// Each release row came from the original row in the same place.
                #[serde(default, skip_serializing_if = "std::ops::Not::not")]
                row_aligned: bool = false, argument [num_args = 0, default_missing_value = "true"];
            }
            control {
                /// Accept a control that repeats rows or persons of the original or stands in the release; no gate passes on it.
                allow_overlapping_control: bool = false, argument [num_args = 0, default_missing_value = "true"];
            }
            unsaid {
                /// Columns by whose values persons are looked at apart, besides outliers and holders of rare values (null: nobody looked).
                #[serde(default, skip_serializing_if = "Option::is_none")]
                groups: Vec<String> as Option<Vec<String>> = Some(Vec::new()), such as ["district"];
            }
        }
    };
}

/// The type of a setting on record.
macro_rules! recorded {
    ($type:ty) => {
        $type
    };
    ($type:ty as $recorded:ty) => {
        $recorded
    };
}

/// Makes [`Settings`] of fields as the list has them.
macro_rules! fields {
    ($(
        $(#[doc = $about:tt])+
        $(#[serde $serde:tt])?
        $name:ident: $type:ty $(as $recorded:ty)? = $default:expr $(, such as $example:tt)? $(, argument $argument:tt)?;
    )*) => {
        /// Resolved settings.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct Settings {
            $($(#[doc = $about])+ $(#[serde $serde])? pub $name: recorded!($type $(as $recorded)?),)*
        }

        impl Default for Settings {
            fn default() -> Settings {
                Settings { $($name: $default,)* }
            }
        }
    };
}

/// Puts between the blocks of the list what follows from columns, from the sections of the attacks and from the tables.
macro_rules! on_record {
    (
        run { $($run:tt)* }
        missing { $($missing:tt)* }
        files { $($files:tt)* }
        rows { $($rows:tt)* }
        control { $($control:tt)* }
        unsaid { $($unsaid:tt)* }
    ) => {
        fields! {
            $($run)*
            /// Predicates asked for from each singling-out attacker.
            predicates: u64 = 20_000;
            /// Nearest records among which the two files of linkability meet (k).
            linkability_neighbors: u64 = 1;
            /// Nearest records that vote on a guess of inference (k).
            inference_neighbors: u64 = 1;
            /// Relative tolerance of a numeric guess.
            tolerance: f64 = 0.05;
            /// Tolerance of a guessed date (days) or time (seconds).
            date_tolerance: f64 = 0.0;
            $($missing)*
            /// Local forms that were fixed, by column.
            #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
            forms: BTreeMap<String, String> = BTreeMap::new();
            /// SHA-256 of the hierarchies that columns were read by, by column.
            #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
            hierarchies: BTreeMap<String, String> = BTreeMap::new();
            /// Units to multiples of which the release's numbers are rounded, by column: they stand for all that is at most half a unit away.
            #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
            rounding: BTreeMap<String, f64> = BTreeMap::new();
            /// Widths of bands of which the release's numbers are the middles, by column.
            #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
            midpoints: BTreeMap<String, f64> = BTreeMap::new();
            $($files)*
            /// Kinds that were fixed, by column.
            kinds: BTreeMap<String, String> = BTreeMap::new();
            /// Columns left out on request.
            ignored: Vec<String> = Vec::new();
            /// Columns in whose place the release holds tokens, on request: used by nobody.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            tokens: Vec<String> = Vec::new();
            /// Column that says which release record is whose; never known to an attacker.
            record_key: Option<String> = None;
            /// Whether a file said which release row came from which original row.
            #[serde(default, skip_serializing_if = "std::ops::Not::not")]
            record_map: bool = false;
            $($rows)*
            /// Column that groups rows by person; never known to an attacker.
            subject_key: Option<String> = None;
            $($control)*
            /// The columns by which persons could be recognized, and who says so; null in evidence of before classes were counted.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            quasi_identifiers: Option<QuasiIdentifiers> = None;
            /// Which data set it is, for whom, how it is shared and when, as stated.
            #[serde(default, skip_serializing_if = "Context::is_empty")]
            context: Context = Context::default();
            $($unsaid)*
        }
    };
}

settings!(on_record);

/// The attacks of a run that names none: membership is played when it is asked for by name.
pub fn all_but_membership() -> Vec<AttackKind> {
    AttackKind::ALL.iter().copied().filter(|attack| *attack != AttackKind::Membership).collect()
}

fn one() -> u64 {
    1
}

fn is_one(value: &u64) -> bool {
    *value == 1
}
