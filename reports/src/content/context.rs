//! The first line of a report: which data set, for whom, how it is shared and when, as far as that was stated.

use super::{Fact, Source};

/// What was stated, and what was not.
#[derive(Debug)]
pub struct Context {
    /// What was stated.
    pub stated: Vec<Fact>,
    /// Says what was not; none where everything was.
    pub unstated: Option<String>,
}

/// The context, from the settings on record.
pub fn context(source: &Source<'_>) -> Context {
    let Source { evidence, texts, .. } = source;
    let context = &evidence.settings.context;
    let parts = [
        ("context.dataset", &context.dataset),
        ("context.purpose", &context.purpose),
        ("context.recipient", &context.recipient),
        ("context.sharing", &context.sharing),
        ("context.date", &context.date),
    ];
    let mut stated = Vec::new();
    let mut unstated = Vec::new();
    for (key, value) in parts {
        match value {
            Some(value) => stated.push(Fact { name: texts.text(key).to_owned(), value: value.clone() }),
            None => unstated.push(texts.text(key)),
        }
    }
    let unstated = match unstated.len() {
        0 => None,
        5 => Some(texts.text("context.nothing").to_owned()),
        _ => Some(texts.fill("context.unstated", &[("names", &texts.list(&unstated))])),
    };
    Context { stated, unstated }
}
