"""How the six languages write numbers, changes, bounds, dates, plurals, names, lists and references."""

from datetime import date
from gettext import GNUTranslations

import pandas as pd
import pytest
from babel.messages.pofile import write_po

from ccmlib.language import catalogue, state_names
from ccmlib.language.catalogue import LANGUAGES, Catalogue
from ccmlib.language.languages import Language

DAY = date(2022, 8, 14)


def told(method, *args, **kwargs):
    return [getattr(Language(code), method)(*args, **kwargs) for code in LANGUAGES]


def test_numbers_have_the_separators_of_their_language_and_a_true_minus():
    assert told("number", 12345.5) == ["12,345.5", "12\u202f345,5", "12.345,5", "12\xa0345,5", "12,345.5", "12,345.5"]
    assert told("number", -8) == ["−8"] * 4 + ["\u200e−8", "−8"]
    assert told("change", 4) == ["+4"] * 4 + ["\u200e+4", "+4"]
    assert told("change", 0)[0] == "±0"
    assert [Language("en").value(value) for value in (2.5, 125000.04, DAY, "2016-04-06", "all", None, pd.NaT)] == \
        ["2.5", "125,000", "14 August 2022", "6 April 2016", "all", "", ""]


@pytest.mark.parametrize(
    ("known", "english"),
    [
        ({"value": 4}, "4"),
        ({"lower": 4, "last_word": 4, "upper": 4}, "4"),
        ({"lower": 0, "upper": 0}, "0"),
        ({"lower": 3, "last_word": 4, "upper": 5}, "between 3 and 5"),
        ({"lower": 0, "upper": 5}, "at most 5"),
        ({"lower": 3}, "at least 3"),
        ({"lower": 3, "upper": float("nan")}, "at least 3"),
        ({"upper": 5}, "at most 5"),
        ({"lower": 0}, "not known"),
        ({}, "not known"),
        ({"lower": 0, "last_word": 3, "upper": 5, "known_to": DAY}, "at most 5"),
        ({"last_word": 3, "known_to": DAY}, "3 by the last word (14 August 2022)"),
        ({"last_word": 0, "upper": 5, "known_to": "2022-08-14"}, "0 by the last word (14 August 2022)"),
        ({"last_word": 3}, "not known"),
        ({"value": 4, "known_to": DAY}, "4"),
        ({"value": DAY}, "14 August 2022"),
        ({"value": "by 2022-08-14"}, "by 14 August 2022"),
        ({"value": "", "lower": pd.NA, "known_to": pd.NaT}, "not known"),
    ],
)
def test_bounds_are_said_no_more_surely_than_they_are_known(known, english):
    assert Language("en").said(**known) == english


def test_bounds_in_six_languages():
    assert told("said", lower=3, upper=5) == \
        ["between 3 and 5", "entre 3 et 5", "entre 3 y 5", "от 3 до 5", "بين 3 و5", "3至5之间"]
    word = {"last_word": 3, "known_to": DAY}
    for known in ({"lower": 3}, {"upper": 3}, word):
        texts = told("said", **known)
        assert len(set(texts)) == 6
        assert all("3" in text for text in texts)
    assert len(set(told("said"))) == 6


def test_dates_are_no_more_precise_than_they_are_known():
    english = Language("en")
    said = [english.date(text) for text in ("2016-04-06", "2016-04", "2016", "by 2016-04-06", "early 2016")]
    assert said == ["6 April 2016", "April 2016", "2016", "by 6 April 2016", "early 2016"]
    assert told("date", "by 2016-04-06")[1:] == \
        ["au plus tard le 6 avril 2016", "a más tardar el 6 de abril de 2016", "не позднее 6 апреля 2016\u202fг.",
         "في موعد أقصاه 6 أبريل 2016", "不迟于2016年4月6日"]


