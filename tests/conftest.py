"""Settings of all tests."""

from hypothesis import settings

settings.register_profile("steady", deadline=None)  # how long a case takes is a matter of the machine
settings.load_profile("steady")
