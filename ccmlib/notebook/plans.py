"""A section's table of the action plan: goals, actions, and the figures and activities that answer them."""

import pandas as pd

from ccmlib.figures import sentences, vocabulary
from ccmlib.figures.figure import Figure
from ccmlib.language.languages import capital
from ccmlib.notebook import activities
from ccmlib.pages import fragments
from ccmlib.treaty import action_plan


def name(section) -> str:
    """Name the plan that guides the period; nothing where none does."""
    return next(iter(_guiding(section)["plan"]), "")


def show_table(section) -> None:
    """Show the goals and actions of the plan in effect with their state of play; say so where no plan is on record."""
    whole, theme = _whole(section), section.meta["section"]
    own = whole[whole["section"] == theme]
    if own.empty:
        _say_plan(section)
        return
    goals = list(own.loc[own["kind"] == "goal", "text"])
    number = 1 + list(whole["section"].unique()).index(theme)
    nothing = fragments.escape(section.language.text("The sources tell nothing of this."))
    rows, recorded = [], []
    for action in own[own["kind"] == "action"].itertuples():
        lines = _state_of_play(section, action)
        shown = [html for html, _ in lines if html] or [nothing]
        rows.append({"goals": [] if rows else goals, "action": action.text, "state_of_play": shown})
        told = [{"text": text, "lang": fragments.language_of(text)} for _, text in lines]
        recorded.append({"action": action.text, "state_of_play": told})
    section._record["action_table"] = {"number": number, "plan": own["plan"].iloc[0], "goals": goals, "actions": recorded}
    caption = section.language.text("Table {number}. Goals, actions and state of play").format(number=number)
    section.show(fragments.action_table(rows, f"goals-{theme}", caption, labels=section.language))


def actions_answered(section) -> dict[str, str]:
    """Say for the row of each recorded activity, in English, in line with which action of the plan it was."""
    plan, leads = _whole(section), {}
    for action in plan[(plan["section"] == section.meta["section"]) & (plan["kind"] == "action")].itertuples():
        what = action.text.partition(" (")[0]
        for row in _answers(section, action)["row"]:
            leads.setdefault(row, f"In line with Action {action.number} of the {action.plan}, “{what}”")
    return leads


def _whole(section) -> pd.DataFrame:
    return action_plan.in_effect(section.read("action_plan"), section.read("periods"), section.period)


def _guiding(section) -> pd.DataFrame:
    return action_plan.guiding(section.read("action_plans"), section.read("periods"), section.period)


def _answers(section, action, told: bool = True) -> pd.DataFrame:
    """Give the recorded activities that answer an action, by their kind or counted by a figure of it (`told`)."""
    plans = section.read("action_plans")
    kinds = plans.loc[(plans["plan"] == action.plan) & (plans["actions"] == str(action.number)), "activities"].fillna("")
    rows = activities.recorded(section, action.section)
    figures = [figure for figure in _figures(section, action).values() if figure and figure.known]
    counted = rows["row"].isin([row for figure in figures for row in figure.rows])
    answering = rows["kind"].isin(";".join(kinds).split(";"))
    return rows[counted | answering if told else answering & ~counted]


def _figures(section, action) -> dict[str, Figure | None]:
    """Give the figures of an action; those of other sections by their rule, None where only a notebook counts one."""
    found = {}
    for key in filter(None, action.figure_ids.split(";")):
        try:
            found[key] = section.figures.get(key) or section.counts.figure(key, section.period)
        except vocabulary.UnknownFigureError:
            found[key] = None
        if key not in section.figures and found[key]:
            found[key].page = section.page_of(found[key].entry.theme)
    return found


def _say_plan(section) -> None:
    """Name the plan that guides the period where the text of its actions is not on record."""
    plans, plan = _guiding(section), section.language.text(name(section))
    if plans.empty:
        section.note("No action plan guided the work in this period.")
        return
    own = plans[(plans["section"] == section.meta["section"]) & ~plans["actions"].isin(["", "?", "…"])]
    if own.empty:
        section.note("The {plan} guides the work in this period; its actions on this theme are not on record.", plan=plan)
    else:
        numbers = section.language.series(own["actions"].map(section.language.text))
        section.note("The {plan} guides the work in this period; on this theme with its actions {numbers}, "
                     "whose text is not on record.", plan=plan, numbers=numbers)


def _state_of_play(section, action) -> list[tuple[str, str]]:
    """Write the figures and activities that answer an action, as HTML and as text; those of other sections lead there.

    What only the period's own report prints has no HTML; as text it stands in square brackets.
    """
    lines = []
    for figure_id, figure in _figures(section, action).items():
        if figure is None or not figure.known:
            lines += [("", f"[{text}]") for text in _printed(section, figure_id)]
            continue
        label, shown = section.label(figure), section.shown(figure)
        number = fragments.number(shown, figure_id, label if figure.page else "", figure.page)
        text = section.language.after_colon(capital(label), shown) if figure.entry.unit == "date" else section.sentence(figure)
        lines.append((f"{number} {fragments.escape(label)}", text))
    for _, row in _answers(section, action, told=False).iterrows():
        said = sentences.quoted(activities.sentence(section, row).removesuffix("."), section.language)
        lines.append((fragments.marked(said), said))
    return lines


def _printed(section, figure_id: str) -> list[str]:
    """Say what a table of the period's own report prints of a figure of which the sources name no States."""
    ledger = section.read("published_figures")
    own = ledger[(ledger["period"] == section.period.name) & (ledger["figure_id"] == figure_id)]
    own = own[(own["value_kind"] == "number") & own["ref"].str.startswith("Table")]
    return list(dict.fromkeys(section.sentence(Figure(vocabulary.find(figure_id), int(value))) for value in own["value"]))