@pytest.mark.parametrize(("first", "last", "english"), [
    (date(2016, 9, 5), date(2016, 9, 7), "5–7 September 2016"),
    (date(2016, 9, 29), date(2016, 10, 1), "29 September 2016 – 1 October 2016"),
    (date(2016, 4, 6), date(2016, 4, 6), "6 April 2016"),
    (date(2016, 4, 1), date(2016, 4, 30), "April 2016"),
    (date(2016, 1, 1), date(2016, 12, 31), "2016"),
    (date(2016, 1, 1), date(2017, 12, 31), "1 January 2016 – 31 December 2017"),
    (date(2016, 4, 2), date(2016, 4, 30), "2–30 April 2016"),
])
def test_days_that_something_lasted(first, last, english):
    assert Language("en").span(first, last) == english


def test_french_first_of_the_month_and_words():
    french = Language("fr")
    assert [french.date(date(2018, 8, day)) for day in (1, 11)] == ["1er août 2018", "11 août 2018"]
    assert french.span(date(2016, 4, 1), date(2016, 4, 2)) == "1er avril 2016 – 2 avril 2016"
    assert french.words(21) == "vingt et un"
    assert french.text("States Parties") == "États parties"


@pytest.mark.parametrize(
    ("code", "forms", "said"),
    [
        ("en", (), "States State States States States States States States States"),
        ("fr", ("État", "États"), "État État États États États États États États États"),
        ("ru", ("один", "два", "пять"), "пять один два два пять пять один два пять"),
        ("ar", tuple("012345"), "0 1 2 3 3 4 4 4 5"),
        ("zh", ("国",), "国 国 国 国 国 国 国 国 国"),
    ],
)
def test_plurals_follow_the_rules_of_gettext(code, forms, said, tmp_path, monkeypatch):
    catalog = catalogue.read(code)
    catalog.add(("State", "States"), forms)
    with (tmp_path / "a.po").open("wb") as file:
        write_po(file, catalog)
    loaded = catalogue.load(code, tmp_path / "a.po")
    monkeypatch.setattr(catalogue, "load", lambda code: loaded)
    language = Language(code)
    assert [language.plural("State", "States", count) for count in (0, 1, 2, 3, 5, 11, 21, 22, 100)] == said.split()


def test_plurals_without_a_translation_are_english():
    assert [Language("ru").plural("no such label", "no such labels", count) for count in (0, 1, 2)] == \
        ["no such labels", "no such label", "no such labels"]
    assert [Language("en").plural("State", "States", count) for count in (0, 1, 1.5, 2)] == \
        ["States", "State", "States", "States"]


def test_references_stand_as_documents_write_them():
    assert told("reference", "para 10") == ["para 10", "par.\xa010", "párr. 10", "п.\xa010", "الفقرة 10", "第10段"]
    assert told("reference", "Table 5") == ["Table 5", "tableau\xa05", "cuadro 5", "таблица\xa05", "الجدول 5", "表5"]
    assert Language("fr").reference("paras 30 (f)–31") == "par.\xa030 (f)–31"
    assert Language("fr").reference("II A") == "II A"
    whole = "6MSP report: II Clearance (a), Table 3, para 20"
    assert Language("en").reference(whole) == whole
    assert Language("es").reference(whole) == "informe 6MSP: II Limpieza (a), cuadro 3, párr. 20"
    assert Language("ar").reference("Table 3, para 20") == "الجدول 3، الفقرة 20"


def test_what_is_translated_is_known_from_what_is_not():
    french = Language("fr", {"fr": {"LBN": "Liban"}})
    assert all(map(french.is_translated, ("Liban", "deux votes", "Deux votes")))
    assert not any(map(french.is_translated, ("Lebanon", "two votes")))
    assert french.has("6MSP")


def test_brackets_and_commas_are_those_of_the_language():
    assert [Language(code).bracketed("2016") for code in ("fr", "zh")] == [" (2016)", "\uff082016\uff09"]
    assert [Language(code).commas(["2012", "2014"]) for code in ("ru", "ar")] == ["2012, 2014", "2012\u060c 2014"]


