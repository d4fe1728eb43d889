//! Attackers in plain words, and all of them in tables.

use super::{Fold, Item, Passage, Source, Table};
use crate::evidence::{
    Attack, AttackKind, Attacker, Columns, Detail, MatcherName, ModelName, Number, Rate, RecordMatcher, ScoreName,
    Status, Warning,
};
use crate::percent::percent;
use reident_attacks::attack::Attempted;

/// Names beyond this many are counted and not listed: in a running sentence, and in the head of a row.
const NAMES: [usize; 2] = [8, 3];

impl Source<'_> {
    /// The attacker in a few words, for the head of a row.
    pub fn brief(&self, attacker: &Attacker) -> String {
        let brief = self.brief_by_distance(attacker);
        let brief = match attacker.matcher() {
            Some(MatcherName::Agreement) => self.texts.fill("attacker.agreement.brief", &[("attacker", &brief)]),
            _ => brief,
        };
        match attacker.searched() {
            Some(_) => self.texts.fill("attacker.searched.brief", &[("attacker", &brief)]),
            None => brief,
        }
    }

    fn brief_by_distance(&self, attacker: &Attacker) -> String {
        match attacker {
            Attacker::NamedRecord { matcher, columns, earlier, .. } => {
                let columns = self.some(columns, NAMES[1]);
                let how = self.texts.text(how(*matcher));
                let brief = self.texts.fill("attacker.named_record.brief", &[("columns", &columns), ("how", how)]);
                match earlier {
                    Some(_) => self.texts.fill("attacker.named_record.earlier_brief", &[("attacker", &brief)]),
                    None => brief,
                }
            }
            Attacker::Univariate { columns, .. } => {
                let columns = self.some(columns, NAMES[1]);
                self.texts.fill("attacker.univariate.brief", &[("columns", &columns)])
            }
            Attacker::Multivariate { columns, columns_per_predicate, .. } => {
                let (size, columns) = (columns_per_predicate.to_string(), self.some(columns, NAMES[1]));
                self.texts.fill("attacker.multivariate.brief", &[("size", &size), ("columns", &columns)])
            }
            Attacker::TwoFiles { halves, .. } => {
                let [one, other] = halves.each_ref().map(|half| self.some(half, NAMES[1]));
                self.texts.fill("attacker.two_files.brief", &[("one", &one), ("other", &other)])
            }
            Attacker::NearestRecord { columns, secret, .. } => {
                let (columns, secret) = (columns.len().to_string(), self.column(secret));
                self.texts.fill("attacker.nearest_record.brief", &[("secret", &secret), ("columns", &columns)])
            }
            Attacker::TrainedModel { model, columns, secret, .. } => {
                let (columns, secret) = (columns.len().to_string(), self.column(secret));
                let model = self.texts.text(model_key(*model));
                let values = [("secret", secret.as_str()), ("columns", &columns), ("model", model)];
                self.texts.fill("attacker.trained_model.brief", &values)
            }
            Attacker::Scored { columns, score } => {
                let columns = columns.len().to_string();
                let score = self.texts.text(score_key(*score));
                self.texts.fill("attacker.scored.brief", &[("score", score), ("columns", &columns)])
            }
        }
    }

    /// What the attacker knows and wants, and how the attacker's columns were found, in sentences.
    pub fn sentence(&self, attacker: &Attacker) -> String {
        let sentence = self.sentence_of_known(attacker);
        match attacker.searched() {
            Some(tried) => {
                let values = [("sentence", sentence.as_str()), ("tried", &self.texts.count(tried))];
                self.texts.fill("attacker.searched.sentence", &values)
            }
            None => sentence,
        }
    }

    fn sentence_of_known(&self, attacker: &Attacker) -> String {
        let columns = self.some(attacker.columns(), NAMES[0]);
        let neighbors = attacker.neighbors().unwrap_or(1).to_string();
        match attacker {
            Attacker::NamedRecord { matcher, earlier, .. } => {
                let how = self.texts.text(how(*matcher));
                let sentence =
                    self.texts.fill("attacker.named_record.sentence", &[("columns", &columns), ("how", how)]);
                match earlier {
                    Some(_) => self.texts.fill("attacker.named_record.earlier_sentence", &[("sentence", &sentence)]),
                    None => sentence,
                }
            }
            Attacker::Univariate { .. } => self.texts.fill("attacker.univariate.sentence", &[("columns", &columns)]),
            Attacker::Multivariate { columns_per_predicate, .. } => {
                let size = columns_per_predicate.to_string();
                self.texts.fill("attacker.multivariate.sentence", &[("size", &size), ("columns", &columns)])
            }
            Attacker::TwoFiles { halves, .. } => {
                let [one, other] = halves.each_ref().map(|half| self.some(half, NAMES[0]));
                let values = [("one", one.as_str()), ("other", &other), ("neighbors", &neighbors)];
                let sentence = self.texts.fill("attacker.two_files.sentence", &values);
                self.by_matcher(attacker, sentence)
            }
            Attacker::NearestRecord { secret, .. } => {
                let secret = self.column(secret);
                let values = [("columns", columns.as_str()), ("secret", &secret), ("neighbors", &neighbors)];
                let sentence = self.texts.fill("attacker.nearest_record.sentence", &values);
                self.by_matcher(attacker, sentence)
            }
            Attacker::TrainedModel { model, secret, .. } => {
                let (secret, model) = (self.column(secret), self.texts.text(model_key(*model)));
                let values = [("columns", columns.as_str()), ("secret", &secret), ("model", model)];
                self.texts.fill("attacker.trained_model.sentence", &values)
            }
            Attacker::Scored { score, .. } => {
                let score = self.texts.text(score_key(*score));
                self.texts.fill("attacker.scored.sentence", &[("columns", columns.as_str()), ("score", score)])
            }
        }
    }

    /// A sentence about an attacker who looks for the nearest records, with what nearest means to the attacker.
    fn by_matcher(&self, attacker: &Attacker, sentence: String) -> String {
        match attacker.matcher() {
            Some(MatcherName::Agreement) => self.texts.fill("attacker.agreement.sentence", &[("sentence", &sentence)]),
            _ => sentence,
        }
    }

    /// Names of columns, the first few of them where there are more than one too many.
    fn some(&self, columns: &Columns, most: usize) -> String {
        let names = |count: usize| self.evidence.inputs.names(columns).take(count).collect::<Vec<_>>();
        if columns.len() <= most + 1 {
            return self.columns(&names(most + 1));
        }
        let more = (columns.len() - most).to_string();
        let shown: Vec<String> = names(most).into_iter().map(|name| self.column(name)).collect();
        let shown = shown.join(self.texts.text("list.separator"));
        self.texts.fill("list.more", &[("names", &shown), ("more", &more)])
    }

    /// A status in a word.
    pub fn status(&self, status: Status) -> &str {
        match status {
            Status::Measured => self.texts.text("status.measured"),
            Status::Infeasible => self.texts.text("status.infeasible"),
            Status::Undetermined => self.texts.text("status.undetermined"),
            Status::Weak => self.texts.text("status.weak"),
            Status::Contradicted => self.texts.text("status.contradicted"),
        }
    }

    /// A warning in the report's language; where the code is unknown, its own English sentence.
    pub fn warning(&self, warning: &Warning) -> Item {
        let key = format!("warning.{}", warning.code);
        match self.texts.has(&key) {
            // The evidence's own sentence may count persons, whom a report tells only where they are many.
            true => Item::new(self.texts.text(&key).to_owned()),
            false => Item { text: warning.message.clone(), english: self.texts.language().code() != "en" },
        }
    }
}

