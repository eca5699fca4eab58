"""The treaty dates of each State: what it did, and what follows from its deposit."""

import pandas as pd

from ccmlib.treaty import convention

DEPOSITS = ("ratification", "acceptance", "approval", "accession")


def by_state(treaty_actions: pd.DataFrame) -> pd.DataFrame:
    """Set out one row per State that ever signed or joined, with its dates, from the tidy table ``treaty_actions``.

    iso3, signature_on, deposit_on, deposit_action, entry_into_force_on (Art. 17), initial_report_due_on (Art. 7),
    withdrawal_on; `source` and `row` are those of the deposit, or of the signature where nothing was deposited.
    """
    frame = pd.DataFrame({"iso3": sorted(treaty_actions["iso3"].unique())})
    first = treaty_actions.drop_duplicates(["iso3", "action"])  # a State that did one twice is told as a problem
    deposits = first[first["action"].isin(DEPOSITS)].drop_duplicates("iso3").set_index("iso3")
    signatures, withdrawals = (first[first["action"] == action].set_index("iso3") for action in ("signature", "withdrawal"))

    def of_each(values: pd.Series) -> pd.Series:  # unlike `Series.map`, also for no values at all
        return values.reindex(frame["iso3"]).set_axis(frame.index)

    frame["signature_on"] = of_each(signatures["date"]).astype("datetime64[us]")
    frame["deposit_on"] = of_each(deposits["date"]).astype("datetime64[us]")
    frame["deposit_action"] = of_each(deposits["action"])
    frame["entry_into_force_on"] = convention.entry_into_force(frame["deposit_on"])
    frame["initial_report_due_on"] = convention.initial_report_due(frame["entry_into_force_on"])
    frame["withdrawal_on"] = of_each(withdrawals["date"]).astype("datetime64[us]")
    for column in ("source", "row"):
        frame[column] = of_each(deposits[column]).fillna(of_each(signatures[column]))
    return frame
