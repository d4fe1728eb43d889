//! Equivalence classes, and the risks that follow from them, as measures of the evidence.
//!
//! `classes.*` describe the classes of the release, `risk.*` what an intruder gains from their sizes, `gbt42460.*` the figures of that
//! standard. Where a figure does not exist its value is null, and `how` says why: a figure that could not be computed is
//! never 0.

use super::round;
use crate::evidence::{Context, GradeName, Measure, QuasiIdentifiers, SizeBand};
use reident_attacks::classes::closeness::Closeness;
use reident_attacks::classes::diversity::Diversity;
use reident_attacks::classes::gbt42460::{self, Assessment, Grade, Identifiers, Sharing};
use reident_attacks::classes::population::Population;
use reident_attacks::classes::sizes::Sizes;
use reident_attacks::classes::{Classes, Fraction, of_columns, with_wildcards};
use reident_attacks::table::{Cell, Tables};

/// The overall threshold that GB/T 42460-2023 recommends, 0.05.
const THRESHOLD: [u64; 2] = [1, 20];

/// What `how` says where there are more pairs of rows than can be counted.
const TOO_MANY: &str = "too_many_pairs";
/// What `how` says without a population file.
const NO_FILE: &str = "no_population_file";
/// What `how` says of persons of the population file.
const OF_FILE: &str = "persons_of_the_population_file_who_fit";
/// What `how` says of rows that are suppressed on every quasi-identifier.
const LEFT_OUT: &str = "suppressed_rows_left_out";
// Sources are codes in evidence; `measure.source` of the messages names them.
const SAMARATI: &str = "samarati_2001";
const EL_EMAM: &str = "el_emam_dankar_2008";
const DANKAR: &str = "dankar_el_emam_2010";
const K_MAP: &str = "sweeney_2001";
const TKDD: &str = "machanavajjhala_2007";
const LI: &str = "li_2007";
const GBT: &str = "gbt42460_annex_d";
const GBT_37964: &str = "gbt37964_annex_b";

/// Collects measures.
struct Measures(Vec<Measure>);

impl Measures {
    fn add(&mut self, id: impl Into<String>, value: Option<f64>, how: &str, source: &str) -> &mut Measure {
        self.0.push(Measure {
            id: id.into(),
            column: None,
            value: value.map(round),
            denominator: None,
            sizes: Vec::new(),
            how: how.to_owned(),
            source: source.to_owned(),
        });
        self.0.last_mut().expect("one was added")
    }

    fn share(&mut self, id: impl Into<String>, part: u64, whole: u64, how: &str, source: &str) {
        let value = (whole > 0).then(|| part as f64 / whole as f64);
        self.add(id, value, how, source).denominator = Some(whole);
    }
}

/// The measures of a release.
///
/// `direct` is the number of columns that hold direct identifiers. `register` is the population file beside the release, whose persons
/// then are those whom a class is held against, on the quasi-identifiers that the file has; without it they are those of the original and
/// the control.
pub fn classes(
    tables: &Tables,
    register: Option<&Tables>,
    quasi: &QuasiIdentifiers,
    context: &Context,
    direct: u64,
) -> Vec<Measure> {
    let mut measures = Measures(Vec::new());
    measures.add("gbt42460.direct_columns", Some(direct as f64), "forms_and_check_digits", "gbt42460_annex_a");
    let position = |name: &String| tables.position(name);
    let columns: Vec<usize> = quasi.columns.iter().filter_map(position).collect();
    let identifiers = Identifiers { direct: direct > 0, quasi: !columns.is_empty() || !quasi.not_counted.is_empty() };
    if columns.is_empty() {
        let sizes = Sizes::default();
        standard(&mut measures, &sizes, context, identifiers);
        return measures.0;
    }
    let classes = Classes::of(tables, &columns, true);
    let sizes = classes.sizes();
    of_sizes(&mut measures, tables, &classes, &sizes);
    of_suppression(&mut measures, tables, &columns, &sizes);
    let population = of_population(&mut measures, tables, &classes, register);
    // With suppressed rows as a class of their own, where there are any.
    let with_suppressed = (classes.suppressed_rows > 0).then(|| Classes::of(tables, &columns, false));
    let sensitive: Vec<(&String, &[u32])> = quasi
        .sensitive
        .iter()
        .filter_map(|name| Some((name, tables.anonymized.column(tables.position(name)?))))
        .collect();
    let columns: Vec<&[u32]> = sensitive.iter().map(|(_, values)| *values).collect();
    let left_out = of_columns(&classes, &columns);
    let as_class = with_suppressed.map(|classes| of_columns(&classes, &columns));
    for (at, (name, _)) in sensitive.into_iter().enumerate() {
        of_sensitive(&mut measures, "classes", name, left_out[at]);
        if let Some(as_class) = &as_class {
            of_sensitive(&mut measures, "classes.as_class", name, as_class[at]);
        }
    }
    risks(&mut measures, &sizes, population, register.is_some(), context);
    standard(&mut measures, &sizes, context, identifiers);
    measures.0
}

