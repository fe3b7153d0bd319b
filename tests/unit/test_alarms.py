"""Alarms: found when something is urgent or sensitive, and silent on an ordinary day."""

import json
import re

import pytest

from config.alarms import EXAMPLE, load_alarms
from config.errors import ConfigurationError
from normalizer.triage.alarms import ALARM_CLASSES, Alarm, Alarms
from normalizer.triage.matters import Matter, Matters, Triage, special_of
from normalizer.triage.sayings import Wordings
from normalizer.triage.signs import Signs, parse_signs
from normalizer.triage.wordings import ClassWords, LanguageWords, WordingError, split_sentences
from tests.bench.alarm_scores import LANGUAGES, read_samples, score, write
from tests.bench.alarm_signs import examine, write_signs
from tests.bench.texts import Texts

WORDS = load_alarms()
ALARMS = Alarms(WORDS)
MATTERS = Matters(WORDS)


def kinds(text, language="sv", **fields):
    return {alarm.kind for alarm in ALARMS.find(write(text, language, **fields))}


def find(text, **given):
    """What one class says of a text, with these words and no others."""
    lists = given.pop("lists", {})
    common = {
        key: given.pop(key, ())
        for key in (
            *("alike", "fillers", "negations", "negations_after", "joints", "figures", "themes"),
            *("others", "speaker"),
        )
    }
    words = LanguageWords(lists=lists, classes={"akut": ClassWords(**given)}, **common)
    return Wordings(words, ("akut",)).find(split_sentences(text)).get("akut", ())


# --- the labelled messages


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
def test_clear_cases_are_found_and_ordinary_messages_are_not(language, known):
    figures = score(list(read_samples((language,))), known=known)
    assert figures["recall"] >= 0.95
    assert figures["false_alarms"] <= 0.02
    assert figures["matters"] >= 0.80
    assert figures["lanes_recall"] >= 0.80
    assert figures["lanes_precision"] >= 0.95


def test_the_labelled_set_is_large_and_covers_every_class():
    counts = {
        language: (
            sum(bool(each.alarms) for each in read_samples((language,))),
            sum(not each.alarms for each in read_samples((language,))),
        )
        for language in LANGUAGES
    }
    assert counts["sv"] >= (60, 200)
    assert min(counts["en"]) >= 30
    assert min(counts["fi"]) >= 30
    for kind in ALARM_CLASSES:
        assert sum(kind in each.alarms for each in read_samples(("sv",))) >= 10


def test_no_labelled_message_stands_there_twice():
    texts = [each.text for each in read_samples()]
    assert len(texts) == len(set(texts))


# --- how people write


@pytest.mark.parametrize(
    "text",
    [
        "jag vill dö",
        "JAG VILL DÖ",
        "jag vill do",
        "jag villl dööö",
        "jag vill bara dö",
        "har självmordstankar",
        "har sjelvmordstankar",
        "har själv mordstankar",
        "har självmords-tankar",
    ],
)
def test_misspelt_split_and_shouted_words_are_met(text):
    assert kinds(text) == {"suicid"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sv", "Det brinner inte längre, tack."),
        ("sv", "Det är ingen gaslukt här."),
        ("sv", "Jag brinner för naturen."),
        ("sv", "Vad gör vi om det brinner?"),
        ("sv", "Vi läser en bok om en man som hotar att spränga stadshuset."),
        ("en", "There is no fire, it was a false alarm."),
        ("en", "I am dying of laughter."),
        ("fi", "Kuolin nauruun."),
        ("fi", "Täällä ei haise kaasu."),
    ],
)
def test_denials_figures_of_speech_and_stories_are_no_alarm(language, text):
    assert kinds(text, language) == set()


def test_a_theme_does_not_hide_who_speaks_of_their_own_death():
    assert kinds("Jag orkar inte med uppsatsen. Jag vill dö.") == {"suicid"}


def test_the_subject_is_read_too():
    assert kinds("Kom fort", subject="Det brinner i skolan") == {"akut"}


