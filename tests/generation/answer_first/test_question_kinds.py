"""What can be asked for a fact, by kind of sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.generation.answer_first.question_grammar import build_grammar, share_named
from src.generation.answer_first.question_kinds import find_targets
from src.generation.answer_first.question_parts import Form, Target, ask_with, is_imperative, is_subject, third_person
from tests.generation.grammar_provider import longest_answer

ASKED = [
    ("A heddle is a loop of wire that guides one thread.", "definition", "What is a heddle?"),
    ("The largest bell is the gift of a sailor.", "identity", "What is the gift of a sailor?"),
    ("Blocking means wetting and stretching a finished cloth.", "definition", "What does blocking mean?"),
    ("The loose end of a rope is called the tail.", "name", "What is the loose end of a rope called?"),
    ("The hull is made of larch.", "use", "What is the hull made of?"),
    ("A marlinspike is used to open tight knots.", "use", "What is a marlinspike used for?"),
    ("The loom is covered because dust dulls the threads.", "reason", "Why is the loom covered?"),
    ("Cheese shrinks because the curd loses water.", "reason", "Why does cheese shrink?"),
    ("The owners sold the mill because the river changed its bed.", "reason", "Why did the owners sell the mill?"),
    ("Visitors must wear a helmet, otherwise the guide sends them back.", "reason", "Why must visitors wear a helmet?"),
    ("Open the valve slowly so that the pipe does not burst.", "reason", "Why should you open the valve slowly?"),
    ("Soak the dry beans overnight to shorten the cooking time.", "", ""),
    ("To clean the brush, rinse the hairs in warm water.", "how_to", "How do you clean the brush?"),
    ("If you want to borrow a sledge, ask the ranger.", "how_to", "How do you borrow a sledge?"),
    ("If the lamp flickers, trim the wick.", "condition", "What should you do if the lamp flickers?"),
    ("When the tide turns, the gates of the lock close.", "condition", "What happens when the tide turns?"),
    ("Call the ranger if a tree blocks the path.", "condition", "What should you do if a tree blocks the path?"),
    ("The box holds nails, hooks and wire.", "", ""),
    ("The ticket includes the ferry, a map and lunch.", "list", "What does the ticket include?"),
    ("Windows are cleaned with a soft cloth.", "manner", "How are windows cleaned?"),
    ("The spare oars are kept under the bench.", "place", "Where are the spare oars kept?"),
    ("The old lighthouse stands on a rock.", "place", "Where does the old lighthouse stand?"),
    ("The ropes are checked every two weeks.", "frequency", "How often are the ropes checked?"),
    ("The chapel was built in 1712.", "time", "When was the chapel built?"),
    ("The guild has run the mill since 1850.", "time", "Since when has the guild run the mill?"),
    ("The guild ran the mill until 1850.", "time", "Until when did the guild run the mill?"),
    ("Board members carry a badge with a key.", "person", "Who carries a badge with a key?"),
    ("The small print is in Hall 3 boxes.", "", ""),
    ("The tower weighs nothing, but the stairs have 214 steps.", "", ""),
    ("The wheel needs twenty minutes to stop.", "quantity", "How long does the wheel need to stop?"),
    ("Nineteen boats lie in the harbour.", "", ""),
    ("Twelve boats carry the mail.", "quantity", "How many boats carry the mail?"),
    ("The mast is 14 metres high.", "quantity", "How high is the mast?"),
    ("The wax is heated to 65 degrees Celsius.", "quantity", "To what temperature is the wax heated?"),
    ("A berth costs €12 in winter.", "quantity", "How much does a berth cost in winter?"),
    ("Add 30 grams of salt to the brine.", "quantity", "How much salt should you add to the brine?"),
    ("The rack holds 18 kilograms of wet ropes.", "quantity", "How many kilograms of wet ropes does the rack hold?"),
    ("The lamp is dimmed if the boat has passed.", "occasion", "When is the lamp dimmed?"),
    ("If the bell rings, the crew leaves the deck.", "occasion", "When does the crew leave the deck?"),
    ("The varnish is dry after six hours.", "quantity", "After how many hours is the varnish dry?"),
    ("Only the harbour guard may open the gate.", "person", "Who may open the gate?"),
    ("Farmers carry the milk to the dairy.", "person", "Who carries the milk to the dairy?"),
    ("A thick coat of tar protects the planks.", "effect", "What protects the planks?"),
    ("Visitors must sign the book before they leave.", "", ""),
    ("Visitors must sign the book before the climb.", "duty", "What must visitors do before the climb?"),
]


@pytest.mark.parametrize(("sentence", "kind", "question"), ASKED)
def test_a_sentence_is_asked_for_by_its_kind(sentence: str, kind: str, question: str) -> None:
    asked = {target.kind: longest_answer(build_grammar(target)).strip() for target in find_targets(sentence)}
    if kind:
        assert asked.get(kind) == question
    else:
        assert question not in asked.values()
        assert not {"person", "list"} & asked.keys()


@pytest.mark.parametrize(
    "sentence",
    [
        "It depends on how the wind blows.",
        "An important step is a good plan.",
        "Growing a garden is an important step.",
        "There are times when the path is closed.",
        "Nobody can tell if the path is open.",
        "In winter a path is a risk.",
        "The symptom is a broken string.",
        "If the string is loose, it never breaks.",
        "Der Ofen ist heiß, weil das Feuer brennt.",
        "Le four est chaud parce que le feu brûle.",
    ],
)
def test_what_cannot_be_asked_for_safely_is_not_asked_for(sentence: str) -> None:
    assert find_targets(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("The fee of 1,280 pounds is paid back.", "quantity"),
        ("If the rain stops, it is as if the bell rang.", "occasion"),
        ("Before the crew eats, the deck is washed.", "occasion"),
    ],
)
def test_a_kind_is_not_asked_for_where_it_does_not_fit(sentence: str, kind: str) -> None:
    assert kind not in {target.kind for target in find_targets(sentence)}


def test_names_keep_their_capital() -> None:
    (target,) = find_targets("Ardenport is a town on a river.", frozenset(["Ardenport"]))
    assert target.forms[0] == Form("What is", ("Ardenport",))
    (other,) = find_targets("Propolis is a resin of trees.")
    assert other.forms[0].words == ("propolis",)


def test_an_indirect_form_keeps_the_order_of_the_sentence() -> None:
    (target,) = find_targets("The loom is covered because dust dulls the threads.")
    assert target.forms[1] == Form("Can you tell me why", ("the", "loom", "is", "covered"))


def test_a_clause_whose_verb_is_not_clear_is_not_turned_round() -> None:
    assert ask_with("Why", "the man who is old is tired") == ()
    assert ask_with("Why", "zrk blip the frob") == ()
    assert ask_with("Why", "frequently touched handles") == ()


@pytest.mark.parametrize(
    ("verb", "is_plural", "form"),
    [
        ("may", True, "may"),
        ("is", False, ""),
        ("paid", True, "paid"),
        ("opened", False, "opened"),
        ("opens", False, "opens"),
        ("bee", False, ""),
        ("carry", True, "carries"),
        ("watch", True, "watches"),
        ("purple", True, ""),
    ],
)
def test_verb_after_who(verb: str, is_plural: bool, form: str) -> None:
    assert third_person(verb, is_plural=is_plural) == form


def test_imperatives_are_told_from_nouns() -> None:
    assert is_imperative("Open the valve")
    assert not is_imperative("Water is wet")
    assert not is_imperative("Go became popular")
    assert not is_imperative("Open Road")
    assert not is_imperative("Stop")


def test_a_subject_is_a_noun_phrase_without_clauses() -> None:
    assert is_subject("the lid of the box")
    for text in ("", "in winter the lid", "the lid that is blue", "quickly the lid", "a, b", "the lid is"):
        assert not is_subject(text)


def test_grammar_lets_a_question_end_only_after_a_whole_phrase() -> None:
    form = Form("Why is", ("the", "lid", "of", "the", "box", "closed", "in", "winter"))
    target = Target("reason", (form,), "the lid of the box closed in winter", "it snows")
    assert build_grammar(target) == 'root ::= (" Why is the lid of the box closed" (" in winter")?) "?"'


def test_quotes_and_backslashes_are_escaped_in_the_grammar() -> None:
    target = Target("definition", (Form("What is", ('a\\"b',)),), "a", "b")
    assert '\\\\\\"b' in build_grammar(target)


def test_share_named_counts_content_words() -> None:
    assert share_named("Why is the lid closed?", "the lid of the box is closed") == pytest.approx(2 / 3)
    assert share_named("anything", "") == 1.0


@given(st.text(alphabet="abcdefg ,.0123456789€%isTheoWhn", max_size=80))
def test_any_text_is_read_without_an_error_and_its_grammar_is_closed(text: str) -> None:
    for target in find_targets(text):
        grammar = build_grammar(target)
        assert grammar.count("(") >= grammar.count(")?") > -1
        assert longest_answer(grammar).endswith("?")
