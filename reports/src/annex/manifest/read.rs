//! From the file's tree to a [`Manifest`]: every key is asked for by name, and what nobody asked for is unknown.

use super::super::rules::Rules;
use super::fault::{Code, Fault};
use super::keys::{Keys, LONGEST_ID, Record};
use super::node::{self, Node, Value};
use super::*;
use std::cell::RefCell;

impl Manifest {
    /// Reads a manifest with everything that is wrong with the file by itself, in the order of lines. What contradicts other files
    /// is found by [`check`], which can be asked all the same, so that all faults are listed at once.
    ///
    /// # Errors
    /// When the text is not TOML: every place at which it is not.
    pub fn parse(text: &str, purpose: Purpose, rules: &Rules) -> Result<(Manifest, Vec<Fault>), Vec<Fault>> {
        let tree = node::parse(text)?;
        let record = RefCell::new(Record::default());
        let root = Keys::new(&record, String::new(), 1, Some(&tree));
        let mut manifest = read(&root, purpose, rules);
        root.end();
        let Record { mut faults, lines } = record.into_inner();
        manifest.lines = lines;
        faults.extend(super::looks::faults(&tree));
        faults.extend(super::checks::alone(&manifest, purpose, rules));
        faults.sort();
        faults.dedup();
        Ok((manifest, faults))
    }

    /// Reads a manifest that has no fault by itself.
    ///
    /// # Errors
    /// All faults, in the order of lines.
    pub fn read(text: &str, purpose: Purpose, rules: &Rules) -> Result<Manifest, Vec<Fault>> {
        match Manifest::parse(text, purpose, rules)? {
            (manifest, faults) if faults.is_empty() => Ok(manifest),
            (_, faults) => Err(faults),
        }
    }
}

