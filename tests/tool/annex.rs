//! `reident annex`, as a filer drives it: init, write, route, dates, diff.

use crate::attest::{finished, ok, signed};
use crate::support::{Place, demo_tables};

/// The manifest of a fictional company about the demo's tables.
const MANIFEST: &str = include_str!("../../reports/tests/fixture/manifest.toml");

const WRITE: &str =
    "annex write --evidence evidence.json --manifest m.toml --policy cn-gbt42460-controlled --as-of 2026-11-27";

fn evaluated() -> Place {
    let place = demo_tables(300, 0.2);
    ok(
        &place,
        "evaluate --original o.csv --anonymized a.csv --control c.csv --attacks 80 --quiet --reproducible --out evidence.json",
    );
    place.write("m.toml", MANIFEST);
    place
}

#[test]
fn the_whole_way_from_evidence_to_the_filed_document() {
    let place = evaluated();
    ok(&place, "annex init --evidence evidence.json --out new.toml");
    let template = place.read("new.toml");
    assert!(template.contains("[columns.\"age\"]") && template.contains("schema = \"reident/manifest/v1\""));
    finished(&place, "annex init --evidence evidence.json --out new.toml", 2);
    // What nobody filled in is listed at once, with lines.
    let refused = finished(&place, &format!("{} --out x.docx", WRITE.replace("m.toml", "new.toml")), 2).stderr();
    assert!(refused.contains("new.toml, line ") && refused.matches("E1: ").count() > 20, "{refused}");
    assert!(!place.files().contains(&"x.docx".to_owned()));

    let said = ok(&place, &format!("{WRITE} --out annex.docx")).stdout();
    assert!(said.contains("conclusion C3") || said.contains("conclusion C4"), "{said}");
    assert!(said.contains("R8") && said.contains("2029-12-01"), "{said}");
    let first = std::fs::read(place.path().join("annex.docx")).unwrap();
    assert!(first.starts_with(b"PK"));
    ok(&place, &format!("{WRITE} --out again.docx"));
    assert_eq!(first, std::fs::read(place.path().join("again.docx")).unwrap(), "the same bytes on two runs");
    ok(&place, &format!("{WRITE} --out annex.md"));
    ok(&place, &format!("{WRITE} --out annex.json"));
    let text = place.read("annex.md");
    for title in [
        "一、结论摘要",
        "七、重标识风险计算方案与结果",
        "十六、条款对照表",
        "本次未检验",
        "未签名，不得作为认证证据提交",
    ] {
        assert!(text.contains(title), "{title}");
    }
    let json: serde_json::Value = serde_json::from_str(&place.read("annex.json")).unwrap();
    assert_eq!(json["schema"], "reident/annex/v1");
    // English is a reading aid in Markdown alone.
    finished(&place, &format!("{WRITE} --lang en --out en.docx"), 2);
    ok(&place, &format!("{WRITE} --lang en --out en.md"));
    assert!(place.read("en.md").contains("Translation, not the text that is filed"));

    let route = ok(&place, "annex route --manifest m.toml --lang zh").stdout();
    assert!(route.contains("R8") && route.contains("第八条"), "{route}");
    let json = ok(
        &place,
        "annex route --manifest m.toml --evidence evidence.json --policy cn-gbt42460-controlled --format json",
    );
    let json: serde_json::Value = serde_json::from_str(&json.stdout()).unwrap();
    assert_eq!(json["route"]["rows"][0], "R8");
    let dates = ok(&place, "annex dates --manifest m.toml --as-of 2026-11-27").stdout();
    assert!(dates.contains("2027-02-20"), "{dates}");
    finished(&place, "annex dates --manifest m.toml --as-of 2027-11-27", 1);
    let same = "annex diff --from m.toml evidence.json --to m.toml evidence.json --as-of 2026-11-27";
    let found = place.run(&same.split(' ').collect::<Vec<_>>());
    assert!(!found.stdout().contains("fires:"), "{}", found.stdout());
    finished(&place, "annex diff --from m.toml --to m.toml --as-of 2026-11-27", 4);
    place.write("changed.toml", MANIFEST.replace("产品改进", "市场营销"));
    let fired = finished(&place, "annex diff --from m.toml --to changed.toml --as-of 2026-11-27", 1).stdout();
    assert!(fired.contains("G1 fires") && fired.contains("processing.purpose"), "{fired}");
    let said = ok(&place, &format!("{WRITE} --previous-manifest changed.toml --out third.docx")).stdout();
    assert!(said.contains("G1 fires"), "{said}");
}

