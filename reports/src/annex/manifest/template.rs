//! A commented manifest for given evidence: every key, and the columns filled in.

use super::super::rules::Rules;
use super::words::Word;
use super::words::{
    AdjustRule, Basis, Claimed, Controls, Exemption, Group, Impact, ImportantData, Likelihood, Model, Motive, Onward,
    Perspective, Relation, ReleaseKind, Role, Secret, Sector, SensitiveClass, SeparateConsent, Taxonomy, TeamRole,
    Transform, YesNo,
};
use super::{FilingRoute, SCHEMA};
use crate::evidence::Evidence;
use crate::toml_text::quote;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The text of the manifest. What nobody but the filer can know is left empty or `unknown`, so that an unfinished manifest is refused.
pub fn template(evidence: &Evidence, rules: &Rules) -> String {
    let mut text = head(rules);
    let inputs = &evidence.inputs;
    text.push_str("\n# ---- Columns: one entry for each column of the original and of the release ----\n");
    let _ = writeln!(text, "# role: {}", words::<Role>());
    let _ = writeln!(text, "# class: {}", words::<SensitiveClass>());
    let _ = writeln!(text, "# transform: {}", words::<Transform>());
    let direct: BTreeSet<&str> = evidence
        .findings
        .iter()
        .filter(|finding| finding.kind == "direct_identifier")
        .filter_map(|finding| finding.column.as_deref())
        .collect();
    let mut written = BTreeSet::new();
    let mut column = |name: &str, role: &str, transform: &str, about: &str| {
        if !written.insert(name.to_owned()) {
            return;
        }
        let _ = write!(
            text,
            "\n[columns.{}]          # {about}\nrole = \"{role}\"\nclass = \"\"\ntransform = \"{transform}\"\nnecessity = \"\"\nimportant = false\n# description = \"\"\n",
            quote(name)
        );
    };
    for shape in &inputs.columns {
        let role = if direct.contains(shape.name.as_str()) { "direct_identifier" } else { "" };
        column(&shape.name, role, "", &shape.kind);
    }
    for name in &evidence.settings.tokens {
        column(name, "token", "pseudonymized", "the release holds tokens in its place");
    }
    for name in &evidence.settings.ignored {
        column(name, "", "", "left out of the evaluation on request");
    }
    for name in &inputs.only_released {
        let role = if direct.contains(name.as_str()) { "direct_identifier" } else { "" };
        column(name, role, "", "only the release has it");
    }
    for name in &inputs.not_released {
        column(name, "", "removed", "not released");
    }
    text
}

fn words<T: Word>() -> String {
    T::ALL.iter().map(|(_, word)| *word).collect::<Vec<_>>().join(" | ")
}

