"""Source cards: for each raw file who made it, when, under what terms, and the hash of the file as received.

A file that changed while its card did not stops the reading: nobody can say any more where its numbers are from.
"""

import hashlib
import re
import shlex
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from ccmlib.base import project
from ccmlib.base.problems import Problems, near
from ccmlib.ingest.layouts import names as layout_names
from ccmlib.ingest.layouts import read_yaml

CARDS_FILE = "sources.yml"
CORRECTIONS_FILE = "corrections.csv"
#: Files of the folder that are no exports.
OWN_FILES = {CARDS_FILE, CORRECTIONS_FILE, "README.md", ".gitkeep"}

#: Layout of a file that is no export, such as the shapes of a map: its hash is checked, no more.
NOT_A_TABLE = "not_a_table"

_REQUIRED = ("layout", "producer", "title", "citation", "accessed", "licence", "sha256")
_COVERED = ("subject", "covers_year", "from_on", "to_on")
#: Files that systems leave in a folder.
_OF_SYSTEMS = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"}


@dataclass(frozen=True)
class Card:
    """What is on record of one raw file."""

    file: str  # name of the file in `data/raw`
    layout: str  # name of the column map that reads it
    title: str
    accessed: object
    producer: str = ""
    citation: str = ""
    licence: str = ""  # licence or terms of use
    sha256: str = ""  # hash of the file as received
    url: str = ""
    symbol: str = ""
    published: object = ""
    known_issues: list[str] = field(default_factory=list)
    covers: list[dict] = field(default_factory=list)  # what the file knows completely: subject, covers_year, from_on, to_on
    constants: dict[str, object] = field(default_factory=dict)  # fields with one value for the whole file
    rows: int | None = None  # how many rows of data the file holds
    rows_gone: int | None = None  # how many rows of the file before are rightly not in this one any more


