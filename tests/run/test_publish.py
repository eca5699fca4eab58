"""A report changes place with the earlier one whole, and its manifest can be verified."""

import os
import threading
import zipfile
from pathlib import Path

import pytest

from ccmlib.run import hashing, manifest, publish


def make(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(text)
    return folder


@pytest.mark.parametrize("atomic", [True, False])
@pytest.mark.parametrize("earlier", [True, False])
def test_a_staged_report_takes_the_place(tmp_path, monkeypatch, atomic, earlier):
    if not atomic:
        monkeypatch.setattr(publish, "exchange", lambda one, other: False)
    target = tmp_path / "6MSP"
    if earlier:
        make(target, "old")
        (target / "gone.html").write_text("gone")
    with publish.staging(target) as stage:
        (stage / "index.html").write_text("new")
        publish.swap_in(stage, target)
    assert {path.name: path.read_text() for path in target.iterdir()} == {"index.html": "new"}
    assert [path.name for path in tmp_path.iterdir()] == ["6MSP"]


def test_a_failure_while_staging_leaves_the_earlier_report(tmp_path):
    target = make(tmp_path / "6MSP", "old")

    def fail():
        with publish.staging(target) as stage:
            (stage / "index.html").write_text("new")
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        fail()
    assert (target / "index.html").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["6MSP"]


def test_a_run_killed_between_the_two_renames_is_put_right(tmp_path):
    make(tmp_path / ".6MSP.old-123", "old")
    make(tmp_path / ".6MSP.new-123", "half")
    with publish.only_run(tmp_path / "6MSP", lambda: None):
        assert (tmp_path / "6MSP/index.html").read_text() == "old"
        assert sorted(path.name for path in tmp_path.iterdir()) == [".6MSP.lock", "6MSP"]


def test_a_run_killed_after_the_exchange_is_put_right(tmp_path):
    make(tmp_path / "6MSP", "new")
    make(tmp_path / ".6MSP.old-123", "old")
    publish.recover(tmp_path / "6MSP")
    assert [path.name for path in tmp_path.iterdir()] == ["6MSP"]
    assert (tmp_path / "6MSP/index.html").read_text() == "new"


def test_the_second_run_is_told_to_wait(tmp_path):
    told, order = threading.Event(), []

    def second():
        with publish.only_run(tmp_path / "6MSP", told.set):
            order.append("second")

    with publish.only_run(tmp_path / "6MSP", pytest.fail):
        waiting = threading.Thread(target=second)
        waiting.start()
        assert told.wait(5)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


def test_a_folder_of_this_machine_is_not_published(tmp_path, monkeypatch):
    stage = make(tmp_path / "stage", "fine")
    publish.refuse_places(stage, [tmp_path])
    (stage / "notebooks").mkdir()
    for said in (f"see {tmp_path}/data", str(tmp_path)):
        (stage / "notebooks/a.ipynb").write_text(said)
        with pytest.raises(publish.PlaceInReport, match=r"named in notebooks/a\.ipynb"):
            publish.refuse_places(stage, [tmp_path])
    (stage / "notebooks/a.ipynb").write_text("of sandbox-17")
    monkeypatch.setattr(publish.socket, "gethostname", lambda: "sandbox-17")
    with pytest.raises(publish.PlaceInReport, match="this machine"):
        publish.refuse_places(stage, [])


def test_a_manifest_holds_what_went_in_and_came_out(tmp_path):
    stage = make(tmp_path / "6MSP", "page")
    made_of = manifest.describe({"data/raw/use.xlsx": "ab"}, {"period": "6MSP"}, {"01": {"outcome": "k"}})
    assert not manifest.is_whole(stage, made_of)
    made = manifest.make(stage, made_of)
    assert manifest.is_whole(stage, made_of)
    assert not manifest.is_whole(stage, {**made_of, "inputs": {}})
    assert made["outputs"] == {"index.html": hashing.of_bytes(b"page")}
    assert made["versions"]["pandas"]
    assert hashing.read_json(stage / "manifest.json") == made
    assert manifest.verify(stage) == []
    assert str(tmp_path) not in (stage / "manifest.json").read_text()


def test_verifying_names_each_difference(tmp_path, capsys):
    stage = make(tmp_path / "6MSP", "page")
    (stage / "gone.html").write_text("gone")
    (tmp_path / "raw.csv").write_text("1")
    manifest.make(stage, manifest.describe({"raw.csv": hashing.of_bytes(b"1"), "none.csv": "ab"}, {}, {}))
    (stage / "index.html").write_text("other")
    (stage / "gone.html").unlink()
    (stage / "more.html").write_text("more")
    differs = manifest.verify(stage, lambda name: tmp_path)
    assert [line.partition(" (")[0] for line in differs] == [
        "gone.html: missing",
        "index.html: changed",
        "more.html: not made by this report",
        "none.csv: missing",
    ]
    assert manifest.main(stage) == 1
    assert "index.html: changed" in capsys.readouterr().err
    assert manifest.verify(tmp_path) == ["manifest.json: missing, or not a manifest"]


def test_the_zip_holds_the_manifest_and_is_verified_with_it(tmp_path):
    made_of = manifest.describe({}, {"period": "6MSP"}, {}, "6MSP")
    stages = [make(tmp_path / name / "6MSP", "page") for name in "ab"]
    for stage in stages:
        manifest.make(stage, made_of)
        assert manifest.is_whole(stage, made_of)
    first, second = (stage / "6MSP.zip" for stage in stages)
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as packed:
        assert packed.namelist() == ["6MSP/index.html", "6MSP/manifest.json"]
        assert packed.read("6MSP/manifest.json") == (stages[0] / "manifest.json").read_bytes()
    manifest.make(stages[0], made_of)  # made again in the same place, it does not pack itself
    assert first.read_bytes() == second.read_bytes()

    with zipfile.ZipFile(first, "w") as packed:
        packed.writestr("6MSP/index.html", "page")
        packed.writestr("6MSP/more.html", "more")
    assert manifest.verify(stages[0]) == [
        "6MSP.zip: manifest.json: missing",
        "6MSP.zip: more.html: not of this report",
    ]
    second.write_bytes(second.read_bytes()[:-30])
    assert manifest.verify(stages[1]) == ["6MSP.zip: damaged"]
    assert not manifest.is_whole(stages[1], made_of)
    second.unlink()
    assert manifest.verify(stages[1]) == ["6MSP.zip: missing"]


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    hashing.write_json(tmp_path / "a.json", {"b": 1})
    with pytest.raises(TypeError):
        hashing.write_json(tmp_path / "a.json", {"b": object()})
    assert os.listdir(tmp_path) == ["a.json"]
    assert hashing.read_json(tmp_path / "a.json") == {"b": 1}