def test_a_message_can_raise_several_and_the_most_pressing_comes_first():
    found = ALARMS.find(write("Min man slår mig. Jag vill dö.", "sv"))
    assert [alarm.kind for alarm in found] == ["suicid", "vald"]
    assert found[0].words == ("Jag vill dö", "vill dö")


def test_where_the_language_is_not_known_the_words_of_all_count():
    for text in ("Det brinner i skolan", "haluan kuolla", "I want to die"):
        assert kinds(text, "")
        assert kinds(text, "de")
    assert kinds("I want to die", "fi") == set()


def test_the_words_are_left_out_where_an_alarm_is_printed():
    assert "brinner" not in repr(ALARMS.find(write("Det brinner i skolan", "sv")))
    assert "allmän" not in repr(MATTERS.find(write("Jag begär ut en allmän handling", "sv")))


# --- what a wording means


def test_a_star_stands_for_more_letters():
    assert find("En gasläcka", words=("gasläck*",)) == ("gasläcka",)
    assert find("En lägenhetsbrand", words=("*brand",)) == ("lägenhetsbrand",)
    assert find("Brandskydd", words=("*brand",)) == ()


def test_marks_must_agree_where_the_writer_used_them():
    assert find("ett hal", words=("hål",)) == ("hal",)
    assert find("ett håll", words=("hål",)) == ()
    assert find("får", words=("far",)) == ()


def test_a_phrase_allows_fillers_a_gap_allows_more_and_neither_leaves_the_sentence():
    assert find("vill bara dö", words=("vill dö",), fillers=("bara",)) == ("vill dö",)
    assert find("vill inte dö", words=("vill dö",)) == ()
    assert find("lämnar sin lilla son ensam", words=("lämnar ... ensam",)) == ("lämnar ensam",)
    assert find("lämnar. Ensam", words=("lämnar ... ensam",)) == ()


def test_words_together_stand_in_one_sentence_in_any_order():
    words = {"words": ("<barn> + blåmärke*",), "lists": {"barn": ("son", "dotter")}}
    assert find("blåmärken på deras dotter", **words) == ("blåmärken dotter",)
    assert find("Deras dotter. Blåmärken", **words) == ()
    assert find(f"dotter {'och ' * 10} blåmärken", **words) == ()


def test_a_denial_near_counts_and_one_behind_a_comma_does_not():
    words = {"words": ("brinner",), "negations": ("inte",), "negations_after": ("inte",)}
    assert find("det är inte så att det brinner", **words) == ("brinner",)
    assert find("inte att det brinner", **words) == ("brinner",)
    assert find("inte det brinner", **words) == ()
    assert find("brinner inte", **words) == ()
    assert find("vi släcker inte, det brinner", **words) == ("brinner",)
    assert find("det brinner inte", always=("brinner",), negations=("inte",)) == ("brinner",)


def test_an_unless_counts_in_its_sentence_and_a_theme_in_the_next_one_too():
    assert find("Det brinner i en film.", words=("brinner",), unless=("film",)) == ()
    assert find("En film. Det brinner.", words=("brinner",), unless=("film",)) == ("brinner",)
    assert find("En film. Det brinner.", words=("brinner",), themes=("film",)) == ()
    assert find("En film. Bra. Det brinner.", words=("brinner",), themes=("film",)) == ("brinner",)


# --- hostile texts


@pytest.mark.parametrize(
    "text",
    [
        "brinner " * 12_500,
        "barn slår inte " * 7_000,
        "a" * 100_000,
        "*/<>+ ... " * 10_000,
        ". , " * 25_000,
        "\x00\ud800" * 50_000,
        "",
    ],
    ids=["one-word", "many-pairs", "one-long-word", "signs", "stops", "broken", "empty"],
)
def test_hostile_texts_are_read_to_their_end(text):
    assert len(ALARMS.find(write(text))) <= len(ALARM_CLASSES)
    assert MATTERS.find(write(text)).kind


