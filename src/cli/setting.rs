//! Arguments made of the list of settings.

/// Makes the arguments of some settings, and what they say of the configuration file's keys.
macro_rules! arguments {
    (
        $(#[doc = $of:tt])+
        $arguments:ident {$(
            $(#[doc = $about:tt])+
            $(#[serde $serde:tt])?
            $name:ident: $type:ty $(as $recorded:ty)? = $default:expr $(, such as $example:tt)?, argument [$($argument:tt)*];
        )*}
    ) => {
        $(#[doc = $of])+
        #[derive(Debug, Clone, Default, clap::Args)]
        pub struct $arguments {
            $(
                $(#[doc = $about])+
                #[arg(long, help = $crate::cli::setting::help(&[$($about),+], &$crate::cli::setting::shown!($default $(, such as $example)?)), $($argument)*)]
                pub $name: Option<$type>,
            )*
        }

        impl $arguments {
            /// What they say.
            pub fn config(self) -> $crate::settings::config::Config {
                $crate::settings::config::Config { $($name: self.$name,)* ..Default::default() }
            }
        }
    };
}
pub(super) use arguments;

/// The default whose number help shows; nothing where the default is none.
macro_rules! shown {
    ($default:expr) => {
        $default
    };
    ($default:expr, such as $example:tt) => {
        ()
    };
}
pub(super) use shown;

/// The help of an argument: what the setting is, and its default where that is a number.
pub(super) fn help(about: &[&str], default: &impl serde::Serialize) -> String {
    let about = crate::settings::keys::sentence(about);
    match serde_json::to_value(default) {
        Ok(serde_json::Value::Number(default)) => format!("{about} [default: {default}]"),
        _ => about,
    }
}

#[cfg(test)]
mod test {
    use crate::cli::Cli;
    use crate::settings::config::Config;
    use clap::CommandFactory;
    use reident_reports::json;
    use std::collections::BTreeSet;

    /// Arguments of `evaluate` that are no settings of the list: which files are read, what is written where, how it is told; and of what they say
    /// only that it was said is on record, or what came of it.
    const NO_SETTINGS: [&str; 21] = [
        "original",
        "anonymized",
        "control",
        "config",
        "population",
        "record_map",
        "hierarchies",
        "max_size",
        "threads",
        "calibrate",
        "reproducible",
        "out",
        "outcomes",
        "persons",
        "persons_in_ci",
        "policy",
        "overrides",
        "explain",
        "quiet",
        "audit_log",
        "actor",
    ];

    /// What is on record and follows from tables of the configuration and from the files.
    const FOLLOWING: [&str; 17] = [
        "predicates",
        "linkability_neighbors",
        "inference_neighbors",
        "tolerance",
        "date_tolerance",
        "forms",
        "hierarchies",
        "rounding",
        "midpoints",
        "kinds",
        "ignored",
        "tokens",
        "record_key",
        "record_map",
        "subject_key",
        "quasi_identifiers",
        "context",
    ];

    /// A setting that is written elsewhere than in the list has no place in the file of `init`, or on record, or on the command line.
    #[test]
    fn no_setting_stands_outside_the_list() {
        let [first, ..] = &Config::default().sections()[..] else { panic!("the keys that stand before all tables") };
        let listed: BTreeSet<&str> = first.keys.iter().map(|key| key.name).collect();
        let command = Cli::command();
        let evaluate = command.find_subcommand("evaluate").unwrap();
        let arguments: BTreeSet<&str> = evaluate.get_arguments().map(|argument| argument.get_id().as_str()).collect();
        let outside: Vec<_> =
            arguments.iter().filter(|name| !listed.contains(*name) && !NO_SETTINGS.contains(name)).collect();
        assert!(outside.is_empty(), "{outside:?}");
        // A key of the file alone is named as such in the list.
        assert_eq!(listed.iter().filter(|name| !arguments.contains(*name)).collect::<Vec<_>>(), [&"groups"]);
        let schema: serde_json::Value = serde_json::from_str(&json::schema()).unwrap();
        let on_record = schema["$defs"]["Settings"]["properties"].as_object().unwrap();
        let outside: Vec<_> = on_record
            .keys()
            .filter(|name| !listed.contains(name.as_str()) && !FOLLOWING.contains(&name.as_str()))
            .collect();
        assert!(outside.is_empty(), "{outside:?}");
        // Files are on record as inputs.
        let settings = listed.iter().filter(|name| **name != "earlier_releases");
        assert!(settings.into_iter().all(|name| on_record.contains_key(*name)));
    }
}
