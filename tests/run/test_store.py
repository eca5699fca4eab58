"""The content-addressed store: an entry is there whole or not at all."""

import os
import threading

import pytest

from ccmlib.run import hashing
from ccmlib.run.store import Store

KEY = hashing.of_data("a key")


def test_what_was_put_is_found(tmp_path):
    kept = Store(tmp_path)
    assert kept.get(KEY) is None
    with pytest.raises(FileNotFoundError, match="gone from the cache"):
        kept.read(KEY)
    kept.put(KEY, {"out/page.txt": b"text", "b": b""})
    assert kept.get(KEY) == kept.read(KEY) == {"out/page.txt": b"text", "b": b""}
    kept.unpack(KEY, tmp_path / "work", "out/")
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["page.txt"]
    assert (tmp_path / "work/page.txt").read_bytes() == b"text"
    kept.put(KEY, {"out/page.txt": b"other"})
    assert kept.get(KEY) == {"out/page.txt": b"other"}


@pytest.mark.parametrize("harm", [lambda whole: whole[:-1], lambda whole: b"", lambda whole: whole.replace(b"text", b"tex0")])
def test_a_broken_entry_is_not_used_and_is_replaced(tmp_path, harm):
    kept = Store(tmp_path)
    kept.put(KEY, {"page.txt": b"text"})
    kept.place(KEY).write_bytes(harm(kept.place(KEY).read_bytes()))
    assert kept.get(KEY) is None
    assert not kept.place(KEY).exists()
    kept.put(KEY, {"page.txt": b"text"})
    assert kept.get(KEY) == {"page.txt": b"text"}


def test_two_do_not_hold_one_key(tmp_path):
    kept, order = Store(tmp_path), []

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
    kept = Store(tmp_path)
    keys = [hashing.of_data(number) for number in range(3)]
    for age, key in enumerate(keys):
        kept.put(key, {"a": b"x" * 1000})
        os.utime(kept.place(key), (1000 - age, 1000 - age))
    kept.get(keys[2])
    kept.prune(most_bytes=3000)
    assert [kept.get(key) is not None for key in keys] == [True, False, True]


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