def sha256(path: Path) -> str:
    """Give the hash of a file."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def load(raw: Path, problems: Problems, unchecked: set[str] = frozenset()) -> list[Card]:
    """Load the source cards and compare them with the files."""
    content = None
    with problems.of_others():
        content = read_yaml(raw / CARDS_FILE, "a card for each file name, in YAML") or {}
    if not isinstance(content, dict):
        if not problems:
            problems.add(CARDS_FILE, found=type(content).__name__, expected="a card for each file name")
        return []
    present = {entry.name for entry in raw.iterdir() if entry.is_file() and not entry.name.startswith((".", "~$"))
               and entry.name.lower() not in _OF_SYSTEMS}  # fmt: skip
    for file in sorted(present - set(content) - OWN_FILES):
        problems.add(file, found="a file without a source card", expected=f"a card in {CARDS_FILE}",
                     suggestion=f"run `ccm card {shlex.quote(file)}`")  # fmt: skip
    cards = []
    for file, entry in sorted(content.items()):
        card = _card(file, entry, problems)
        if file not in present:
            problems.add(file, found="a source card without its file", expected=f"the file, or no card in {CARDS_FILE}")
        elif card and file not in unchecked and sha256(raw / file) != card.sha256:
            hint = f"run `ccm card {shlex.quote(file)}`, look at what changed, and bring the card up to date"
            problems.add(file, found="a file that changed since its source card was written",
                         expected=f"the file with the hash {card.sha256[:12]}…", suggestion=hint)  # fmt: skip
        elif card:
            cards.append(card)
    return cards


def _card(file: str, entry: object, problems: Problems) -> Card | None:
    before = len(problems)

    def say(found: object = "", expected: str = "", suggestion: str = "") -> None:
        problems.add(CARDS_FILE, "", file, found=found, expected=expected, suggestion=suggestion)

    if not isinstance(entry, dict):
        return say(entry, f"a card with {', '.join(_REQUIRED)}")
    for name in _REQUIRED:
        if not entry.get(name):
            say(expected=f"{name} on the card")
    if not entry.get("url") and not entry.get("symbol"):
        say(expected="url, or symbol of the document, on the card")
    known = [part.name for part in fields(Card) if part.name != "file"]
    for name in entry:
        if name not in known:
            say(name, f"one of: {', '.join(known)}", near(name, known))
        elif name.startswith("rows") and not (isinstance(entry[name], int) and entry[name] >= 0):
            say(f"{name}: {entry[name]}", f"{name}: a whole number, 0 or more")
    layout, digest = entry.get("layout"), str(entry.get("sha256") or "")
    if layout and layout not in (NOT_A_TABLE, *layout_names()):
        say(layout, f"a layout: {', '.join(layout_names())}", near(layout, layout_names()))
    if digest and not re.fullmatch(r"[0-9a-f]{64}", digest):
        say(digest, "a SHA-256 hash of 64 digits")
    for covered in entry.get("covers") or []:
        days = [covered.get("from_on", covered.get("to_on")), covered.get("to_on")]
        if set(covered) - set(_COVERED) or not covered.get("subject") or not all(isinstance(day, date) for day in days):
            say(covered, f"covers: {', '.join(_COVERED)}")
        elif (days := [*map(str, days), str(entry.get("accessed")), str(date.today())]) != sorted(days):
            say(f"covers {covered['subject']} {days[0]} to {days[1]}, accessed {days[2]}",
                "from_on, to_on, accessed and today in this order: no file knows of later days")  # fmt: skip
    return Card(file, **entry) if len(problems) == before else None


def coverage(cards: list[Card]) -> pd.DataFrame:
    """Give the rows of the tidy table ``coverage``: what the files know completely, and for which days."""
    rows = [dict.fromkeys(_COVERED) | covered | {"source": f"source card of {card.file}",
                                                 "row": f"{CARDS_FILE}:{card.file}:{number}"}
            for card in cards for number, covered in enumerate(card.covers, 1)]  # fmt: skip
    # A later file that goes on where an earlier one ends, or before, extends it.
    for row in sorted((row for row in rows if row["from_on"]), key=lambda row: row["to_on"]):
        for earlier in rows:
            same = (earlier["subject"], earlier["covers_year"]) == (row["subject"], row["covers_year"])
            if same and row["from_on"] - timedelta(days=1) <= earlier["to_on"] < row["to_on"]:
                row["from_on"] = min(row["from_on"], earlier["from_on"] or earlier["to_on"])
    return pd.DataFrame(rows, columns=[*_COVERED, "source", "row"])


def sources(cards: list[Card]) -> pd.DataFrame:
    """Give the rows of the tidy table ``sources``: each raw file with its producer, citation, hash and known issues."""
    return pd.DataFrame([
        vars(card) | {"accessed": str(card.accessed), "published": str(card.published or ""),
                      "known_issues": " ".join(map(str, card.known_issues)), "source": card.url or card.symbol,
                      "row": f"{CARDS_FILE}:{card.file}"} for card in cards])  # fmt: skip


def update_card(file: str, raw: Path = project.RAW) -> str:
    """Write the hash of a file, and today as the day of access, on its card; make a card for a new file.

    Gives what was done, and what is still to be filled in. Raises FileNotFoundError where there is no such raw export.
    """
    name = Path(file).name
    if name in OWN_FILES:
        raise FileNotFoundError(f"{name} is no export and has no card")
    if not (raw / name).is_file():
        raise FileNotFoundError(f"no file {name} among the raw exports")
    digest, path = sha256(raw / name), raw / CARDS_FILE
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    block = re.search(rf"(?ms)^{re.escape(name)}:\n.*?(?=^\S|\Z)", text)
    if not block:
        known = {"sha256": digest, "accessed": date.today()}
        wanted = "".join(f"  {key}: {known.get(key, '')}\n" for key in (*_REQUIRED, "url"))
        path.write_text(f"{text.rstrip()}\n\n{name}:\n{wanted}".lstrip(), encoding="utf-8")
        return f"{name}: new card in {CARDS_FILE}; fill in layout, producer, title, citation, licence, url or symbol"
    card = block[0]
    if digest in card:
        return f"{name}: the card is up to date ({digest[:12]}…)"
    for line, new in (("sha256: .*", f"  sha256: {digest}"), ("accessed: .*", f"  accessed: {date.today()}"),
                      (r"rows_gone: .*\n", "")):  # fmt: skip
        card = re.sub(rf"(?m)^  {line}", new, card)
    path.write_text(text[: block.start()] + card + text[block.end() :], encoding="utf-8")
    return f"{name}: hash {digest[:12]}… and day of access written; check published, citation, known_issues and covers"
