"""The tidy tables, with what was said and what follows from it for any State on any day."""

import pandas as pd

from ccmlib.base import fields, project
from ccmlib.tidy import tables
from ccmlib.treaty import observations, standings


def derive(frames: dict[str, pd.DataFrame]) -> None:
    """Add the observations that other tables imply, and the tables ``standings`` and ``last_words``.

    Parameters
    ----------
    frames : dict of str to DataFrame
        As `tables.build` gives them; changed in place.
    """
    said = observations.gather(frames)
    made = {"standings": standings.spells(said), "last_words": standings.last_words(said),
            "observations": said.assign(answer=said["answer"].map({True: "yes", False: "no"}))}
    frames.update({name: fields.arrange(name, frame) for name, frame in made.items()})


def build(raw=project.RAW) -> tables.Tables:
    """Build all tables from the raw exports, as `tables.build`, with what follows from them."""
    frames = tables.build(raw)
    derive(frames)
    return frames
