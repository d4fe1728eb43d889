//! How text files are read: arguments that several commands share.

use crate::input::column_name;
use crate::settings::Overrides;
use clap::Args;
use std::path::PathBuf;

/// How text files are read.
#[derive(Debug, Clone, Default, Args)]
pub struct ReadArgs {
    /// Text that means a missing value, besides the empty one; may be repeated
    #[arg(long = "null", value_name = "TEXT", allow_hyphen_values = true)]
    pub nulls: Vec<String>,
    /// Text that means a suppressed value in the release, instead of `*`; may be repeated, and "" stands for what is missing
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub suppressed: Vec<String>,
    /// What is missing in the release was suppressed, and may stand for any value
    #[arg(long)]
    pub missing_is_suppressed: bool,
    /// Character between the fields of CSV files, instead of the one found; `tab` for a tabulator
    #[arg(long, value_name = "CHAR", value_parser = delimiter)]
    pub delimiter: Option<char>,
    /// Encoding of text files, instead of the one found (utf-8, gb18030, utf-16le, …)
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// Sheet of the workbooks (xlsx, xls, ods), where they have several
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Hierarchy of a column: a file whose lines name a value and the node that covers it on each level; may be repeated
    #[arg(long = "hierarchy", value_name = "COLUMN=FILE", value_parser = hierarchy)]
    pub hierarchies: Vec<(String, PathBuf)>,
    /// Bytes that a compressed file may unpack to, such as 20G [default: a hundred times its size, 256M to 8G]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub max_size: Option<u64>,
}

impl ReadArgs {
    /// What they set over the configuration file.
    pub fn overrides(self) -> Overrides {
        Overrides {
            nulls: self.nulls,
            suppressed: self.suppressed,
            missing_is_suppressed: self.missing_is_suppressed,
            delimiter: self.delimiter,
            encoding: self.encoding,
            sheet: self.sheet,
            max_size: self.max_size,
            hierarchies: self.hierarchies,
            ..Overrides::default()
        }
    }
}

/// A number of bytes, with `K`, `M`, `G` or `T` for 1024 and its powers.
fn size(text: &str) -> Result<u64, String> {
    let upper = text.to_ascii_uppercase();
    let number = upper.trim_end_matches("IB").trim_end_matches('B');
    let power = number.chars().last().and_then(|unit| "KMGT".find(unit)).map_or(0, |at| at as u32 + 1);
    let digits = number.trim_end_matches(['K', 'M', 'G', 'T']);
    let bytes = digits.parse::<u64>().ok().and_then(|count| count.checked_mul(1024u64.pow(power)));
    bytes.filter(|bytes| *bytes > 0).ok_or_else(|| "give a number of bytes, such as 500M or 20G".to_owned())
}

/// A column and a file.
pub fn hierarchy(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((column, file)) if !column.is_empty() && !file.is_empty() => Ok((column_name(column), file.into())),
        _ => Err("give a column and a file, such as age=age.csv".to_owned()),
    }
}

fn delimiter(text: &str) -> Result<char, String> {
    let mut chars = text.chars();
    match (text, chars.next(), chars.next()) {
        ("tab" | "\\t", _, _) => Ok('\t'),
        (_, Some(one), None) if one.is_ascii() && !one.is_alphanumeric() && one != '"' => Ok(one),
        _ => Err("give one ASCII character, or `tab`".to_owned()),
    }
}
