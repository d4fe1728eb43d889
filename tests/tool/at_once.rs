//! How many persons are attacked at once changes nothing.

use reident::demo::World;
use reident::evaluation::{NoProgress, Options, Progress, evaluate};
use reident::input::Sources;
use reident::settings::Settings;
use reident::settings::config::Config;
use std::sync::Mutex;

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

/// What was told of a run: how many attackers there are, and the number of the attacker whose each step was.
#[derive(Default)]
struct Told(Mutex<(Option<usize>, usize, Vec<usize>)>);

impl Progress for Told {
    fn attackers(&self, count: usize) {
        self.0.lock().unwrap().0 = Some(count);
    }

    fn attacker(&self) {
        self.0.lock().unwrap().1 += 1;
    }

    fn begin(&self, _step: &str, _units: u64) {
        let mut told = self.0.lock().unwrap();
        let attacker = told.1;
        told.2.push(attacker);
    }

    fn advance(&self, _units: u64) {}
}

#[test]
fn as_many_attackers_are_told_of_as_attack_whoever_is_attacked_at_once() {
    let config = r#"{"seeds": 2, "only": ["singling_out", "linkability", "inference", "membership"]}"#;
    for with_control in [true, false] {
        let [original, anonymized, control] = World::new(200, 0.3, 7).columns().map(Into::into);
        let control = Some(control).filter(|_| with_control);
        let sources = Sources { original, anonymized, control, population: None };
        let settings = Settings::resolve(Config::from_json(config).unwrap()).unwrap();
        for at_once in [None, Some(70)] {
            let told = Told::default();
            let options = Options { at_once, ..Options::default() };
            let played = evaluate(&sources, &settings, options, &told).unwrap().results.attackers;
            let mut attackers = Vec::new();
            // An attacker who draws what to try is played for each seed.
            for result in played {
                if !attackers.contains(&result.attacker) {
                    attackers.push(result.attacker);
                }
            }
            let (count, last, steps) = told.0.into_inner().unwrap();
            assert_eq!((count, last), (Some(attackers.len()), attackers.len()));
            assert!(steps.iter().all(|attacker| (1..=last).contains(attacker)), "{steps:?} of {last}");
        }
    }
}