fn head(rules: &Rules) -> String {
    let standards = rules.standards.keys().map(String::as_str).collect::<Vec<_>>().join(" ");
    format!(
        r#"# What the filer says, for `reident annex`. Fill in every empty text; what stands in a comment may be left out.
# Days are written without quotes: 2026-11-30. yes, no and unknown are answers; unknown never counts as the favourable one.
# No value of a person belongs here, and no parameter of the treatment.
schema = "{SCHEMA}"
# standards = []            # followed; default by route: {standards}

measures = []               # {{ columns = ["a"], technique = "", reason = "" }}; never parameters
utility = []                # {{ use = "", criterion = "", result = "", met = "yes" }}
# treatment = []            # {{ risk = "", measure = "", owner = "", due = 2026-12-31 }}
# adjust = []               # {{ rule = "deidentified", delta = -1, reason = "" }}; rule: {adjust}

[report]
id = ""                     # number of the report, at most 40 characters
version = 1
# issued = 2026-11-30

[filer]
name = ""
uscc = ""                   # unified social credit code, 18 characters
address = ""
ciio = "unknown"            # operator of critical information infrastructure: {yes_no}
# persons_processed = 0     # persons whose information the filer processes
sector = ""                 # {sector}

[approval]                  # who has not signed with a date is printed as pending
# preparer = {{ name = "", title = "", date = 2026-11-30 }}
# reviewer = {{ name = "", title = "", date = 2026-11-30 }}
# pi_officer = {{ name = "", title = "", date = 2026-11-30 }}
# top_management = {{ name = "", title = "", date = 2026-11-30 }}

[assessment]
# started = 2026-11-01
# ended = 2026-11-20
organization = ""
method = ""
steps = []
team = []                   # {{ name = "", role = "evaluator" }}; role: {team}
independent = "unknown"     # the evaluator is neither anonymizer nor recipient

# [third_party]             # when somebody of the team is from outside
# name = ""
# uscc = ""
# role = ""
# part = ""

[processing]
purpose = ""
method = ""
necessity = ""
legal_basis = ""            # {basis}
notice = "unknown"          # persons were told: {yes_no}
separate_consent = "unknown" # {consent}
# retention_until = 2029-12-31
storage_place = ""
# last_transfer_on = 2026-12-31

[release]
model = ""                  # {model}
kind = ""                   # {kind}
part_of_series = false
others = []                 # {{ name = "", date = 2026-01-31, sha256 = "", relation = "" }}; relation: {relation}

[claim]
kind = ""                   # {claimed}
perspective = ""            # {perspective}
# accepted_by = {{ name = "", title = "", date = 2026-11-30 }}   # who decides that PIPL 73(4) holds

[[recipients]]
name = ""
country = ""                # ISO 3166-1, such as DE; HK, MO and TW count as outside of the mainland
purpose = ""
method = ""
storage_place = ""
onward = "unknown"          # {onward}
controls = ""               # {controls}; not for a public release
motive_capacity = ""        # {motive}; not for a public release
agreement = {{ no_reid = "unknown", no_link = "unknown", no_reshare = "unknown", delete = "unknown", audit = "unknown" }}
# other_data = []           # what else the recipient has
# law_changed_on = 2026-01-31

# [context]                 # not for a public release; each with its source
# p = {{ value = 0.001, source = "" }}
# m = {{ value = {m}, source = "" }}
# breach_rate = {{ value = 0.0, source = "" }}

[volume]                    # persons of this calendar year, over all recipients and entities of the filer
# since = 2026-01-01        # 1st of January of the year of filing.planned_on
# deduplicated = true       # each person is counted once
# non_sensitive_before = 0
# sensitive_before = 0
# non_sensitive = 0         # this transfer
# sensitive = 0
# forecast = [0, 0, 0]      # next three years; for a security assessment

[important_data]
status = "unknown"          # {important}
core_or_secret = "unknown"
# basis = ""
# told_on = 2026-01-31
# declared = "no"

[exemption]
kind = "none"               # {exemption}
# reason = ""

# [negative_list]
# area = ""
# list = ""                 # name and edition
# registered = "unknown"
# sector_covered = "unknown"
# listed = "unknown"

# [gba]
# both_ends = "unknown"

[filing]
# planned_on = 2026-12-01
route = "unknown"           # {route}
# number = ""
# contract_effective = 2026-12-01

# [certificate]
# number = ""
# body = ""
# issued = 2026-01-31
# expires = 2029-01-31
# scope = ""

# [sa_result]
# number = ""
# issued = 2026-01-31
# expires = 2029-01-31

[dataset]
name = ""
source = ""
# period_from = 2026-01-01
# period_to = 2026-06-30
# subjects = 0              # persons that the data are about
groups = []                 # {group}
# taxonomy = "gbt45574"     # {taxonomy}

[secrets]
mapping = ""                # {secret}
keys = ""
# attested_by = ""
# on = 2026-11-20

[impact]                    # if it went wrong; level: {impact}
# autonomy = {{ level = "", reason = "" }}
# discrimination = {{ level = "", reason = "" }}
# reputation = {{ level = "", reason = "" }}
# property = {{ level = "", reason = "" }}

[likelihood]                # level: {likelihood}
# network = {{ level = "", reason = "" }}
# process = {{ level = "", reason = "" }}
# people = {{ level = "", reason = "" }}
# scale = {{ level = "", reason = "" }}

[review]
# interval_months = {months}     # 1 to {most}
# incidents = []            # {{ date = 2026-01-31, text = "", persons = 0 }}
# control_changed_on = 2026-01-31
# contract_changed_on = 2026-01-31
# system_changed_on = 2026-01-31
# same = []                 # {{ key = "processing.purpose", reason = "" }}: changes of wording that are none of substance
"#,
        adjust = words::<AdjustRule>(),
        yes_no = words::<YesNo>(),
        sector = words::<Sector>(),
        team = words::<TeamRole>(),
        basis = words::<Basis>(),
        consent = words::<SeparateConsent>(),
        model = words::<Model>(),
        kind = words::<ReleaseKind>(),
        relation = words::<Relation>(),
        claimed = words::<Claimed>(),
        perspective = words::<Perspective>(),
        onward = words::<Onward>(),
        controls = words::<Controls>(),
        motive = words::<Motive>(),
        m = rules.context.inadvertent_least.value,
        important = words::<ImportantData>(),
        exemption = words::<Exemption>(),
        route = words::<FilingRoute>(),
        group = words::<Group>(),
        taxonomy = words::<Taxonomy>(),
        secret = words::<Secret>(),
        impact = words::<Impact>(),
        likelihood = words::<Likelihood>(),
        months = rules.time.review_months.value,
        most = rules.time.review_months_most.value,
    )
}
