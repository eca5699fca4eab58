"""The "new period" checklist of CONTRIBUTING.md, walked through for 7MSP on a copy of the raw exports."""

import pytest
import raw_copies
import yaml

from ccmlib.base.problems import ProblemsFound
from ccmlib.figures import reconcile
from ccmlib.figures.counting import Counts
from ccmlib.ingest import cards
from ccmlib.treaty import build, periods
from ccmlib.treaty.facts import Facts

FILE = "published_figures_7MSP.csv"
# What treaty dates alone tell of 30 June 2017, transcribed as a report would print it; the second is misprinted.
ROWS = """ref,section,statement,value,value_kind,unit,states_named,figure_id
para 3,universalization,Total of States Parties,101,number,States,,states_parties
para 3,universalization,Signatory States,19,number,States,,signatories
para 4,universalization,New States Parties,1,number,States,Madagascar,new_parties
"""


def test_new_period_step_by_step(tmp_path):
    raw = raw_copies.copy_raw(tmp_path)

    # Step 2: drop the export. Step 4 would already say what is missing: its card.
    (raw / FILE).write_text(ROWS, encoding="utf-8")
    with pytest.raises(ProblemsFound, match="a file without a source card"):
        build.build(raw)

    # Step 3: write the card; the command fills in the hash and says what is left to fill in.
    assert "fill in layout, producer, title" in cards.update_card(FILE, raw)
    path = raw / cards.CARDS_FILE
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content[FILE] |= {
        "layout": "published_figures", "producer": "President of the Seventh Meeting of States Parties",
        "title": "Figures of the 7MSP report", "citation": "7MSP progress report", "symbol": "7MSP",
        "licence": "as 6MSP",
        "constants": {"period": "7MSP", "document": "7MSP report"},
    }  # fmt: skip
    content[FILE].pop("url")
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")

    # Steps 4 and 6: nothing is wrong any more, and the figures are there, beside those of 6MSP.
    built = build.build(raw)
    published = built["published_figures"]
    assert published.groupby("period").size()["7MSP"] == 3

    # Step 7: what matches, and what differs.
    counts, period = Counts(Facts(built)), periods.from_table(built["periods"], "7MSP")
    computed = {name: counts.figure(name, period).as_record() for name in ("states_parties", "signatories", "new_parties")}
    result = reconcile.reconcile(published[published["period"] == "7MSP"], computed)
    assert dict(zip(result["figure_id"], result["status"], strict=True)) == {
        "states_parties": "matches", "signatories": "differs", "new_parties": "matches"}
