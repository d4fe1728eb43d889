//! How many persons are attacked at once changes nothing.

use reident::demo::World;
use reident::evaluation::{NoProgress, Options, evaluate};
use reident::input::Sources;
use reident::settings::Settings;
use reident::settings::config::Config;

#[test]
fn evidence_is_the_same_however_many_are_attacked_at_once() {
    let [original, anonymized, control] = World::new(200, 0.3, 7).columns().map(Into::into);
    let sources = Sources { original, anonymized, control: Some(control), population: None };
    let settings = Settings::resolve(Config::default()).unwrap();
    let evidence = |at_once| {
        let options = Options { reproducible: true, keep_hits: true, at_once, ..Options::default() };
        evaluate(&sources, &settings, options, &NoProgress).unwrap().evidence
    };
    let whole = evidence(None);
    assert!(!whole.attacks.is_empty());
    assert_eq!(evidence(Some(70)), whole);
    assert_eq!(evidence(Some(1_000)), whole);
}