def test_an_alarm_at_the_end_of_a_long_text_is_found():
    text = "Det här är en helt vanlig mening om snöröjning. " * 2_000 + "Jag vill dö."
    assert kinds(text) == {"suicid"}


# --- sorts of matters and receipts


@pytest.mark.parametrize(
    ("category", "text", "expected"),
    [
        ("klagomal", "Hur länge ska vi vänta?", "klagomal"),
        ("fel", "Så fin park!", "felanmalan"),
        ("annat", "Gatlampan är trasig.", "felanmalan"),
        ("", "Hej hej", "synpunkt"),
        ("", "Är det sant?", "fraga"),
        ("berom", "Jag begär ut en allmän handling.", "handling"),
        ("fraga", "Jag överklagar beslutet.", "overklagande"),
    ],
)
def test_the_form_decides_among_the_ordinary_and_fast_lanes_are_found_whatever_it_says(
    category, text, expected
):
    assert MATTERS.find(write(text, "sv", category=category)).kind == expected


def test_an_appeal_with_a_request_for_documents_is_both():
    matter = MATTERS.find(write("Jag överklagar beslutet och begär ut handlingarna.", "sv"))
    assert (matter.kind, matter.also, matter.fast) == ("overklagande", ("handling",), True)


@pytest.mark.parametrize(
    ("alarms", "kind", "expected"),
    [
        (("suicid", "akut"), "synpunkt", "suicide"),
        (("akut",), "handling", "danger"),
        (("barn",), "fraga", "child"),
        (("vald",), "fraga", "neutral"),
        (("hot",), "klagomal", "neutral"),
        (("vuxen",), "fraga", "neutral"),
        ((), "orosanmalan", "neutral"),
        ((), "handling", "records"),
        ((), "overklagande", "appeal"),
        ((), "fraga", ""),
    ],
)
def test_the_receipts_wording_follows_the_most_pressing(alarms, kind, expected):
    found = tuple(Alarm(kind=each) for each in alarms)
    assert special_of(found, Matter(kind=kind, rule="words")) == expected


# --- the file


def problems_of(tmp_path, old, new):
    """Load the example with one thing changed."""
    text = EXAMPLE.read_text("utf-8")
    assert old in text
    path = tmp_path / "alarms.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_alarms(path)
    return caught.value.problems


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "\n[sv.akut]\n",
            "\n[sv.akuta]\n",
            ("sv.akut is missing", "sv.akuta is not known (did you mean 'sv.akut'"),
        ),
        ("[fi.lists]", "[fi.list]", ("names the list <",)),
        ('"nu brinner"', '"<brand> nu"', ("names the list <brand>, which is not among the lists",)),
        ('"nu brinner"', '"nu + "', ("has a side without words",)),
        ('"nu brinner"', '"nu br*"', ("at least three beside a *",)),
        ('"nu brinner"', '"nu, brinner"', ("a word is letters",)),
        ('"nu brinner"', '"nu + br & eld"', ("has + and &: one of them at a time",)),
        (
            '"inte int ej icke',
            '"inte", "inte! ej icke',
            ("sv.alike holds 'inte': it takes two words", "a word is letters"),
        ),
        ("limit = 13", "limit = -1", ("sv.signs.limit must be a whole number from 0 to 1000",)),
        ("limit = 13", 'limit = 13\nhott = ["5 ord"]', ("sv.signs.hott is not known",)),
        ("ordinary = [\n", 'ordinary = [\n  "fem ord",\n', ("is not a number of points and then words",)),
        ('"nu brinner"', "112", ("sv.akut.always must hold only texts, not 112.",)),
        ("\n[sv]\n", "\n[se]\n", ("se.akut is missing: every language has words for every alarm.",)),
    ],
)
def test_every_fault_of_the_file_is_told_with_its_place(tmp_path, old, new, expected):
    problems = problems_of(tmp_path, old, new)
    told = "\n".join(problems)
    assert all(re.sub(r" \(did.*", "", each) in told for each in expected), told
    assert all(each.startswith("alarms.toml: ") for each in problems)