def test_punctuation_of_each_language():
    assert told("after_colon", "a", "b") == ["a: b", "a\xa0: b", "a: b", "a: b", "a: b", "a：b"]
    assert told("series", ["a", "b"]) == ["a; b", "a\xa0; b", "a; b", "a; b", "a؛ b", "a；b"]
    assert told("join", ["a", "b", "c"]) == ["a, b and c", "a, b et c", "a, b y c", "a, b и c", "a وb وc", "a、b和c"]


def test_arabic_reads_from_right_to_left():
    assert [Language(code).direction for code in LANGUAGES] == ["ltr", "ltr", "ltr", "ltr", "rtl", "ltr"]


def test_translations_that_no_one_reviewed_say_so_and_drafts_too(monkeypatch):
    assert Language("en").notice == ""
    texts = {
        "Unreviewed translation; the English text prevails.": "U.",
        "Draft: {percent}% of its texts are translated.": "{percent} %.",
    }
    for reviewer, share, notice in (("", 1, "U."), ("", 0.979, "U. 97 %."), ("R.", 0.98, ""), ("R.", 0.5, "50 %.")):
        loaded = Catalogue(GNUTranslations(), texts, {}, reviewer, share)
        monkeypatch.setattr(catalogue, "load", lambda code, loaded=loaded: loaded)
        assert Language("es").notice == notice


def names_on(built, day):
    register = built["states"].set_index("iso3")
    renamed = pd.to_datetime(register["renamed_on"].replace("", None))
    former = (renamed > day) | (renamed.isna() & (register["name_un"] != register["name_un_2016"]))
    english = register["name_un"].mask(former, register["name_un_2016"]).to_dict()
    return state_names.in_use(english, built["state_names_un"])


def test_names_of_states_are_the_united_nations_of_the_day(built):
    then, now = names_on(built, pd.Timestamp(2016, 6, 30)), names_on(built, pd.Timestamp(2025, 6, 30))
    said = [[Language(code, then).state(iso3) for iso3 in ("SWZ", "MKD", "CZE", "TUR")] for code in ("fr", "es")]
    assert said == [["Swaziland", "ex-République yougoslave de Macédoine", "République tchèque", "Turquie"],
                    ["Swazilandia", "ex República Yugoslava de Macedonia", "República Checa", "Turquía"]]
    said = [Language("fr", now).state(iso3) for iso3 in ("SWZ", "MKD", "CZE", "TUR", "LAO", "CIV", "NIU", "SYR", "COD")]
    assert said == ["Eswatini", "Macédoine du Nord", "Tchéquie", "Türkiye", "République démocratique populaire lao",
                    "Côte d’Ivoire", "Nioué", "République arabe syrienne", "République démocratique du Congo"]
    assert Language("zh", now).state("COG") == "刚果（布）"
    assert Language("ru", now).english.state("LAO") == "Lao People's Democratic Republic"


def test_every_state_of_the_register_has_a_name_in_every_language(built):
    named = names_on(built, pd.Timestamp(2016, 6, 30))
    assert {code: set(built["states"]["iso3"]) - set(names) for code, names in named.items()} == \
        {code: set() for code in LANGUAGES}
    assert not built["state_names_un"]["short_name"].str.contains(r"\*|\((?:la|le|les|el|los|las|the|l')\)").any()


def test_former_names_are_those_of_the_register(built):
    former = built["state_names_un"].query("former_name != ''")
    register = built["states"].set_index("iso3")["name_un_2016"]
    assert (former["former_name"] == former["iso3"].map(register)).all()


def test_a_state_without_a_name_keeps_its_english_one():
    assert Language("fr", {"en": {"XXX": "Elsewhere"}}).state("XXX") == "Elsewhere"
    assert Language("fr").state("XXX") == "XXX"
