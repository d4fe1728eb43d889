"""Evaluations: what comes out is what the command line writes."""

import copy
import json
import pickle
import subprocess
import sys
from html.parser import HTMLParser

import pytest

import reident


def run(*arguments):
    command = [sys.executable, "-m", "reident", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_the_text_is_the_command_lines(files, tmp_path):
    out = tmp_path / "evidence.json"
    given = ["--original", files[0], "--anonymized", files[1], "--control", files[2]]
    done = run("evaluate", *given, "--seed", 3, "--quiet", "--reproducible", "--out", out)
    assert done.returncode == 0, done.stderr
    evaluation = reident.evaluate(*files, seed=3, warnings=False)
    assert evaluation.to_json() == out.read_text(encoding="utf-8")
    assert evaluation.run.threads >= 1 and "run" in json.loads(evaluation.to_json(run=True))


def test_tables_in_memory_name_no_digest(frames):
    with pytest.warns(reident.ReidentWarning, match="no_release_digest"):
        evaluation = reident.evaluate(*frames, only=["linkability"])
    assert evaluation.inputs.anonymized.sha256 is None


def test_fields_are_those_of_the_schema(demo):
    schema, evaluation = reident.schema(), demo.evaluation
    for name in schema["properties"]:
        getattr(evaluation, name)
    attack = evaluation.attacks[0]
    assert set(type(attack).__slots__) == set(schema["$defs"]["Attack"]["properties"])
    with pytest.raises(AttributeError):
        attack.status = "weak"
    with pytest.raises(AttributeError):
        evaluation.attacks = ()
    assert pickle.loads(pickle.dumps(evaluation)) == evaluation == copy.deepcopy(evaluation)


def test_rows_and_frame(demo):
    rows, frame = demo.evaluation.rows(), demo.evaluation.to_frame()
    assert len(rows) == len(frame) == len(demo.evaluation.attacks)
    worst = demo.evaluation.worst("linkability")
    assert worst.risk.value == pytest.approx(max(row["risk"] for row in rows if row["attack"] == "linkability"), abs=0.2)
    assert set(rows[0]["columns"]) <= {column.name for column in demo.evaluation.inputs.columns}


def test_nothing_to_attempt_is_nan_and_no_pass():
    persons = {"a": ["x", "y"] * 15, "b": ["y", "z", "w"] * 10}
    suppressed = {"a": ["*"] * 30, "b": ["*"] * 30}
    evaluation = reident.evaluate(persons, suppressed, only=["singling_out"], warnings=False)
    row = next(row for row in evaluation.rows() if row["status"] == "infeasible")
    assert row["risk"] != row["risk"] and row["attempted"] != row["attempted"]
    assert not reident.check(evaluation)


def test_calibration_is_the_command_lines(files, tmp_path):
    config = tmp_path / "reident.toml"
    config.write_text('only = ["singling_out"]\nseed = 3\n[calibration]\nruns = 2\npersons = 40\nshares = [0.5]\n', encoding="utf-8")
    given = ["--original", files[0], "--anonymized", files[1], "--control", files[2], "--config", config]
    done = run("calibrate", *given, "--quiet", "--format", "json")
    assert done.returncode == 0, done.stderr
    wanted = json.loads(done.stdout)
    found = reident.calibrate(*files, runs=2, persons=40, shares=[0.5], seed=3, only=["singling_out"])
    assert found.to_dict() == wanted == reident.calibrate(*files, config=config).to_dict()
    assert found.runs == 2 and found.attacks["singling_out"].power[0].found.worlds == 2
    rows = found.rows()
    assert [row["leak"] for row in rows[:2]] == [None, "verbatim"] and len(rows) == len(found.to_frame()) == 6
    assert "singling" in str(found).lower() and "<pre>" in found._repr_html_()
    evaluation = reident.evaluate(*files, config=config, calibrate=True, warnings=False)
    assert evaluation.to_dict()["calibration"] == wanted and evaluation.calibration.runs == 2
    assert reident.evaluate(*files, config=config, warnings=False).calibration is None


def test_tables_too_small_to_calibrate_are_refused():
    persons = {"a": ["x", "y", "z"] * 5, "b": [1, 2, 3, 4, 5] * 3}
    with pytest.raises(reident.InputError, match="cannot be calibrated"):
        reident.calibrate(persons, persons)
    with pytest.raises(reident.SettingsError) as caught:
        reident.calibrate(persons, persons, shares=[2.0])
    assert caught.value.setting == "calibration.shares"
    evaluation = reident.evaluate(persons, persons, calibrate=True, warnings=False)
    assert "calibration_too_small" in [warning.code for warning in evaluation.warnings] and evaluation.calibration is None


def test_files_of_evidence(demo, tmp_path):
    path = tmp_path / "e.json"
    demo.evaluation.save(path)
    assert reident.read_evidence(path) == demo.evaluation == reident.read_evidence(path.read_bytes())
    with pytest.raises(reident.InputError):
        reident.read_evidence(path.read_bytes().replace(b'"successes": ', b'"successes": 9', 1))
    with pytest.raises(reident.InputError) as caught:
        reident.read_evidence(tmp_path / "none.json")
    assert caught.value.file.endswith("none.json")


def test_verdicts(demo, tmp_path):
    result = reident.check(demo.evaluation, "eu-wp216")
    assert result.verdict == "fail" and not result and result.exit_code == 1
    path = tmp_path / "e.json"
    demo.evaluation.save(path)
    assert run("check", path, "--policy", "eu-wp216").returncode == result.exit_code
    with pytest.raises(reident.InputError, match="policy"):
        reident.check(demo.evaluation, "none")
    assert set(reident.policies()) >= {"eu-wp216"}


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen = [], set()

    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        if tag not in ("br", "meta", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_what_a_notebook_shows_is_small_whole_and_harmless():
    people = {"<b>bold</b>": list(range(60)), "town": ["A", "B", "C"] * 20, "ill": ["yes", "no"] * 30}
    evaluation = reident.evaluate(people, people, warnings=False)
    shown = evaluation._repr_html_()
    tags = Tags()
    tags.feed(shown)
    assert not tags.open and "script" not in tags.seen and "b" not in tags.seen
    assert len(shown) < 40_000
    assert "<iframe" in str(getattr(evaluation.show(), "data", evaluation.show()))
    assert "<html" in evaluation.to_html("zh") and "#" in evaluation.to_markdown()


def test_settings(files, tmp_path):
    config = tmp_path / "reident.toml"
    config.write_text('seed = 5\nonly = ["linkability"]\n[linkability]\nneighbors = 2\n')
    of_file = reident.evaluate(*files, config=config, warnings=False)
    assert (of_file.settings.seed, of_file.settings.linkability_neighbors) == (5, 2)
    of_keywords = reident.evaluate(*files, config=config, seed=6, linkability={"random_splits": 1}, warnings=False)
    assert (of_keywords.settings.seed, of_keywords.settings.linkability_neighbors) == (6, 2)
    for wrong, setting in (({"confidence": 1.5}, "confidence"), ({"linkability": {"neighbours": 1}}, None)):
        with pytest.raises(reident.SettingsError) as caught:
            reident.evaluate(*files, **wrong)
        assert caught.value.setting == setting
    with pytest.raises(reident.SettingsError, match="there is no column `aeg`") as caught:
        reident.evaluate(*files, inference={"secrets": ["aeg"]})
    assert caught.value.column == "aeg"


def test_a_control_that_was_used_is_refused(files):
    with pytest.raises(reident.OverlappingControlError, match="allow-overlapping-control"):
        reident.evaluate(files[0], files[1], files[0])
    reident.evaluate(files[0], files[1], files[0], allow_overlapping_control=True, only=["linkability"], warnings=False)


def test_errors_hold_no_cell(frames):
    marked = frames[0].copy()
    marked["visit_date"] = "SECRETCELL"
    with pytest.raises(reident.InputError) as caught:
        reident.evaluate(marked, frames[1], frames[2], columns={"visit_date": {"kind": "date"}})
    error = caught.value
    assert (error.file, error.column, error.row) == ("original", "visit_date", 1)
    assert "SECRETCELL" not in str(error)


def test_outcomes(files, frames):
    evaluation = reident.evaluate(*files, only=["linkability"], outcomes=True, warnings=False)
    assert len(evaluation.outcomes) == len(evaluation.attacks)
    assert sum(evaluation.outcomes[0]["main"]) == evaluation.attacks[0].main.successes
    assert len(evaluation.outcomes[0]["control"]) == len(frames[2])


def test_the_command(tmp_path):
    assert run("--version").stdout.startswith("reident ")
    assert run("evaluate").returncode == 2
    assert run("demo", "--rows", 100, "--out", tmp_path / "e.json").returncode == 0


def test_inspect(files):
    found = reident.inspect(*files)
    assert found.kinds()["age"] == "numeric" and found.kinds()["visit_date"] == "date"
    assert "age" in str(found) and len(found.tables) == 3
