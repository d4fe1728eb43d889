//! Which name was meant by one that is not there.

use crate::visible::visible;

/// Names less alike than this are not proposed: 0 shares no letter, 1 is the same (Winkler 1990, "String comparator metrics").
const ALIKE: f64 = 0.75;

/// The name that comes nearest to one that is not there, if any is near; of several equally near ones the first.
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let lower = name.to_lowercase();
    let alike = names
        .into_iter()
        .map(|candidate| (similarity(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(similarity, _)| *similarity >= ALIKE);
    let best = alike.reduce(|best, other| if other.0 > best.0 { other } else { best });
    best.map(|(_, candidate)| candidate.to_owned())
}

/// The similarity of two names. Two letters that changed places make short names unlike each other (`jbo`, `job`), and one mistake is one
/// mistake (Damerau 1964, Communications of the ACM 7:171).
fn similarity(name: &str, other: &str) -> f64 {
    let one_mistake = name.chars().count() > 2 && strsim::damerau_levenshtein(name, other) == 1;
    let alike = strsim::jaro_winkler(name, other);
    if one_mistake { alike.max(ALIKE) } else { alike }
}

/// The question at the end of a message about a name that is not there; empty when none is near.
pub fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{}`?", visible(name)))
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn what_is_near_is_proposed_and_what_is_not_is_not() {
        let names = ["age", "job", "postcode", "AGE GROUP"];
        assert_eq!(nearest("agee", names).as_deref(), Some("age"));
        assert_eq!(nearest("Postcde", names).as_deref(), Some("postcode"));
        assert_eq!(nearest("jbo", names).as_deref(), Some("job"));
        assert_eq!(nearest("zip", names), None);
        assert_eq!(did_you_mean(Some("a\nb")), "; did you mean `a\\nb`?");
        assert_eq!(did_you_mean(None), "");
    }
}