/// The measure that says that so many columns of the release were searched for whether they can be restored.
pub fn searched(columns: u64) -> Measure {
    let mut measures = Measures(Vec::new());
    let how = "searched_for_functions_of_the_original";
    measures.add("reversibility.columns_examined", Some(columns as f64), how, "pipl_73_4").clone()
}

fn of_sizes(measures: &mut Measures, tables: &Tables, classes: &Classes, sizes: &Sizes) {
    let rows = sizes.rows();
    measures.add("classes.count", Some(sizes.classes() as f64), LEFT_OUT, SAMARATI);
    let found = measures.add("classes.sizes", None, LEFT_OUT, SAMARATI);
    found.sizes = bands(sizes);
    measures.add("classes.k", sizes.smallest().map(|k| k as f64), LEFT_OUT, SAMARATI);
    measures.share("classes.unique", sizes.unique_rows(), rows, LEFT_OUT, SAMARATI);
    let all = tables.anonymized.rows() as u64;
    measures.share(
        "classes.suppressed_rows",
        classes.suppressed_rows,
        all,
        "suppressed_on_every_quasi_identifier",
        SAMARATI,
    );
}

/// Sizes in bands: one each up to 5, then up to 10, 20, 50, 100, 1,000, and what is larger.
fn bands(sizes: &Sizes) -> Vec<SizeBand> {
    const ENDS: [u64; 10] = [1, 2, 3, 4, 5, 10, 20, 50, 100, 1000];
    let mut bands: Vec<SizeBand> = Vec::new();
    for (size, classes) in sizes.histogram() {
        let to = ENDS.into_iter().find(|end| size <= *end);
        let from = to.map_or(ENDS[9] + 1, |to| ENDS.into_iter().rfind(|end| *end < to).map_or(1, |end| end + 1));
        if bands.last().is_none_or(|band| band.from != from) {
            bands.push(SizeBand { from, to, classes: 0, rows: 0 });
        }
        if let Some(band) = bands.last_mut() {
            band.classes += classes;
            band.rows += classes * size;
        }
    }
    bands
}

/// k as other tools count it: they differ in what a suppressed cell is.
fn of_suppression(measures: &mut Measures, tables: &Tables, columns: &[usize], left_out: &Sizes) {
    let is_suppressed = |column: &usize| {
        let last = tables.columns[*column].domain.cells().last() == Some(&Cell::Suppressed);
        let code = tables.columns[*column].domain.len() as u32 - 1;
        last && tables.anonymized.column(*column).contains(&code)
    };
    let classes = Classes::of(tables, columns, false);
    let sizes = classes.sizes();
    let (how, source) = ("suppressed_as_a_class", "pycanon_arx");
    measures.add("classes.as_class.k", sizes.smallest().map(|k| k as f64), how, source);
    measures.share("classes.as_class.unique", sizes.unique_rows(), sizes.rows(), how, source);
    let (how, source) = ("suppressed_as_wildcards", "sdcmicro_arx");
    if !columns.iter().any(is_suppressed) {
        measures.add("classes.as_wildcards.k", left_out.smallest().map(|k| k as f64), how, source);
        measures.share("classes.as_wildcards.unique", left_out.unique_rows(), left_out.rows(), how, source);
        return;
    }
    match with_wildcards(tables, &classes) {
        Ok(agreeing) => {
            let least = agreeing.iter().map(|(_, agreeing)| *agreeing).min();
            let unique = agreeing.iter().filter(|(_, agreeing)| *agreeing == 1).map(|(rows, _)| rows).sum();
            measures.add("classes.as_wildcards.k", least.map(|k| k as f64), how, source);
            measures.share("classes.as_wildcards.unique", unique, sizes.rows(), how, source);
        }
        Err(_) => {
            measures.add("classes.as_wildcards.k", None, "too_many_pairs", source);
        }
    }
}

