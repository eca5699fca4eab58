"""What the runner refuses before anything runs; the message is for the user, and lists what is allowed."""


class WrongUsage(Exception):
    """What was asked for cannot be."""


class WrongNotebook(WrongUsage):
    """A notebook's metadata do not say what the runner has to know."""


class WrongParameters(WrongUsage):
    """What was given does not fit what the notebooks take."""