fn read(root: &Keys<'_>, purpose: Purpose, rules: &Rules) -> Manifest {
    let (write, route) = (purpose == Purpose::Write, purpose != Purpose::Compare);
    let need = |when: bool, keys: &Keys<'_>, names: &[&'static str]| {
        if when {
            keys.need(names);
        }
    };
    if root.text("schema") != SCHEMA {
        let line = root.table.and_then(|table| table.get("schema")).map_or(1, |node| node.line);
        root.fault(line, "schema".to_owned(), format!("must be \"{SCHEMA}\": this version reads no other"));
    }

    let keys = root.part("report");
    let report = Report {
        id: keys.text_up_to("id", LONGEST_ID),
        version: keys.count("version", Code::E1),
        issued: keys.day("issued"),
    };
    need(write, &keys, &["id", "version", "issued"]);
    keys.end();

    let keys = root.part("filer");
    let filer = Filer {
        name: keys.text("name"),
        uscc: keys.text("uscc"),
        address: keys.text("address"),
        ciio: keys.word("ciio").unwrap_or_default(),
        persons_processed: keys.count("persons_processed", Code::E1),
        sector: keys.word("sector"),
    };
    need(write, &keys, &["name", "uscc", "address"]);
    need(route, &keys, &["ciio", "persons_processed", "sector"]);
    keys.end();

    let keys = root.part("approval");
    let approval = Approval(SIGNATORIES.map(|name| keys.signatory(name)));
    keys.end();

    let keys = root.part("assessment");
    let member = |keys: &Keys<'_>| {
        keys.need(&["name", "role"]);
        Member { name: keys.text("name"), role: keys.word("role") }
    };
    let assessment = Assessment {
        started: keys.day("started"),
        ended: keys.day("ended"),
        organization: keys.text("organization"),
        method: keys.text("method"),
        steps: keys.texts("steps"),
        team: keys.tables("team", member),
        independent: keys.word("independent").unwrap_or_default(),
    };
    need(write, &keys, &["started", "ended", "organization", "method", "steps", "team", "independent"]);
    keys.end();

    let third_party = root.table("third_party").map(|keys| {
        let read = ThirdParty {
            name: keys.text("name"),
            uscc: keys.text("uscc"),
            role: keys.text("role"),
            part: keys.text("part"),
        };
        keys.need(&["name", "uscc", "role", "part"]);
        keys.end();
        read
    });

    let keys = root.part("processing");
    let processing = Processing {
        purpose: keys.text("purpose"),
        method: keys.text("method"),
        necessity: keys.text("necessity"),
        legal_basis: keys.word("legal_basis"),
        notice: keys.word("notice").unwrap_or_default(),
        separate_consent: keys.word("separate_consent").unwrap_or_default(),
        retention_until: keys.day("retention_until"),
        storage_place: keys.text("storage_place"),
        last_transfer_on: keys.day("last_transfer_on"),
    };
    need(write, &keys, &["purpose", "method", "necessity", "legal_basis"]);
    need(route, &keys, &["notice", "separate_consent", "retention_until", "storage_place"]);
    keys.end();

    let keys = root.part("release");
    let release = Release {
        model: keys.word("model"),
        kind: keys.word("kind"),
        part_of_series: keys.bool("part_of_series"),
        others: keys.tables("others", other_release),
    };
    need(write, &keys, &["model", "kind", "part_of_series", "others"]);
    keys.end();

    let keys = root.part("claim");
    let claim = Claim {
        kind: keys.word("kind"),
        perspective: keys.word("perspective"),
        accepted_by: keys.signatory("accepted_by"),
    };
    need(route, &keys, &["kind", "perspective"]);
    keys.end();

    let not_public = write && release.model != Some(Model::Public);
    let recipients = root.tables("recipients", |keys| recipient(keys, route, not_public));
    need(route, root, &["recipients"]);

    let keys = root.part("context");
    let context = Context {
        p: keys.sourced("p", |keys| keys.share("value")),
        m: keys.sourced("m", |keys| keys.count("value", Code::E13)),
        breach_rate: keys.sourced("breach_rate", |keys| keys.share("value")),
    };
    keys.end();

    let keys = root.part("volume");
    let volume = Volume {
        since: keys.day("since"),
        deduplicated: keys.bool("deduplicated"),
        non_sensitive_before: keys.count("non_sensitive_before", Code::E11),
        sensitive_before: keys.count("sensitive_before", Code::E11),
        non_sensitive: keys.count("non_sensitive", Code::E11),
        sensitive: keys.count("sensitive", Code::E11),
        forecast: keys.list("forecast").iter().filter_map(|node| keys.count_of("forecast", node, Code::E11)).collect(),
    };
    let volumes = ["since", "deduplicated", "non_sensitive_before", "sensitive_before", "non_sensitive", "sensitive"];
    need(route, &keys, &volumes);
    keys.end();

    let keys = root.part("important_data");
    let important_data = Important {
        status: keys.word("status").unwrap_or_default(),
        basis: keys.text("basis"),
        told_on: keys.day("told_on"),
        declared: keys.word("declared").unwrap_or_default(),
        core_or_secret: keys.word("core_or_secret").unwrap_or_default(),
    };
    need(route, &keys, &["status", "core_or_secret"]);
    keys.end();

    let keys = root.part("exemption");
    let exemption = Exempt { kind: keys.word("kind"), reason: keys.text("reason") };
    need(route, &keys, &["kind"]);
    keys.end();

    let keys = root.part("negative_list");
    let negative_list = NegativeList {
        area: keys.text("area"),
        list: keys.text("list"),
        registered: keys.word("registered").unwrap_or_default(),
        sector_covered: keys.word("sector_covered").unwrap_or_default(),
        listed: keys.word("listed").unwrap_or_default(),
    };
    keys.end();

    let keys = root.part("gba");
    let gba = Gba { both_ends: keys.word("both_ends").unwrap_or_default() };
    keys.end();

    let keys = root.part("filing");
    let filing = Filing {
        planned_on: keys.day("planned_on"),
        route: keys.word("route"),
        number: keys.text("number"),
        contract_effective: keys.day("contract_effective"),
    };
    need(route, &keys, &["planned_on", "route"]);
    keys.end();

    let certificate = root.table("certificate").map(|keys| {
        let read = Certificate {
            number: keys.text("number"),
            body: keys.text("body"),
            issued: keys.day("issued"),
            expires: keys.day("expires"),
            scope: keys.text("scope"),
        };
        keys.end();
        read
    });
    let sa_result = root.table("sa_result").map(|keys| {
        let read = SaResult { number: keys.text("number"), issued: keys.day("issued"), expires: keys.day("expires") };
        keys.end();
        read
    });

    let keys = root.part("dataset");
    let dataset = Dataset {
        name: keys.text("name"),
        source: keys.text("source"),
        period_from: keys.day("period_from"),
        period_to: keys.day("period_to"),
        subjects: keys.count("subjects", Code::E1),
        groups: keys.words("groups"),
        taxonomy: keys.word("taxonomy").unwrap_or_default(),
    };
    need(write, &keys, &["name", "source", "period_from", "period_to", "subjects", "groups"]);
    keys.end();

    let columns = columns(root, write);
    let measures = root.tables("measures", |keys| {
        keys.need(&["columns", "technique", "reason"]);
        Measure { columns: keys.texts("columns"), technique: keys.text("technique"), reason: keys.text("reason") }
    });

    let keys = root.part("secrets");
    let secrets = Secrets {
        mapping: keys.word("mapping"),
        keys: keys.word("keys"),
        attested_by: keys.text("attested_by"),
        on: keys.day("on"),
    };
    need(write, &keys, &["mapping", "keys"]);
    keys.end();

    let keys = root.part("impact");
    let impact = IMPACTS.map(|name| keys.rated(name));
    need(write, &keys, &IMPACTS);
    keys.end();
    let keys = root.part("likelihood");
    let likelihood = LIKELIHOODS.map(|name| keys.rated(name));
    need(write, &keys, &LIKELIHOODS);
    keys.end();

    let adjust = root.tables("adjust", adjustment).into_iter().flatten().collect();
    let utility = root.tables("utility", |keys| {
        keys.need(&["use", "criterion", "result", "met"]);
        Utility {
            purpose: keys.text("use"),
            criterion: keys.text("criterion"),
            result: keys.text("result"),
            met: keys.word("met").unwrap_or_default(),
        }
    });
    let treatment = root.tables("treatment", |keys| {
        keys.need(&["risk", "measure", "owner", "due"]);
        Treatment {
            risk: keys.text("risk"),
            measure: keys.text("measure"),
            owner: keys.text("owner"),
            due: keys.day("due"),
            done: keys.day("done"),
        }
    });
    need(write, root, &["measures", "utility", "columns"]);

    let keys = root.part("review");
    let review = review(&keys, rules);
    keys.end();

    let standards = root.texts("standards");
    Manifest {
        report,
        filer,
        approval,
        assessment,
        third_party,
        processing,
        release,
        claim,
        recipients,
        context,
        volume,
        important_data,
        exemption,
        negative_list,
        gba,
        filing,
        certificate,
        sa_result,
        dataset,
        columns,
        measures,
        secrets,
        impact,
        likelihood,
        adjust,
        utility,
        treatment,
        review,
        standards,
        lines: BTreeMap::new(),
    }
}

