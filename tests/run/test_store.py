"""The content-addressed store: an entry is there whole or not at all."""

import os
import subprocess
import sys
import threading

import pytest

from ccmlib.run import hashing, store
from ccmlib.run.store import Store

KEY = hashing.of_data("a key")


def fill(kept: Store, content: str = "text", key: str = KEY) -> dict:
    with kept.filling() as folder:
        (folder / "out").mkdir()
        (folder / "out/page.txt").write_text(content)
        return kept.put(key, folder)


def test_what_was_put_is_found(tmp_path):
    kept = Store(tmp_path, "notebooks")
    assert kept.get(KEY) is None
    entry = fill(kept)
    assert kept.get(KEY) == entry
    assert (kept.place(KEY) / "out/page.txt").read_text() == "text"
    assert list(kept.temporary.iterdir()) == []


@pytest.mark.parametrize("harm", ["shorten", "remove", "unreadable list", "no list"])
def test_a_broken_entry_is_not_used_and_goes(tmp_path, harm):
    kept = Store(tmp_path, "notebooks")
    fill(kept)
    page, listed = kept.place(KEY) / "out/page.txt", kept.place(KEY) / store.CONTENTS
    if harm == "shorten":
        page.write_text("tex")
    elif harm == "remove":
        page.unlink()
    elif harm == "unreadable list":
        listed.write_text(listed.read_text()[:-9])
    else:
        listed.unlink()
    assert kept.get(KEY) is None
    assert not kept.place(KEY).exists()
    fill(kept, "again")
    assert kept.get(KEY) is not None


def test_filling_a_key_again_replaces_it(tmp_path):
    kept = Store(tmp_path, "notebooks")
    fill(kept)
    fill(kept, "other")
    assert (kept.place(KEY) / "out/page.txt").read_text() == "other"


def test_a_failed_filling_leaves_nothing(tmp_path):
    kept = Store(tmp_path, "notebooks")

    def fail():
        with kept.filling() as folder:
            (folder / "a").write_text("a")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail()
    assert list(kept.temporary.iterdir()) == []


def test_two_do_not_hold_one_key(tmp_path):
    kept, order = Store(tmp_path, "notebooks"), []

    def other():
        with kept.locked(KEY):
            order.append("second")

    with kept.locked(KEY):
        waiting = threading.Thread(target=other)
        waiting.start()
        waiting.join(0.1)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


def test_the_longest_unused_go_first(tmp_path):
    kept = Store(tmp_path, "notebooks")
    keys = [hashing.of_data(number) for number in range(3)]
    for age, key in enumerate(keys):
        fill(kept, "x" * 1000, key)
        os.utime(kept.place(key), (1000 - age, 1000 - age))
    kept.get(keys[2])
    kept.prune(most_bytes=3000)
    assert [kept.get(key) is not None for key in keys] == [True, False, True]


def test_what_killed_runs_left_is_swept(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True
    ).stdout.strip()
    for name in (
        f"partial/{ended}-abc",
        f"work/{ended}-abc",
        f"partial/{ended}-gone-1234",
        f"work/{os.getpid()}-abc",
        "work/x",
    ):
        (tmp_path / name).mkdir(parents=True)
    store.sweep(tmp_path)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")) == [
        "partial",
        "work",
        f"work/{os.getpid()}-abc",
    ]
    assert store.alive(1)


def test_hashes_do_not_depend_on_order_and_pass_over_what_is_no_input(tmp_path):
    assert hashing.of_data({"a": 1, "b": "é"}) == hashing.of_data({"b": "é", "a": 1})
    for name in (".hidden", "~$use.xlsx", "__pycache__/a.pyc", "a.pyc", ".ipynb_checkpoints/a", "b/c.csv", "a.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert list(hashing.of_folder(tmp_path)) == ["a.csv", "b/c.csv"]
    assert list(hashing.of_folder(tmp_path, lambda name: name != "b/c.csv")) == ["a.csv"]


def test_versions_are_those_that_are_installed():
    import pandas

    found = hashing.installed_versions(["pandas", "matplotlib", "not-there"])
    assert found["pandas"] == pandas.__version__
    assert set(found) == {"python", "pandas", "matplotlib"}
