//! The result itself.

use crate::check::result::CheckResult;

pub(super) fn render(result: &CheckResult) -> String {
    let mut text = serde_json::to_string_pretty(result).expect("a result holds only finite numbers and text keys");
    text.push('\n');
    text
}