#[test]
fn routes_that_stop_and_routes_that_are_open() {
    let place = Place::new();
    let with = |from: &str, to: &str| {
        assert!(MANIFEST.contains(from));
        place.write("m.toml", MANIFEST.replace(from, to));
    };
    with("core_or_secret = \"no\"", "core_or_secret = \"yes\"");
    let stopped = finished(&place, "annex route --manifest m.toml", 1).stdout();
    assert!(stopped.contains("R0"), "{stopped}");
    with("ciio = \"no\"", "ciio = \"unknown\"");
    let open = finished(&place, "annex route --manifest m.toml", 4).stdout();
    assert!(open.contains("R6") && open.contains("R8") && open.contains("filer.ciio"), "{open}");
    with("route = \"scc\"", "route = \"none\"");
    assert!(ok(&place, "annex route --manifest m.toml").stderr().contains("E12"));
    with("ciio = \"no\"", "ciio = \"maybe\"");
    let wrong = finished(&place, "annex route --manifest m.toml", 2).stderr();
    assert!(wrong.contains("m.toml, line ") && wrong.contains("E1: `filer.ciio`"), "{wrong}");
}

#[test]
fn an_envelope_is_verified_before_the_evidence_is_read() {
    let place = signed(150, "--attacks 40");
    place.write("m.toml", MANIFEST);
    let signed = format!("{WRITE} --envelope envelope.json --public-key key.pub");
    ok(&place, &format!("{signed} --out annex.md"));
    let text = place.read("annex.md");
    assert!(!text.contains("未签名"), "a signed annex is not called unsigned");
    assert!(
        text.contains("处理前数据承诺（HMAC）") && !text.contains("处理前数据承诺（HMAC） | 未填写"),
        "commitments are shown"
    );
    let evidence = place.read("evidence.json");
    place.write("evidence.json", evidence.replacen("\"confidence\": 0.95", "\"confidence\": 0.9", 1));
    let refused = finished(&place, &format!("{signed} --out no.md"), 5).stderr();
    assert!(refused.contains("E7"), "{refused}");
    // Not even whether it is evidence is looked into before.
    place.write("evidence.json", "no evidence");
    finished(&place, &format!("{signed} --out no.md"), 5);
    finished(&place, &format!("{WRITE} --out no.md"), 2);
    assert!(!place.files().contains(&"no.md".to_owned()));
}

#[test]
fn working_papers_cannot_be_filed_and_no_input_is_written_over() {
    let place = evaluated();
    ok(&place, &format!("{WRITE} --tier working --out work.md"));
    assert!(place.read("work.md").contains("内部工作底稿 不得提交"));
    place.write("m.toml", MANIFEST.replace("route = \"scc\"", "route = \"scc\"\nnumber = \"2026-17\""));
    let refused = finished(&place, &format!("{WRITE} --tier working --out no.docx"), 2).stderr();
    assert!(refused.contains("E15: `filing.number`"), "{refused}");
    ok(&place, &format!("{WRITE} --out filed.docx"));
    let before = place.read("m.toml");
    let refused = finished(&place, &format!("{WRITE} --out m.toml"), 2).stderr();
    assert!(refused.contains("E15"), "{refused}");
    assert_eq!(place.read("m.toml"), before);
}

/// How often a text stands in the parts of a stored ZIP or in a text file.
fn count(place: &Place, file: &str, text: &str) -> usize {
    let bytes = std::fs::read(place.path().join(file)).unwrap();
    bytes.windows(text.len()).filter(|window| *window == text.as_bytes()).count()
}

