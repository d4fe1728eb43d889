//! Chains that are whole, cut, changed, reordered.

use super::sample::{entry, log_text};
use proptest::prelude::*;
use reident_reports::attest::log::{GENESIS, Head, LogError, append, verify};

fn lines(numbers: &[usize]) -> String {
    let text = log_text();
    let lines: Vec<&str> = text.lines().collect();
    numbers.iter().map(|number| format!("{}\n", lines[number - 1])).collect()
}

fn error(text: &str) -> LogError {
    verify(text.as_bytes(), None).expect_err("a broken log")
}

#[test]
fn a_whole_log() {
    let text = log_text();
    let head = verify(text.as_bytes(), None).expect("a whole log");
    assert_eq!(head.entries, 5);
    assert!(text.ends_with(&format!(",\"hash\":\"{}\"}}\n", head.hash)));
    assert!(
        text.starts_with("{\"seq\":1,\"time\":\"2026-01-02T03:04:01Z\",\"actor\":\"auditor\",\"action\":\"evaluate\",")
    );
    assert_eq!(verify(b"", None), Ok(Head { entries: 0, hash: GENESIS.to_owned() }));
    // A remembered head is found in a log that has grown, and an empty one is the start of every log.
    let earlier = verify(lines(&[1, 2, 3]).as_bytes(), None).expect("a whole log");
    assert_eq!(verify(text.as_bytes(), Some(&earlier)), Ok(head));
    assert!(verify(text.as_bytes(), Some(&Head { entries: 0, hash: GENESIS.to_owned() })).is_ok());
}

#[test]
fn broken_logs_are_named() {
    assert_eq!(error(&lines(&[1, 2, 4, 5])), LogError::Removed { line: 3, from: 3, to: 3 });
    assert_eq!(error(&lines(&[4, 5])), LogError::Removed { line: 1, from: 1, to: 3 });
    assert_eq!(error(&lines(&[1, 3, 2, 4])), LogError::Order { line: 2, expected: 2, found: 3 });
    assert_eq!(error(&lines(&[1, 2, 2, 3])), LogError::Order { line: 3, expected: 3, found: 2 });
    assert_eq!(error(log_text().trim_end()), LogError::Truncated { line: 5 });
    assert_eq!(error(&log_text().replace(":03Z", ":13Z")), LogError::Changed { line: 3 });
    assert_eq!(error(&log_text().replace('\n', "\r\n")), LogError::Changed { line: 1 });
    assert_eq!(error(&log_text().replacen('\n', "\n\n", 1)), LogError::Changed { line: 2 });
    // A changed entry with a hash made to fit breaks the chain behind it.
    let forged = append(lines(&[1]).as_bytes(), entry(9)).expect("a whole log");
    assert_eq!(error(&(lines(&[1]) + &forged + &lines(&[3, 4]))), LogError::Previous { line: 3 });
    assert!(append(lines(&[1, 3]).as_bytes(), entry(4)).is_err(), "no entry follows a broken chain");
}

#[test]
fn only_a_remembered_head_shows_a_missing_end() {
    let head = verify(log_text().as_bytes(), None).expect("a whole log");
    let cut = lines(&[1, 2, 3]);
    assert!(verify(cut.as_bytes(), None).is_ok());
    assert_eq!(verify(cut.as_bytes(), Some(&head)), Err(LogError::CutOff { expected: 5, found: 3 }));
    let anew = (1..=6).fold(String::new(), |text, _| text.clone() + &append(text.as_bytes(), entry(1)).expect("whole"));
    assert!(verify(anew.as_bytes(), None).is_ok());
    assert_eq!(verify(anew.as_bytes(), Some(&head)), Err(LogError::Head { entry: 5 }));
}

#[test]
fn a_fitting_hash_makes_no_entry() {
    let body = "{\"seq\":1,\"previous\":\"\"";
    let hash = reident_reports::digest::sha256(body.as_bytes());
    let text = format!("{body},\"hash\":\"{hash}\"}}\n");
    assert!(matches!(error(&text), LogError::Shape { line: 1, .. }));
}

proptest! {
    #[test]
    fn a_changed_byte_is_found_on_its_line(at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let mut text = log_text().into_bytes();
        let at = at.index(text.len());
        let line = 1 + text[..at].iter().filter(|byte| **byte == b'\n').count() as u64;
        text[at] ^= flip;
        let error = verify(&text, None).expect_err("a changed byte");
        let is_named = [LogError::Changed { line }, LogError::Truncated { line }].contains(&error);
        prop_assert!(is_named, "{} in line {}: {}", at, line, error);
    }

    #[test]
    fn a_cut_is_found(at in any::<prop::sample::Index>()) {
        let text = log_text();
        let head = verify(text.as_bytes(), None).expect("a whole log");
        let cut = &text.as_bytes()[..at.index(text.len())];
        prop_assert!(verify(cut, Some(&head)).is_err());
        prop_assert_eq!(verify(cut, None).is_ok(), cut.is_empty() || cut.ends_with(b"\n"));
    }
}