def test_two_faults_are_told_at_once(tmp_path):
    text = EXAMPLE.read_text("utf-8").replace('"nu brinner"', '"nu, brinner"', 1)
    path = tmp_path / "alarms.toml"
    path.write_text(text.replace("[en.hot]", "[en.hott]", 1), "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_alarms(path)
    assert len(caught.value.problems) >= 2


def test_a_city_may_add_a_language(tmp_path):
    classes = "\n".join(f'[so.{kind}]\nwords = ["dab"]' for kind in ALARM_CLASSES)
    path = tmp_path / "alarms.toml"
    path.write_text(f"{EXAMPLE.read_text('utf-8')}\n[so]\n{classes}\n", "utf-8")
    found = Alarms(load_alarms(path)).find(write("dab", "so"))
    assert len(found) == len(ALARM_CLASSES)


# --- sides far apart, hints, words that are alike, signs


def test_sides_joined_by_an_ampersand_may_stand_in_neighbours_that_speak_of_the_same_person():
    words = {"words": ("<barn> & ensam & natt*",), "lists": {"barn": ("flicka", "pojke")}}
    words |= {"others": ("hon",), "speaker": ("jag", "min")}
    assert find("En flicka bor här. Hon är ensam varje natt.", **words) == ("flicka ensam natt",)
    assert find("Ensam varje natt!\n\nHon är en liten flicka.", **words) == ("Ensam natt flicka",)
    assert find("Jag är en flicka. Jag är ensam varje natt.", **words) == ("flicka ensam natt",)
    assert find("En flicka bor här. Vi är ensam om att störas varje natt.", **words) == ()
    assert find("En flicka bor här. Jag är ensam om att störas varje natt.", **words) == ()
    assert find("En flicka bor här. Gatan är bred. Hon är ensam varje natt.", **words) == ()
    assert find("En flicka är ensam.", **words) == ()
    assert find(f"En flicka. {'Och så vidare. ' * 15} Ensam i natt.", **words) == ()


def test_a_mail_that_lists_ordinary_things_raises_no_alarm():
    # Each list holds its words, in sentences that have nothing to do with each other.
    assert kinds("Min mamma kommer inte ut med rullatorn. Det luktar illa. Vi är många som bor här.") == set()
    assert kinds("En gunga är trasig. Barnen leker där. Flera har märkt samma sak.") == set()
    assert kinds("Kukaan ei vastannut. Naapurit ovat huomanneet saman viiden päivän aikana.", "fi") == set()
    supply = Texts("alarms")
    raised = 0
    for number in range(600):
        post = json.loads(supply.post(number, addressed=False)[1])
        raised += bool(kinds(post["text"], post.get("language", ""), subject=post["subject"]))
    assert raised < 6


def test_texts_are_cut_at_marks_and_not_inside_words():
    cut = split_sentences("- Kl. 7:30, vid p-plats: häll!\n\nSe http://a.example/b_c - eller (kanske) it's.")
    assert " ".join(cut).replace("0", "") == (
        "Kl stop 7 3 pause vid p plats pause häll stop stop Se http a example b c pause eller kanske its stop"
    )
    assert split_sentences("Tre:\n- ett\n- två") == ["Tre", "ett", "två", "0stop"]


def test_no_sentence_is_read_without_end_for_a_pronoun():
    words = {"words": ("barn & ensam",), "others": ("hon",)}
    assert find(f"Ett barn. Ensam {'ord ' * 30}hon.", **words) == ("barn Ensam",)
    assert find(f"Ett barn. Ensam {'ord ' * 50}hon.", **words) == ()


def test_a_word_does_not_stand_for_two_sides():
    assert find("granne", words=("granne & granne/dörr",)) == ()
    assert find("granne vid en dörr", words=("granne & granne/dörr",)) == ("granne dörr",)


def test_two_hints_count_and_one_or_the_same_words_twice_do_not():
    hints = {"hints": ("orkar inte mer", "allt är svart", "svart"), "always": ("xyz",)}
    assert find("Jag orkar inte mer.", **hints) == ()
    assert find("Allt är svart, svart.", **hints) == ("Allt är svart", "svart", "svart")[:2]
    assert find("Jag orkar inte mer. Allt är svart.", **hints)[:2] == ("orkar inte mer", "Allt är svart")
    assert find("Svart. Svart.", **hints) == ()
    assert find("Jag orkar inte mer. Gatan är bred. Allt är svart.", **hints) == ()


def test_words_that_are_alike_count_as_each_other():
    words = {"words": ("slår mig",), "alike": ("mig mej mäj",)}
    assert find("han slår mej", **words) == ("slår mej",)
    assert find("han slår dej", **words) == ()


def test_no_denial_reaches_back_over_a_joint():
    words = {"words": ("vill dö",), "negations_after": ("ingen",), "joints": ("och",)}
    assert find("vill dö och ingen bryr sig", **words) == ("vill dö",)
    assert find("vill dö ingen", **words) == ()


def test_a_side_is_denied_by_the_word_before_it():
    words = {"words": ("barn + blåmärken",), "negations": ("inga",)}
    assert find("ett barn med blåmärken", **words) == ("barn blåmärken",)
    assert find("ett barn med inga blåmärken", **words) == ()


def test_signs_add_up_and_are_asked_where_no_wording_was_met():
    lines = {"barn": ("5 grater skrike", "3 natt"), "vuxen": ("4 gammal",), "ordinary": ("-4 skola",)}
    signs = Signs(lines, 8)
    assert signs.find(split_sentences("Hon gråter varje natt")) == ("barn", ("gråter", "natt"))
    assert signs.find(split_sentences("Hon gråter och gråter")) == ("", ())
    assert signs.find(split_sentences("Hon gråter varje natt i skolan")) == ("barn", ("gråter", "natt"))
    assert signs.find(split_sentences("Hon gråter varje natt på sin skola")) == ("", ())
    assert Signs(lines, 0).find(split_sentences("Hon gråter varje natt")) == ("", ())


def test_a_long_text_needs_more_signs():
    signs = Signs({"barn": ("5 grater", "5 natt")}, 10)
    many = " ".join(f"ord{number}" for number in range(60))
    assert signs.find(split_sentences("gråter natt")) == ("barn", ("gråter", "natt"))
    assert signs.find(split_sentences(f"gråter natt {many}")) == ("", ())


@pytest.mark.parametrize("line", ["", "5", "mycket ord", "5 Ord", "5 gråter", "5 mycketlångt"])
def test_a_line_of_signs_that_cannot_be_read_is_refused(line):
    with pytest.raises(WordingError):
        parse_signs(line)


def test_signs_alone_find_part_of_what_they_were_not_counted_from():
    shares = examine("sv")
    assert sum(found for found, _ in shares.values()) / len(shares) >= 0.4
    assert shares["routing"][1] <= 0.03


def test_the_signs_of_the_example_are_nearly_those_that_are_counted(tmp_path):
    # Nearly: the messages that test the routing are ordinary ones here, and grow for reasons of their own.
    copy = tmp_path / "alarms.toml"
    copy.write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    write_signs(copy)
    for language, counted in load_alarms(copy).items():
        ours, new = set(_sign_words(WORDS[language].signs)), set(_sign_words(counted.signs))
        assert len(ours & new) >= 0.85 * len(ours | new)
        assert WORDS[language].signs_limit == counted.signs_limit


def _sign_words(signs):
    return [(name, word) for name, lines in signs.items() for line in lines for word in parse_signs(line)[1]]


def test_what_the_resident_chose_spares_the_search_for_ordinary_sorts():
    alarms, matter = Triage(WORDS).find(write("Det brinner! Usel service!", "sv", category="fel"))
    assert ([alarm.kind for alarm in alarms], matter.kind) == (["akut"], "felanmalan")