/// What an intruder comes to who has the register, does not know whom of it the release is about, and names the person whom a record is
/// about by all that the register tells: one over the persons who fit the record.
pub fn record_linkage(register: Option<&Tables>) -> Vec<Measure> {
    const LARGEST: &str = "risk.record_linkage.journalist.largest";
    const MEAN: &str = "risk.record_linkage.journalist.mean";
    const NOBODY: &str = "risk.record_linkage.journalist.fitting_nobody";
    let mut measures = Measures(Vec::new());
    let Some(register) = register else {
        measures.add(LARGEST, None, NO_FILE, EL_EMAM);
        measures.add(MEAN, None, NO_FILE, DANKAR);
        return measures.0;
    };
    let classes = Classes::of(register, &(0..register.columns.len()).collect::<Vec<_>>(), true);
    match Population::of(register, &classes) {
        Err(_) => {
            measures.add(LARGEST, None, TOO_MANY, EL_EMAM);
            measures.add(MEAN, None, TOO_MANY, DANKAR);
        }
        Ok(found) => {
            let how = "one_over_persons_of_the_population_file";
            measures.add(LARGEST, found.largest_risk().map(Fraction::value), how, EL_EMAM);
            measures.add(MEAN, found.mean_risk, how, DANKAR);
            measures.share(NOBODY, found.fitting_nobody.1, classes.sizes().rows(), OF_FILE, K_MAP);
        }
    }
    measures.0
}

/// The classes against the persons of the population file, on the quasi-identifiers that it has, or else of the original and the control.
fn of_population(
    measures: &mut Measures,
    tables: &Tables,
    classes: &Classes,
    register: Option<&Tables>,
) -> Option<Population> {
    let of_file = register.map(|register| {
        let names = classes.columns.iter().map(|column| &tables.columns[*column].name);
        (register, names.filter_map(|name| register.position(name)).collect::<Vec<_>>())
    });
    let counted = match &of_file {
        None => Population::of(tables, classes).map(|found| (found, classes.sizes().rows())),
        Some((_, columns)) if columns.is_empty() => {
            measures.add("classes.population_k", None, "not_in_the_population_file", K_MAP);
            return None;
        }
        Some((register, columns)) => {
            let classes = Classes::of(register, columns, true);
            Population::of(register, &classes).map(|found| (found, classes.sizes().rows()))
        }
    };
    let how = if register.is_some() { OF_FILE } else { "persons_of_original_and_control_who_fit" };
    let Ok((found, rows)) = counted else {
        measures.add("classes.population_k", None, TOO_MANY, K_MAP);
        return None;
    };
    measures.add("classes.population_k", found.fewest.map(|k| k as f64), how, K_MAP);
    let uniques = "skinner_elliot_2002";
    measures.share("classes.population_uniques", found.population_uniques, found.sample_uniques, how, uniques);
    measures.share("classes.fitting_nobody", found.fitting_nobody.1, rows, how, K_MAP);
    let presence = "nergiz_2007";
    measures.add("classes.presence_least", found.presence.map(|(least, _)| least), how, presence);
    measures.add("classes.presence_largest", found.presence.map(|(_, largest)| largest), how, presence);
    Some(found)
}

/// The diversity of one column within classes, and how close they are to all rows, under ids that begin with `group`.
fn of_sensitive(measures: &mut Measures, group: &str, name: &str, found: Option<(Diversity, Closeness)>) {
    let mut add = |id: &str, value: Option<f64>, how: &str, source: &str| {
        measures.add(format!("{group}.{id}"), value, how, source).column = Some(name.to_owned());
    };
    let (diversity, closeness) = found.unzip();
    add("l_distinct", diversity.map(|found| found.distinct as f64), "least_of_a_class", TKDD);
    add("l_entropy", diversity.map(|found| found.entropy), "exponential_of_the_least_entropy", TKDD);
    let has_one_value = diversity.is_some_and(|found| found.recursive_2.is_none());
    let how = if has_one_value { "a_class_has_one_value" } else { "c_must_exceed" };
    add("recursive_c_2", diversity.and_then(|found| found.recursive_2), how, TKDD);
    add("t_equal", closeness.map(|found| found.equal), "earth_movers_distance_equal", LI);
    add("t_ordered", closeness.map(|found| found.ordered), "earth_movers_distance_ordered", LI);
}