#[test]
fn personal_fields_of_the_manifest_stand_where_they_belong_and_nowhere_else() {
    let place = evaluated();
    // Who prepared, took part, attests and treats; whom the data are of, and to whom somebody may tell more.
    let marked = [
        ("preparer = { name = \"张三\"", "preparer = { name = \"QZOXA\"", "QZOXA"),
        (
            "top_management = { name = \"赵六\", title = \"总经理\"",
            "top_management = { name = \"赵六\", title = \"QZOXB\"",
            "QZOXB",
        ),
        ("team = [{ name = \"张三\"", "team = [{ name = \"QZOXC\"", "QZOXC"),
        ("attested_by = \"王五\"", "attested_by = \"QZOXD\"", "QZOXD"),
        ("owner = \"数据安全部\"", "owner = \"QZOXE\"", "QZOXE"),
        ("address = \"上海市虚构区示例路1号\"", "address = \"QZOXF\"", "QZOXF"),
    ];
    let mut manifest = MANIFEST.to_owned();
    for (from, to, _) in marked {
        assert_eq!(manifest.matches(from).count(), 1, "{from}");
        manifest = manifest.replace(from, to);
    }
    place.write("m.toml", &manifest);
    for file in ["p.docx", "p.md", "p.json"] {
        let said = ok(&place, &format!("{WRITE} --out {file}"));
        assert!(!said.stdout().contains("QZOX") && !said.stderr().contains("QZOX"), "{}", said.stdout());
        for (_, _, marker) in marked {
            assert_eq!(count(&place, file, marker), 1, "{marker} stands once in {file}");
        }
    }
    // Neither route nor deadlines nor triggers name anybody.
    for command in ["route --manifest m.toml", "dates --manifest m.toml --as-of 2026-11-27"] {
        for format in ["text", "json"] {
            assert!(!ok(&place, &format!("annex {command} --format {format}")).stdout().contains("QZOX"));
        }
    }
    let found = place.run(&"annex diff --from m.toml --to m.toml --as-of 2026-11-27".split(' ').collect::<Vec<_>>());
    assert!(!found.stdout().contains("QZOX"), "{}", found.stdout());
}

#[test]
fn a_policy_that_changed_is_a_trigger() {
    let place = evaluated();
    let same = "annex diff --from m.toml evidence.json --to m.toml evidence.json --as-of 2026-11-27 \
                --policy cn-gbt42460-controlled --previous-policy cn-gbt42460-controlled";
    assert!(!place.run(&same.split_whitespace().collect::<Vec<_>>()).stdout().contains("G10 fires"));
    let changed = same.replace("--previous-policy cn-gbt42460-controlled", "--previous-policy cn-gbt42460-public");
    let fired = finished(&place, &changed, 1).stdout();
    assert!(fired.contains("G10 fires") && fired.contains("policy"), "{fired}");
    let limit = format!("{same} --set limits.inference.max_risk=0.01");
    let fired = finished(&place, &limit, 1).stdout();
    assert!(fired.contains("G10 fires") && fired.contains("policy: limits.inference.max_risk"), "{fired}");
    let written = format!("{WRITE} --previous-manifest m.toml --previous-evidence evidence.json --out o.md");
    ok(&place, &written);
    let said = ok(&place, &format!("{written} --previous-policy cn-gbt42460-public")).stdout();
    assert!(said.contains("G10 fires"), "{said}");
}

#[test]
fn no_cell_value_of_any_table_stands_in_an_annex() {
    let place = demo_tables(200, 0.2);
    // A value that many rows share, one of a single person, and a number: in all three tables.
    for (file, single) in [("o.csv", "QZOX1"), ("c.csv", "QZOX2"), ("a.csv", "QZOX3")] {
        let text = place.read(file);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let position = lines[0].split(',').position(|name| name == "district").unwrap();
        let count = lines.len();
        for (at, line) in lines.iter_mut().enumerate().skip(1) {
            let mut cells: Vec<&str> = line.split(',').collect();
            if at % 7 == 0 {
                cells[position] = "QZOXALL";
            }
            if at == count - 1 {
                cells[position] = single;
            }
            *line = cells.join(",");
        }
        place.write(file, lines.join("\n") + "\n");
    }
    ok(&place, "evaluate --original o.csv --anonymized a.csv --control c.csv --attacks 60 --quiet --out evidence.json");
    place.write("m.toml", MANIFEST);
    for (name, tier) in
        [("a.docx", "filing"), ("a.md", "filing"), ("a.json", "filing"), ("w.docx", "working"), ("w.json", "working")]
    {
        ok(&place, &format!("{WRITE} --tier {tier} --out {name}"));
        let bytes = std::fs::read(place.path().join(name)).unwrap();
        let found = bytes.windows(4).any(|window| window == b"QZOX");
        assert!(!found, "a cell value stands in {name}");
    }
}