/// The key of how a person's record is found.
fn how(matcher: RecordMatcher) -> &'static str {
    match matcher {
        RecordMatcher::Compatible => "attacker.named_record.compatible",
        RecordMatcher::Distance => "attacker.named_record.distance",
        RecordMatcher::Agreement => "attacker.named_record.agreement",
        RecordMatcher::DistanceOneToOne => "attacker.named_record.distance_one_to_one",
        RecordMatcher::AgreementOneToOne => "attacker.named_record.agreement_one_to_one",
    }
}

/// The key of the model that a secret is guessed by.
pub fn model_key(model: ModelName) -> &'static str {
    match model {
        ModelName::NaiveBayes => "attacker.model.naive_bayes",
        ModelName::Forest => "attacker.model.forest",
        ModelName::LinearReconstruction => "attacker.model.linear_reconstruction",
    }
}

/// The key of what a membership attacker goes by.
fn score_key(score: ScoreName) -> &'static str {
    match score {
        ScoreName::Distance => "attacker.score.distance",
        ScoreName::Ratio => "attacker.score.ratio",
        ScoreName::Relative => "attacker.score.relative",
        ScoreName::Agreement => "attacker.score.agreement",
    }
}

/// The worst attacker of each attack that has one.
pub fn worst(source: &Source<'_>) -> Vec<Passage> {
    let passages = AttackKind::ALL.iter().filter_map(|name| {
        let headline = source.evidence.headline.get(name)?;
        let attack = source.evidence.attacks.get(usize::try_from(headline.attacker?).ok()?)?;
        Some(Passage { title: source.attack_name(*name).to_owned(), text: story(source, attack) })
    });
    passages.collect()
}

