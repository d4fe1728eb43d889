//! The list of all attacks: the only place, besides its own folder, where this crate knows an attack.

use crate::AttackError;
use crate::attack::{Attack, Attempted, Counts, Hits, Scene};
use crate::inference::InferenceAttacker;
use crate::linkability::LinkabilityAttacker;
use crate::matcher::Search;
use crate::membership::MembershipAttacker;
use crate::record_linkage::RecordLinkageAttacker;
use crate::singling_out::SinglingOutAttacker;
use crate::stats::risk::Risk;
use crate::subgroups::SubgroupCounts;
use crate::table::Tables;

/// Makes the three types that have a variant per attack, and what is asked of each variant, from one list.
macro_rules! attacks {
    ($($(#[$doc:meta])* $name:ident($attacker:ty), $code:literal, $argument:literal;)*) => {
        /// An attack: who is who, and the three questions of WP216. What can be told of a release that is made of records is told first.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema))]
        #[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
        pub enum AttackKind {
            $($(#[$doc])* $name,)*
        }

        impl AttackKind {
            /// Every attack, in the order in which they are played and shown.
            pub const ALL: &[AttackKind] = &[$(AttackKind::$name),*];

            /// The stable name for machines, in evidence, policies, settings and keys of messages.
            pub fn code(self) -> &'static str {
                match self {
                    $(AttackKind::$name => $code,)*
                }
            }

            /// The name on a command line.
            pub fn argument(self) -> &'static str {
                match self {
                    $(AttackKind::$name => $argument,)*
                }
            }

            /// What the attempts of this attack are made on.
            pub fn attempted(self) -> Attempted {
                match self {
                    $(AttackKind::$name => <$attacker as Attack>::ATTEMPTS,)*
                }
            }

            /// Plays the attackers of this attack among all of a plan.
            pub(super) fn play(self, attackers: &[Attacker], scene: &Scene<'_>) -> Vec<AttackerResult> {
                match self {
                    $(AttackKind::$name => {
                        let own = attackers.iter().filter_map(|attacker| match attacker {
                            Attacker::$name(attacker) => Some(attacker),
                            _ => None,
                        });
                        let own: Vec<&$attacker> = own.collect();
                        if own.is_empty() {
                            return Vec::new();
                        }
                        let played = <$attacker>::play(&own, scene).into_iter().map(|played| AttackerResult {
                            attacker: Attacker::$name(own[played.attacker].clone()),
                            counts: played.counts,
                            subgroups: played.subgroups,
                            detail: Detail::$name(played.detail),
                            hits: played.hits,
                            searches: played.searches,
                        });
                        played.collect()
                    })*
                }
            }
        }

        /// Who attacks, and what the attacker knows.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Attacker {
            $($(#[$doc])* $name($attacker),)*
        }

        impl Attacker {
            /// Which of the attacks this is.
            pub fn kind(&self) -> AttackKind {
                match self {
                    $(Attacker::$name(_) => AttackKind::$name,)*
                }
            }

            /// Columns that the attacker knows of a person, ascending; `None` for an attacker who knows nothing of anybody.
            pub fn known(&self) -> Option<Vec<usize>> {
                match self {
                    $(Attacker::$name(attacker) => attacker.known(),)*
                }
            }

            /// The same attacker on a release without a column; `None` of who then has nothing left to attack with, or to find out.
            pub fn without(&self, column: usize) -> Option<Attacker> {
                match self {
                    $(Attacker::$name(attacker) => attacker.without(column).map(Attacker::$name),)*
                }
            }

            /// Whether the attacker can be played on these tables.
            ///
            /// # Errors
            /// When a setting does not fit the tables.
            pub fn check(&self, tables: &Tables) -> Result<(), AttackError> {
                match self {
                    $(Attacker::$name(attacker) => attacker.check(tables),)*
                }
            }
        }

        $(impl From<$attacker> for Attacker {
            fn from(attacker: $attacker) -> Attacker {
                Attacker::$name(attacker)
            }
        })*

        /// What only one attack has to tell of a run. There is one per attacker, so that the largest may be large.
        #[derive(Debug, Clone, PartialEq)]
        #[allow(clippy::large_enum_variant)]
        pub enum Detail {
            $($(#[$doc])* $name(<$attacker as Attack>::Detail),)*
        }

        impl Detail {
            /// The risks at several levels, where the attack has an estimator of its own.
            fn own_risks(&self, levels: &[f64]) -> Option<Vec<Option<Risk>>> {
                match self {
                    $(Detail::$name(detail) => <$attacker as Attack>::own_risks(detail, levels),)*
                }
            }
        }
    };
}

attacks! {
    /// Record linkage (re-identification), 重标识: whose record is it?
    RecordLinkage(RecordLinkageAttacker), "record_linkage", "record-linkage";
    /// Singling out, 分离.
    SinglingOut(SinglingOutAttacker), "singling_out", "singling-out";
    /// Linkability, 关联.
    Linkability(LinkabilityAttacker), "linkability", "linkability";
    /// Attribute inference, 推断.
    Inference(InferenceAttacker), "inference", "inference";
    /// Membership, 成员推断.
    Membership(MembershipAttacker), "membership", "membership";
}

impl AttackKind {
    /// The attack of a code.
    pub fn from_code(code: &str) -> Option<AttackKind> {
        AttackKind::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// The attack of a name on a command line.
    pub fn from_argument(argument: &str) -> Option<AttackKind> {
        AttackKind::ALL.iter().copied().find(|kind| kind.argument() == argument)
    }
}

/// What one attacker achieved.
#[derive(Debug, Clone, PartialEq)]
pub struct AttackerResult {
    /// Who.
    pub attacker: Attacker,
    /// The counts that all attacks have.
    pub counts: Counts,
    /// The attacker's counts for parts of the persons, where the attack has targets.
    pub subgroups: Vec<SubgroupCounts>,
    /// What only this attack has to tell.
    pub detail: Detail,
    /// Who was hit, where the plan asks to keep it.
    pub hits: Option<Hits>,
    /// How the answers were searched for, where the attack searches.
    pub searches: Vec<Search>,
}

impl AttackerResult {
    /// The risk at a confidence level; `None` when infeasible or undetermined.
    pub fn risk(&self, confidence: f64) -> Option<Risk> {
        self.risks(&[confidence]).pop()?
    }

    /// The risks at several levels, for less than one after the other.
    pub fn risks(&self, levels: &[f64]) -> Vec<Option<Risk>> {
        let Some(model) = self.counts.model() else { return vec![None; levels.len()] };
        self.detail.own_risks(levels).unwrap_or_else(|| levels.iter().map(|level| model.estimate(*level)).collect())
    }
}
