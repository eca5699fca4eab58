"""What is asked for is understood, or refused with the nearest word, before anything runs."""

import pytest

from ccmlib.base import project
from ccmlib.run import usage
from ccmlib.run.usage import WrongUsage


@pytest.fixture
def periods(tmp_path, monkeypatch):
    """Give a function that writes a table of periods."""
    monkeypatch.setattr(project, "RAW", tmp_path)

    def write(*names):
        (tmp_path / "periods.csv").write_text("\n".join(["period,start,end", *(f"{name},," for name in names)]))

    return write


def test_a_period_is_understood_in_small_letters(periods):
    periods("5MSP", "2RC")
    assert usage.period("5msp") == "5MSP"
    assert usage.period("2rc") == "2RC"
    with pytest.raises(WrongUsage, match=r"no reporting period '5MPS'; perhaps: 5MSP\. There are: 5MSP, 2RC"):
        usage.period("5MPS")


@pytest.mark.parametrize("name", ["../victim", "a/b", ".hidden", "a b", "a;b", "x" * 32, "é1", "$(id)"])
def test_a_name_that_is_no_folder_directly_under_reports_is_refused(periods, name):
    periods("5MSP", name)
    with pytest.raises(WrongUsage, match="cannot name a folder"):
        usage.period(name)
    with pytest.raises(WrongUsage, match="cannot name a folder"):
        usage.period("5MSP")  # nor is anything made before the table is mended


def test_two_days_name_their_period():
    assert usage.period("ignored", "2017-07-01", "2018-06-30") == "2017-07-01_2018-06-30"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (("2017-07-01", ""), "go together"),
        (("", "2017-07-01"), "go together"),
        (("2017-7-1", "2018-06-30"), "FROM is '2017-7-1', expected a date such as 2017-07-01"),
        (("20170701", "2018-06-30"), "expected a date such as"),
        (("2017-07-01", "2017-06-31"), "TO is '2017-06-31'"),
        (("2018-07-01", "2018-06-30"), "before it starts"),
    ],
)
def test_two_days_make_a_period_or_are_refused(days, said):
    with pytest.raises(WrongUsage, match=said):
        usage.period("6MSP", *days)


def test_a_language_is_understood_in_capitals():
    assert usage.choose("locale", "FR", usage.LOCALES) == "fr"
    with pytest.raises(WrongUsage, match=r"no locale 'de'.*en, fr, es, ru, ar, zh"):
        usage.choose("locale", "de", usage.LOCALES)
