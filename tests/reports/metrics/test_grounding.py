"""Answers against their passages, and the sources themselves."""

from __future__ import annotations

from dataclasses import replace

from src.core.types import Rejection, SourceDocument, Span
from src.reports.metrics.words import content_stems, content_words
from tests.reports.makers import GLAZE, KILN, WHEEL, extracted, generated, make_document, measure

POTTERY = make_document(KILN, GLAZE, WHEEL)


def test_answer_from_its_passage_is_grounded():
    sample = generated(
        "How hot does the kiln of Anna Berg get?", "Anna Berg's kiln heats to 1200 degrees.", KILN, POTTERY
    )
    row = measure([sample], POTTERY).judged[0]
    assert row.grounding is not None
    assert row.grounding.words_found == 1
    assert row.grounding.numbers_held
    assert row.grounding.names_held
    assert row.grounding.rank == 1
    assert row.grounding.ranked_among == 3


def test_invented_answer_is_found_out():
    sample = generated("Who sells blue glass?", "It was Peter Stone who sold 77 blue bottles.", KILN, POTTERY)
    row = measure([sample], POTTERY).judged[0]
    assert row.grounding is not None
    assert row.grounding.words_found is not None
    assert row.grounding.words_found < 0.2
    assert not row.grounding.numbers_held
    assert not row.grounding.names_held
    assert row.grounding.rank is None


def test_answer_without_content_words_has_no_share():
    row = measure([generated("Is the kiln hot?", "Yes, it is.", KILN, POTTERY)], POTTERY).judged[0]
    assert row.grounding is not None
    assert row.grounding.words_found is None


def test_only_passage_proves_nothing_about_a_question():
    alone = make_document(KILN)
    row = measure([generated("How hot is the kiln?", "It heats to 1200 degrees.", KILN, alone)], alone).judged[0]
    assert row.grounding is not None
    assert row.grounding.rank is None
    assert row.grounding.ranked_among == 1


def test_extracted_row_shows_the_whole_lines_it_was_cut_from():
    chat = make_document("Ann: When is it open?\nBob: From nine to five.\nAnn: Thanks.\n")
    excerpt = measure([extracted(chat, "When is it open?", "From nine to five.")], chat).sources.excerpts[0]
    assert excerpt.text == "Ann: When is it open?\nBob: From nine to five."
    assert excerpt.first_line == 2
    assert [excerpt.text[start:end] for start, end in excerpt.pieces] == ["When is it open?", "From nine to five."]
    assert excerpt.verbatim


def test_row_that_is_not_what_its_source_says_is_not_verbatim():
    chat = make_document("Ann: When is it open?\nBob: From nine to five.\n")
    sample = extracted(chat, "When is it open?", "From nine to five.")
    changed = replace(sample, messages=(sample.messages[0], replace(sample.messages[1], content="From ten.")))
    assert measure([changed], chat).sources.excerpts[0].verbatim is False


def test_source_that_is_gone_changed_or_unreadable_is_missing_and_no_error():
    chat = make_document("Ann: When is it open?\nBob: From nine to five.\n", name="chat.txt")
    gone = generated("How hot is the kiln?", "It heats to 1200 degrees.", KILN, POTTERY)
    cut = extracted(chat, "When is it open?", "From nine to five.")
    edited = make_document("Ann: When is it open now?\nBob: From nine to five.\n", name="chat.txt", sha256="other")
    quality = measure([gone, cut], edited)
    assert quality.sources.missing == {
        "chat.txt": "it has changed since the dataset was made",
        "pottery.txt": "it is not in the input folder any more",
    }
    assert not quality.sources.excerpts
    assert quality.passages_used is None
    broken = Rejection("unreadable_file", "pottery.txt is damaged.", source_file="pottery.txt")
    unasked = Rejection("unreadable_file", "was never read", source_file="other.txt")
    assert measure([gone], broken, unasked).sources.missing == {"pottery.txt": "pottery.txt is damaged."}


def test_source_that_became_shorter_than_a_place_in_it_has_changed():
    sample = replace(generated("How hot?", "Very hot.", KILN, POTTERY), span=Span(5, 10_000))
    assert "pottery.txt" in measure([sample], POTTERY).sources.missing


def test_words_are_compared_as_stems_in_several_languages_and_scripts():
    assert content_stems("The kilns were heated") == content_stems("heating a kiln")
    assert content_stems("Der Ofen ist heiß") == {"ofen", "heis"}
    text = "陶器を焼く"
    assert [text[word.start : word.end] for word in content_words(text)] == ["陶器", "器を", "を焼", "焼く"]


def held(question: str, answer: str, document: SourceDocument, passage: str, **metadata: str) -> tuple[bool, bool]:
    sample = replace(generated(question, answer, passage, document), metadata=metadata)
    row = measure([sample], document).judged[0]
    assert row.grounding is not None
    return bool(row.grounding.numbers_held), bool(row.grounding.names_held)


def test_nouns_steps_and_sums_are_no_faults_where_a_draft_may_have_them():
    german = "Der Ofen von Anna Berg wird auf 1200 Grad geheizt und kühlt danach zwei Tage lang ab.\n"
    document = make_document(german, GLAZE)
    assert held("Wie heiß wird der Ofen?", "Die Hitze im Ofen erreicht 1200 Grad.", document, german) == (True, True)
    steps = "1. Heat the kiln to 1200 degrees.\n2. Let it cool for two days.\n3. Open its heavy door."
    assert held("How is the kiln used?", steps, POTTERY, KILN, task="how_to") == (True, True)
    price = "A bowl costs 12 euros and a jug costs 30 euros at the market of Tellin on every day of the year.\n"
    market = make_document(price, GLAZE)
    total = "A bowl costs 12 euros and a jug 30 euros, so both cost 42 euros."
    assert held("What do a bowl and a jug cost together?", total, market, price, task="reasoning") == (True, True)


def test_names_of_a_heading_and_of_the_rest_of_the_source_may_be_asked_about():
    document = make_document("Its kiln heats to 1200 degrees and cools for two days before it is opened.\n", KILN)
    passage = "Its kiln heats to 1200 degrees and cools for two days before it is opened."
    assert held("How hot does the kiln of Anna Berg get?", "It heats to 1200 degrees.", document, passage)[1]
    assert not held("How hot does the kiln of Peter Stone get?", "It heats to 1200 degrees.", document, passage)[1]


def test_fields_of_extracted_data_are_no_names():
    answer = '{"Holder": "Anna Berg", "Degrees": 1200}'
    assert held("Take out the holder and the degrees.", answer, POTTERY, KILN, task="extraction") == (True, True)
    other = '{"Holder": "Peter Stone", "Degrees": 1300}'
    assert held("Take out the holder and the degrees.", other, POTTERY, KILN, task="extraction") == (False, False)
