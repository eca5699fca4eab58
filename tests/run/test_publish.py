"""A report changes place with the earlier one whole, and its manifest can be verified."""

import zipfile
from pathlib import Path

import pytest
from waiting import order_of_two

from ccmlib.run import hashing, publish
from ccmlib.run.usage import NotThere


def made_of(inputs=(), sections=(), **notebooks):
    """Say what a report is made of, all but its outputs."""
    return {
        "schema": publish.SCHEMA, "parameters": {"period": "6MSP"}, "versions": hashing.installed_versions(),
        "inputs": dict(inputs), "shared": {"the library": "l"}, "sections": list(sections), "notebooks": notebooks,
        "archive": "6MSP.zip",
    }  # fmt: skip


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
        publish.swap_in(stage, target, ["index.html", "gone.html"])
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
    assert order_of_two(lambda told: publish.only_run(tmp_path / "6MSP", told)) == ["first", "second"]


def test_a_folder_of_this_machine_is_not_published(tmp_path, monkeypatch):
    stage = make(tmp_path / "stage", "fine")
    publish.refuse_places(stage, [tmp_path])
    (stage / "notebooks").mkdir()
    for said in (f"see {tmp_path}/data", str(tmp_path)):
        (stage / "notebooks/a.ipynb").write_text(said)
        with pytest.raises(OSError, match=r"named in notebooks/a\.ipynb"):
            publish.refuse_places(stage, [tmp_path])
    (stage / "notebooks/a.ipynb").write_text("of sandbox-17")
    monkeypatch.setattr(publish.socket, "gethostname", lambda: "sandbox-17")
    with pytest.raises(OSError, match="this machine"):
        publish.refuse_places(stage, [])


def test_a_manifest_holds_what_went_in_and_came_out(tmp_path):
    stage = make(tmp_path / "6MSP", "page")
    given = made_of({"data/raw/use.xlsx": "ab"})
    assert not publish.is_whole(stage, given)
    publish.make(stage, given)
    assert publish.is_whole(stage, given)
    assert not publish.is_whole(stage, {**given, "inputs": {}})
    written = hashing.read_json(stage / "manifest.json")
    assert written == {**given, "outputs": {"index.html": hashing.of_bytes(b"page")}}
    assert written["versions"]["pandas"]
    assert publish.verify(stage) == []
    assert str(tmp_path) not in (stage / "manifest.json").read_text()


def test_verifying_names_each_difference(tmp_path, capsys):
    stage = make(tmp_path / "6MSP", "page")
    (stage / "gone.html").write_text("gone")
    (tmp_path / "raw.csv").write_text("1")
    publish.make(stage, made_of({"raw.csv": hashing.of_bytes(b"1"), "none.csv": "ab"}))
    (stage / "index.html").write_text("other")
    (stage / "gone.html").unlink()
    (stage / "more.html").write_text("more")
    differs = publish.verify(stage, lambda name: tmp_path / name)
    assert [line.partition(" (")[0] for line in differs] == [
        "gone.html: missing",
        "index.html: changed",
        "none.csv: missing",
    ]
    assert publish.main(stage) == 1
    said = capsys.readouterr()
    assert "index.html: changed" in said.err
    assert "more.html: not made by this report" in said.out
    (tmp_path / "manifest.json").write_text('{"schema": 1}')
    assert publish.verify(tmp_path) == ["manifest.json: missing, or not a manifest of this edition: make the report again"]


def test_the_zip_holds_the_manifest_and_is_verified_with_it(tmp_path):
    given = made_of()
    stages = [make(tmp_path / name / "6MSP", "page") for name in "ab"]
    for stage in stages:
        publish.make(stage, given)
        assert publish.is_whole(stage, given)
    first, second = (stage / "6MSP.zip" for stage in stages)
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as packed:
        assert packed.namelist() == ["6MSP/index.html", "6MSP/manifest.json"]
        assert packed.read("6MSP/manifest.json") == (stages[0] / "manifest.json").read_bytes()
    publish.make(stages[0], given)  # made again in the same place, it does not pack itself
    assert first.read_bytes() == second.read_bytes()

    with zipfile.ZipFile(first, "w") as packed:
        packed.writestr("6MSP/index.html", "page")
        packed.writestr("6MSP/more.html", "more")
    assert publish.verify(stages[0]) == [
        "6MSP.zip: manifest.json: missing",
        "6MSP.zip: more.html: not of this report",
    ]
    second.write_bytes(second.read_bytes()[:-30])
    assert publish.verify(stages[1]) == ["6MSP.zip: damaged"]
    assert not publish.is_whole(stages[1], given)
    second.unlink()
    assert publish.verify(stages[1]) == ["6MSP.zip: missing"]


def test_what_the_report_did_not_make_survives_its_renewal(tmp_path):
    target = make(tmp_path / "6MSP", "old")
    (target / "gone.html").write_text("gone")
    (target / "my notes").mkdir()
    (target / "my notes/.draft.txt").write_text("mine")
    (target / "index.html.bak").write_text("mine too")
    (target / "link").symlink_to("index.html")
    with publish.staging(target) as stage:
        (stage / "index.html").write_text("new")
        publish.swap_in(stage, target, ["index.html", "gone.html"])
    found = sorted(path.relative_to(target).as_posix() for path in target.rglob("*"))
    assert found == ["index.html", "index.html.bak", "link", "my notes", "my notes/.draft.txt"]
    assert (target / "index.html").read_text() == "new"
    assert (target / "my notes/.draft.txt").read_text() == "mine"


def test_a_stale_or_absent_section_is_named(tmp_path):
    def made(**inputs):
        return {"outcome": "k", "page": "p", "digest": "d", "inputs": {"a.csv": "1", "the library": "l", **inputs}}

    notebooks = {"01": made(), "02": made(**{"a.csv": "0"}), "03": made(**{"01": "e"}), "04": made(**{"the library": "m"})}
    stage = make(tmp_path / "6MSP", "page")
    publish.make(stage, made_of({"a.csv": "1"}, ["01", "02", "03", "04", "05"], **notebooks))
    assert publish.verify(stage) == [
        "02: stale, made before a change of a.csv",
        "03: stale, made before a change of 01",
        "04: stale, made before a change of the library",
        "05: absent, not made yet",
    ]


@pytest.mark.parametrize("name", ["index.html", ".hidden", "more/"])
def test_a_report_with_a_symbolic_link_is_not_vouched_for(tmp_path, capsys, name):
    stage = make(tmp_path / "6MSP", "page")
    publish.make(stage, made_of())
    (tmp_path / "elsewhere").mkdir()
    place = stage / name.rstrip("/")
    place.unlink(missing_ok=True)
    place.symlink_to(tmp_path / "elsewhere" if name.endswith("/") else make(tmp_path / "b", "page") / "index.html")
    assert publish.main(stage) == 1
    assert f"{place.name}: a symbolic link" in capsys.readouterr().err


def test_verifying_prints_the_manifests_own_hash(tmp_path, capsys):
    stage = make(tmp_path / "6MSP", "page")
    publish.make(stage, made_of())
    assert publish.main(stage) == 0
    assert f"sha256 of manifest.json: {hashing.of_file(stage / 'manifest.json')}" in capsys.readouterr().out
    with pytest.raises(NotThere, match="5MSP was never made: make it first"):
        publish.main(tmp_path / "5MSP")