fn story(source: &Source<'_>, attack: &Attack) -> Vec<String> {
    let Source { texts, small, .. } = source;
    let mut text = vec![source.sentence(&attack.attacker)];
    if let Some(main) = &attack.main {
        let shown = small.rate(texts, main, false);
        let values = [("counts", shown.counts.as_str()), ("rate", &shown.rate)];
        text.push(texts.fill_of_attack("story.main.{attack}", attack.attack, &values));
    }
    match &attack.control {
        Some(control) if attack.attack == AttackKind::RecordLinkage => {
            let (claims, attempted) = (control.wrong.unwrap_or(0), texts.count(control.attempted));
            let values = [("count", small.count(texts, claims)), ("attempted", attempted)];
            let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
            text.push(texts.fill("story.false_claims", &values));
        }
        None if attack.attack == AttackKind::RecordLinkage => {}
        Some(control) => {
            let shown = small.rate(texts, control, false);
            text.push(texts.fill("story.control", &[("counts", &shown.counts), ("rate", &shown.rate)]));
        }
        None => text.push(texts.text("story.no_control").to_owned()),
    }
    if let Some(baseline) = &attack.baseline {
        text.push(texts.fill("story.baseline", &[("rate", &small.rate(texts, baseline, false).rate)]));
    }
    if let Some(risk) = &attack.risk {
        let shown = small.risk_of(texts, risk, small.step_of(attack));
        let values = [("risk", shown.value.as_str()), ("interval", &shown.interval)];
        text.push(match attack.control {
            Some(_) if attack.attack == AttackKind::RecordLinkage => texts.fill("story.risk.net", &values),
            Some(_) => texts.fill("story.risk.residual", &values),
            None => texts.fill("story.risk.plain", &values),
        });
    }
    text.extend(
        attack
            .warnings
            .iter()
            .map(|warning| source.warning(warning))
            .filter(|item| !item.english)
            .map(|item| item.text),
    );
    text
}

/// All attackers of each attack in a table that folds.
pub fn folds(source: &Source<'_>) -> Vec<Fold> {
    let folds = AttackKind::ALL.iter().filter_map(|name| {
        let attacks: Vec<&Attack> = source.evidence.attacks.iter().filter(|attack| attack.attack == *name).collect();
        (!attacks.is_empty()).then(|| fold(source, *name, &attacks))
    });
    folds.collect()
}