fn other_release(keys: &Keys<'_>) -> OtherRelease {
    keys.need(&["name", "date", "relation"]);
    OtherRelease {
        name: keys.text("name"),
        date: keys.day("date"),
        sha256: keys.text("sha256"),
        relation: keys.word("relation").unwrap_or(Relation::Unknown),
    }
}

fn recipient(keys: &Keys<'_>, needed: bool, not_public: bool) -> Recipient {
    if needed {
        keys.need(&["name", "country", "purpose", "method", "storage_place", "onward"]);
    }
    if not_public {
        keys.need(&["controls", "motive_capacity", "agreement"]);
    }
    let agreed = keys.part("agreement");
    let agreement = AGREEMENT.map(|name| agreed.word(name).unwrap_or_default());
    if not_public && agreed.table.is_some() {
        agreed.need(&AGREEMENT);
    }
    agreed.end();
    Recipient {
        name: keys.text("name"),
        country: keys.text("country"),
        purpose: keys.text("purpose"),
        method: keys.text("method"),
        storage_place: keys.text("storage_place"),
        onward: keys.word("onward").unwrap_or_default(),
        controls: keys.word("controls"),
        motive_capacity: keys.word("motive_capacity"),
        agreement,
        other_data: keys.texts("other_data"),
        law_changed_on: keys.day("law_changed_on"),
    }
}

fn columns(root: &Keys<'_>, write: bool) -> Vec<Column> {
    let Some(node) = root.get("columns") else { return Vec::new() };
    let Value::Table(table) = &node.value else {
        root.wrong("columns", node, "a table with an entry per column, such as [columns.\"age\"]");
        return Vec::new();
    };
    let column = |(name, node): (&String, &Node)| {
        let path = format!("columns.\"{}\"", crate::visible::visible(name));
        root.record.borrow_mut().lines.insert(path.clone(), node.line);
        let Value::Table(table) = &node.value else {
            root.fault(node.line, path, format!("must be a table, and is {}", node.value.kind()));
            return None;
        };
        let keys = Keys::new(root.record, path, node.line, Some(table));
        let read = Column {
            name: name.clone(),
            role: keys.word("role"),
            class: keys.word("class"),
            transform: keys.word("transform"),
            necessity: keys.text("necessity"),
            description: keys.text("description"),
            important: keys.bool("important").unwrap_or(false),
        };
        if write {
            keys.need(&["role", "class", "transform", "necessity", "important"]);
        }
        keys.end();
        Some(read)
    };
    table.iter().filter_map(column).collect()
}

fn adjustment(keys: &Keys<'_>) -> Option<Adjustment> {
    let (rule, reason) = (keys.word("rule"), keys.text("reason"));
    keys.need(&["rule", "delta"]);
    let delta = match keys.get("delta") {
        Some(Node { value: Value::Whole(delta), .. }) => i64::try_from(*delta).ok(),
        Some(node) => {
            keys.wrong("delta", node, "1 or -1");
            None
        }
        None => None,
    };
    Some(Adjustment { rule: rule?, delta: delta?, reason })
}

fn review(keys: &Keys<'_>, rules: &Rules) -> Review {
    let most = rules.time.review_months_most.value;
    let interval_months = keys.count("interval_months", Code::E1).and_then(|months| {
        let fits = u32::try_from(months).ok().filter(|months| (1..=most).contains(months));
        if fits.is_none() {
            let line = keys.get("interval_months").map_or(keys.line, |node| node.line);
            keys.fault(line, keys.key("interval_months"), format!("must be between 1 and {most} months"));
        }
        fits
    });
    Review {
        interval_months,
        incidents: keys.tables("incidents", |keys| {
            keys.need(&["date", "text", "persons"]);
            Incident { date: keys.day("date"), text: keys.text("text"), persons: keys.count("persons", Code::E1) }
        }),
        control_changed_on: keys.day("control_changed_on"),
        contract_changed_on: keys.day("contract_changed_on"),
        system_changed_on: keys.day("system_changed_on"),
        same: keys.tables("same", |keys| {
            keys.need(&["key", "reason"]);
            Same { key: keys.text("key"), reason: keys.text("reason") }
        }),
    }
}
