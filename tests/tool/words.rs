//! Every remark and finding that evidence may hold has a sentence in both languages.

use std::collections::BTreeSet;
use std::path::Path;

/// What stands before the code of a remark in the sources.
const BEFORE: [&str; 4] = ["warning(", "InputWarning::new(", "warn(", "categorical("];

#[test]
fn every_code_has_a_sentence_in_both_languages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut codes, mut kinds) = (BTreeSet::new(), BTreeSet::new());
    let (mut ways, mut needs) = (BTreeSet::new(), BTreeSet::new());
    for place in ["src", "reports/src/build", "reports/src/build.rs"] {
        read(&root.join(place), &mut |text| {
            for (before, literal, after) in literals(text) {
                let line = before.rsplit('\n').next().unwrap_or_default();
                let before = before.trim_end();
                let called = BEFORE.iter().any(|call| before.ends_with(call))
                    || before.ends_with('(') && after.trim_start().starts_with(", format!(")
                    || line.contains("warn(if") && !after.starts_with(" {")
                    || line.contains("_LIMITED: &str")
                    || line.contains("CONSTANT_SECRET: &str")
                    || line.contains("_TOO_WIDE: &str")
                    || line.contains("GAINS_NOTHING: &str")
                    || line.contains("NOT_COMPARABLE: &str");
                if called {
                    codes.insert(literal.to_owned());
                }
                if before.ends_with("how:") || line.contains("copied(&") {
                    ways.insert(literal.to_owned());
                }
                if before.ends_with("needs: Some(") {
                    needs.insert(literal.to_owned());
                }
                // The ways in which columns cannot be compared stand in one table: kind, how, needs.
                if line.contains("Look::") || line.contains("None => (\"incomparable_column\"") {
                    match line.matches('"').count() {
                        2 => ways.insert(literal.to_owned()),
                        4 => needs.insert(literal.to_owned()),
                        _ => false,
                    };
                }
                if before.ends_with("kind:") || before.ends_with("=> (") && literal.ends_with("_column") {
                    kinds.insert(literal.to_owned());
                }
            }
        });
    }
    for known in [
        "no_control",
        "constant_column",
        "unread_values",
        "secrets_limited",
        "missing_from_release",
        "forest_gains_nothing",
    ] {
        assert!(codes.contains(known), "the search does not find {known}: {codes:?}");
    }
    for known in ["direct_identifier", "token_column", "incomparable_column", "row_order"] {
        assert!(kinds.contains(known), "the search does not find {known}: {kinds:?}");
    }
    for known in
        ["values_of_another_column", "rows_of_one_number_agree", "looks_like_hashes", "control_written_otherwise"]
    {
        assert!(ways.contains(known), "the search does not find {known}: {ways:?}");
    }
    for known in ["reading_it", "one_name_for_both", "one_unit", "control_as_the_others"] {
        assert!(needs.contains(known), "the search does not find {known}: {needs:?}");
    }
    for language in ["en", "zh"] {
        let file = format!("reports/messages/{language}.toml");
        let messages: toml::Table = std::fs::read_to_string(root.join(&file)).unwrap().parse().unwrap();
        let said = |family: &str| messages[family].as_table().unwrap().keys().cloned().collect::<BTreeSet<String>>();
        let (remarks, findings) = (said("warning"), said("finding"));
        let absent: Vec<_> = codes.difference(&remarks).collect();
        assert!(absent.is_empty(), "remarks without a sentence in {file}: {absent:?}");
        let of_findings = |family: &str| {
            messages["finding"][family].as_table().unwrap().keys().cloned().collect::<BTreeSet<String>>()
        };
        let (known_ways, known_needs) = (of_findings("how"), of_findings("needs"));
        let absent: Vec<_> = ways.difference(&known_ways).collect();
        assert!(absent.is_empty(), "ways of finding without words in {file}: {absent:?}");
        let absent: Vec<_> = needs.difference(&known_needs).collect();
        assert!(absent.is_empty(), "what an intruder needs without words in {file}: {absent:?}");
        let absent: Vec<_> = kinds.difference(&findings).collect();
        assert!(absent.is_empty(), "findings without a sentence in {file}: {absent:?}");
    }
}

/// Texts that look like codes, with what stands before and after them; tests within a file left out.
fn literals(text: &str) -> Vec<(&str, &str, &str)> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let quotes: Vec<usize> = text.match_indices('"').map(|(at, _)| at).collect();
    let between = quotes.windows(2).filter_map(|pair| {
        let [open, close] = *pair else { return None };
        let literal = &text[open + 1..close];
        let is_code = !literal.is_empty() && literal.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        is_code.then(|| (&text[..open], literal, &text[close + 1..]))
    });
    between.collect()
}

/// All sources under a place, test files left out.
fn read(place: &Path, of: &mut impl FnMut(&str)) {
    if place.is_file() {
        return of(&std::fs::read_to_string(place).unwrap());
    }
    for entry in std::fs::read_dir(place).unwrap() {
        let path = entry.unwrap().path();
        let is_test = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("test"));
        if !is_test {
            read(&path, of);
        }
    }
}