fn fold(source: &Source<'_>, name: AttackKind, attacks: &[&Attack]) -> Fold {
    let Source { texts, small, .. } = source;
    let linking = name == AttackKind::Linkability;
    let mut heads = vec![source.term("attacker"), source.term("risk"), source.term("interval")];
    heads.extend([source.term("main"), source.term("control"), source.term("baseline")]);
    if linking {
        heads.push(source.term("ambiguous"));
    }
    heads.push(source.term("status"));
    let none = texts.text("number.none");
    let rate = |rate: Option<&crate::evidence::Rate>| {
        rate.map_or_else(
            || none.to_owned(),
            |rate| {
                let shown = small.rate(texts, rate, false);
                texts.fill("number.rate_with_counts", &[("rate", &shown.rate), ("counts", &shown.counts)])
            },
        )
    };
    let rows = attacks.iter().map(|attack| {
        let risk = attack.risk.as_ref().map(|risk| small.risk_of(texts, risk, small.step_of(attack)));
        let (value, interval) = risk.map_or((none.to_owned(), none.to_owned()), |risk| (risk.value, risk.interval));
        let mut row = vec![source.brief(&attack.attacker), value, interval];
        row.extend([attack.main.as_ref(), attack.control.as_ref(), attack.baseline.as_ref()].map(rate));
        if linking {
            let ambiguous = attack.main.as_ref().and_then(|main| main.ambiguous);
            row.push(ambiguous.map_or_else(|| none.to_owned(), |count| small.count(texts, count)));
        }
        row.push(source.status(attack.status).to_owned());
        row
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let notes = attacks.iter().flat_map(|attack| notes(source, attack)).collect();
    let title = source.attack_name(name);
    let count = attacks.len().to_string();
    Fold {
        summary: texts.fill("attackers.summary", &[("attack", title), ("count", &count)]),
        open: false,
        table: Table {
            caption: texts.fill("attackers.caption", &[("attack", title), ("confidence", &source.confidence())]),
            heads,
            rows,
        },
        notes,
    }
}

/// What the table has no column for.
fn notes(source: &Source<'_>, attack: &Attack) -> Vec<Item> {
    let Source { texts, small, .. } = source;
    let (brief, mut notes) = (source.brief(&attack.attacker), Vec::new());
    let Some(main) = &attack.main else { return notes };
    if let (Some(correct), Some(wrong), Some(ambiguous)) = (main.correct, main.wrong, main.ambiguous) {
        let parts = [correct, wrong, ambiguous];
        let hidden = small.hidden_parts(&parts);
        let shown = |at: usize| match hidden[at] && !small.hides(parts[at]) {
            true => texts.text("number.withheld").to_owned(),
            false => small.count(texts, parts[at]),
        };
        let counts = [0, 1, 2].map(shown);
        let values =
            [("attacker", brief.as_str()), ("correct", &counts[0]), ("wrong", &counts[1]), ("ambiguous", &counts[2])];
        notes.push(Item::new(texts.fill("attackers.named", &values)));
    } else if let Some(wrong) = main.wrong {
        let values = [("attacker", brief.as_str()), ("count", &small.count(texts, wrong))];
        notes.push(Item::new(texts.fill("attackers.wrong", &values)));
    }
    if let Detail::Membership { auc: Some(auc), tpr, .. } = &attack.detail {
        let values = [
            ("attacker", brief.clone()),
            ("area", texts.decimal(auc.value)),
            ("lo", texts.decimal(auc.interval[0])),
            ("hi", texts.decimal(auc.interval[1])),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        notes.push(Item::new(texts.fill("attackers.area", &values)));
        for tail in tpr {
            // The tails hold persons of their own number, which may be small where that of the first is not.
            let rate = Rate { successes: Number::Whole(tail.count), rate: tail.value, ..main.clone() };
            let share = small.rate(texts, &rate, false).rate;
            let false_positives = percent(tail.false_positives);
            let values = [("attacker", brief.as_str()), ("share", &share), ("false_positives", &false_positives)];
            notes.push(Item::new(texts.fill("attackers.tail", &values)));
        }
    }
    // Either figure would give a small count away.
    if small.hides_rate(main) {
        return notes;
    }
    if let Some(effective) = main.effective {
        let (attempted, effective) = (texts.count(main.attempted), texts.decimal(effective));
        let values = [("attacker", brief.as_str()), ("attempted", &attempted), ("effective", &effective)];
        notes.push(Item::new(texts.fill("attackers.effective", &values)));
    }
    // Predicates are no sample of the table's records.
    if let Some(whole) = main.whole_table.filter(|_| attack.attack.attempted() == Attempted::Targets) {
        let values = [("attacker", brief.as_str()), ("interval", &texts.interval(whole))];
        notes.push(Item::new(texts.fill("attackers.whole_table", &values)));
    }
    notes
}