fn risks(measures: &mut Measures, sizes: &Sizes, population: Option<Population>, of_file: bool, context: &Context) {
    let value = |fraction: Option<Fraction>| fraction.map(Fraction::value);
    measures.add("risk.prosecutor.largest", value(sizes.largest_risk()), "one_over_k", EL_EMAM);
    measures.add("risk.prosecutor.mean", value(sizes.mean_over_rows()), "classes_over_rows", EL_EMAM);
    let how = if of_file { "one_over_persons_of_the_population_file" } else { "one_over_persons_who_fit" };
    if let Some(population) = population {
        measures.add("risk.journalist.largest", value(population.largest_risk()), how, EL_EMAM);
        measures.add("risk.marketer", population.mean_risk, how, DANKAR);
    }
    let (probability, how) = in_context(context);
    let overall = |risk: Option<Fraction>| risk.map(|risk| risk.value() * probability.value());
    let ipc = "ipc_ontario_2016";
    measures.add("risk.overall.public", value(sizes.largest_risk()), "exact", ipc);
    measures.add("risk.overall.mean_rows", overall(sizes.mean_over_rows()), how, ipc);
    measures.add("risk.overall.largest", overall(sizes.largest_risk()), how, "pdpc_2024");
}

/// pr(context), 1 and so the worst where it is not known, and how it was come by.
fn in_context(context: &Context) -> (Fraction, &'static str) {
    match of_context(context).probability() {
        Some(probability) => (probability, "exact"),
        None => (Fraction::ONE, "worst_context"),
    }
}

fn grade(name: GradeName) -> Grade {
    match name {
        GradeName::Low => Grade::Low,
        GradeName::Medium => Grade::Medium,
        GradeName::High => Grade::High,
    }
}

fn of_context(context: &Context) -> gbt42460::Context {
    let grades = context.controls.zip(context.motive_capacity);
    gbt42460::Context {
        deliberate: grades.map(|(controls, motive)| gbt42460::deliberate(grade(controls), grade(motive))),
        inadvertent: context.p.zip(context.m).map(|(p, m)| gbt42460::inadvertent(p, m)),
        breach: context.breach_rate,
    }
}

fn standard(measures: &mut Measures, sizes: &Sizes, context: &Context, identifiers: Identifiers) {
    let known = of_context(context);
    let threshold = Fraction::new(THRESHOLD[0], THRESHOLD[1]);
    measures.add("gbt42460.r_b", sizes.largest_risk().map(Fraction::value), "largest_theta", GBT);
    measures.add("gbt42460.r_c", sizes.mean_over_classes(), "mean_over_classes", GBT);
    measures.add("gbt42460.mean_rows", sizes.mean_over_rows().map(Fraction::value), "mean_over_rows", GBT_37964);
    let terms = [
        ("gbt42460.pr_deliberate", known.deliberate.map(Fraction::value), "table_b1"),
        ("gbt42460.pr_inadvertent", known.inadvertent, "one_minus_none_of_m"),
        ("gbt42460.pr_breach", known.breach, "configured"),
        ("gbt42460.pr_context", known.probability().map(Fraction::value), "largest_of_three"),
    ];
    for (id, value, how) in terms {
        measures.add(id, value, if value.is_some() { how } else { "not_configured" }, GBT_37964);
    }
    measures.add("gbt42460.threshold", Some(threshold.value()), "recommended", GBT);
    for sharing in Sharing::ALL {
        let Assessment { above_cutoff, context_known, risk, below, level, .. } =
            gbt42460::assess(sizes, sharing, &known, threshold, identifiers);
        let name = sharing.name();
        let how = format!("theta_above_1_{}", sharing.least_size());
        measures.share(format!("gbt42460.r_a.{name}"), above_cutoff.0, above_cutoff.1, &how, GBT);
        let how = match (above_cutoff.0, context_known) {
            (1.., _) => "cutoff_exceeded",
            (0, true) => "exact",
            (0, false) => "worst_context",
        };
        measures.add(format!("gbt42460.r.{name}"), risk, how, GBT);
        let how = match (level, below) {
            (None, _) => "hangs_on_the_context",
            (Some(1), _) => "direct_identifiers",
            (Some(4), _) => "no_identifiers",
            _ => "compared_as_fractions",
        };
        measures.add(format!("gbt42460.level.{name}"), level.map(f64::from), how, GBT);
    }
}
