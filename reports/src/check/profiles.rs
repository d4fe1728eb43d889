//! The policies of the repository's `policies/` folder, embedded in the program.

use super::policy::{Policy, PolicyError};

/// Name and text of every embedded policy, in the order of names.
pub const PROFILES: &[(&str, &str)] = &[
    ("ca-hc-prci", include_str!("../../../policies/ca-hc-prci.toml")),
    ("ca-ipc-high", include_str!("../../../policies/ca-ipc-high.toml")),
    ("ca-ipc-low", include_str!("../../../policies/ca-ipc-low.toml")),
    ("ca-ipc-medium", include_str!("../../../policies/ca-ipc-medium.toml")),
    ("ci-regression", include_str!("../../../policies/ci-regression.toml")),
    ("cn-export-certification", include_str!("../../../policies/cn-export-certification.toml")),
    ("cn-gbt42460-controlled", include_str!("../../../policies/cn-gbt42460-controlled.toml")),
    ("cn-gbt42460-enclave", include_str!("../../../policies/cn-gbt42460-enclave.toml")),
    ("cn-gbt42460-public", include_str!("../../../policies/cn-gbt42460-public.toml")),
    ("cn-health-39725", include_str!("../../../policies/cn-health-39725.toml")),
    ("cn-pipl-anon-strict", include_str!("../../../policies/cn-pipl-anon-strict.toml")),
    ("eu-ema0070", include_str!("../../../policies/eu-ema0070.toml")),
    ("eu-wp216", include_str!("../../../policies/eu-wp216.toml")),
    ("sg-pdpc-external", include_str!("../../../policies/sg-pdpc-external.toml")),
    ("sg-pdpc-internal", include_str!("../../../policies/sg-pdpc-internal.toml")),
    ("uk-ico-intruder", include_str!("../../../policies/uk-ico-intruder.toml")),
    ("us-hipaa-expert", include_str!("../../../policies/us-hipaa-expert.toml")),
];

/// The text of an embedded policy.
pub fn text(name: &str) -> Option<&'static str> {
    PROFILES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// An embedded policy.
///
/// # Errors
/// When there is none of that name.
pub fn policy(name: &str) -> Result<Policy, PolicyError> {
    let text = text(name).ok_or_else(|| PolicyError::Unknown(name.to_owned()))?;
    Policy::parse(text, &format!("{name}.toml"))
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::check::policy::SourceStatus;
    use std::collections::BTreeSet;

    #[test]
    fn every_file_of_the_folder_is_embedded() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../policies");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".toml"))
            .collect();
        let embedded: BTreeSet<String> = PROFILES.iter().map(|(name, _)| format!("{name}.toml")).collect();
        assert_eq!(files, embedded);
    }

    #[test]
    fn every_embedded_policy_is_sound() {
        for (name, _) in PROFILES {
            let policy = policy(name).unwrap();
            assert_eq!(policy.name, *name);
            assert!(!policy.title.is_empty() && !policy.title_zh.is_empty() && !policy.description.is_empty());
            assert!(policy.min_cell >= 5, "{name}");
            // No authority sets a limit for attack scores, so no profile may claim one.
            for limit in policy.limits.values() {
                assert_eq!(limit.source_status, SourceStatus::OrganizationSet, "{name}");
                assert!(limit.note.starts_with("No authority sets a limit for attack scores"), "{name}");
            }
            assert!(policy.limits.len() == 4 || *name == "ci-regression", "{name}");
        }
    }
}
