"""Settings of all tests."""

from hypothesis import Phase, settings

# How long a case takes is a matter of the machine; a failing case is told as it was found, not shrunk for minutes.
settings.register_profile("steady", deadline=None, max_examples=50, phases=[Phase.explicit, Phase.reuse, Phase.generate])
settings.load_profile("steady")
