"""A section's table of the action plan: goals, actions, and the figures and activities that answer them."""

from typing import TYPE_CHECKING

from ccmlib.figures import vocabulary
from ccmlib.figures.figure import Figure
from ccmlib.pages import fragments
from ccmlib.treaty import action_plan

if TYPE_CHECKING:
    from ccmlib.notebook.section import Section


def show_table(section: "Section") -> None:
    """Show the goals and actions of the plan in effect with their state of play; say so where no plan is on record."""
    whole = action_plan.in_effect(section.read("action_plan"), section.read("periods"), section.period)
    own = whole[whole["section"] == section.meta["section"]]
    if own.empty:
        _say_plan(section)
        return
    goals, actions = list(own.loc[own["kind"] == "goal", "text"]), own[own["kind"] == "action"]
    play = [_state_of_play(section, action.figure_ids.split(";")) for action in actions.itertuples()]
    number = 1 + list(dict.fromkeys(whole["section"])).index(section.meta["section"])
    section._record["action_table"] = {
        "number": number, "plan": own["plan"].iloc[0], "goals": goals,
        "actions": [{"action": text, "state_of_play": [line for _, line in lines]}
                    for text, lines in zip(actions["text"], play, strict=True)]}
    rows = [{"goals": [] if place else goals, "action": text, "state_of_play": [html for html, _ in lines]}
            for place, (text, lines) in enumerate(zip(actions["text"], play, strict=True))]
    caption = section.language.text("Table {number}. Goals, actions and state of play").format(number=number)
    section.show(fragments.action_table(rows, f"goals-{section.meta['section']}", caption, labels=section.language))


def _say_plan(section: "Section") -> None:
    """Name the plan that guides the period where the text of its actions is not on record."""
    plans = action_plan.guiding(section.read("action_plans"), section.read("periods"), section.period)
    if plans.empty:
        section.note("No action plan guided the work in this period.")
        return
    own = plans[(plans["section"] == section.meta["section"]) & ~plans["actions"].isin(["", "?", "…"])]
    plan = section.language.text(plans["plan"].iloc[0])
    if own.empty:
        section.note("The {plan} guides the work in this period; its actions on this theme are not on record.", plan=plan)
    else:
        section.note(
            "The {plan} guides the work in this period; on this theme with its actions {numbers}, whose text is not on record.",
            plan=plan, numbers="; ".join(own["actions"].map(section.language.text)),
        )  # fmt: skip


def _state_of_play(section: "Section", figure_ids: list[str]) -> list[tuple[str, str]]:
    """Write the figures that answer an action, as HTML and as text; those of other sections lead there."""
    lines = []
    for figure_id in filter(None, figure_ids):
        figure = section.figures.get(figure_id) or _elsewhere(section, figure_id)
        if figure is None or not figure.known:
            continue
        label, shown = section.label(figure), section.shown(figure)
        number = fragments.number(shown, figure_id, label if figure.page else "", figure.page)
        lines.append((f"{number} {fragments.escape(label)}", f"{shown} {label}"))
    nothing = section.language.text("The sources tell nothing of this.")
    return lines or [(fragments.escape(nothing), nothing)]


def _elsewhere(section: "Section", figure_id: str) -> Figure | None:
    """Count a figure of another section by its rule; None where a notebook counts it."""
    try:
        figure = section.counts.figure(figure_id, section.period)
    except vocabulary.UnknownFigureError:
        return None
    figure.page = section.page_of(figure.entry.theme)
    return figure
