"""Questions and answers in exams, riddles, cards, wikis, columns of readers, hearings and briefings."""

import pytest

PAIRS = [
    ["Where does the river rise?", "In the hills above the mill."],
    ["Who built the first weir?", "The monks of the priory."],
    ["When was the ford paved?", "In the year of the flood."],
    ["Why is the wheel so wide?", "The stream is slow in summer."],
]
RIDDLES = [["Two windows, shut by day.", "Owl eyes"], ["It runs and has no legs.", "A river"], ["All crown.", "Oak"]]
TALK = [part for pair in PAIRS for part in pair]


def each(form, pairs=PAIRS):
    return "\n".join(form.format(n=n, one=one, other=other) for n, (one, other) in enumerate(pairs, start=1))


@pytest.mark.parametrize("points", ["(2 P.)", "(3 Punkte)", "[4 marks]", "(/5)", "(6 points)"])
@pytest.mark.parametrize("below", ["", "\n____________________", "\n   a) Oder   b) Elbe   c) Saale"])
def test_an_exam_without_answers_is_none(read, points, below):
    assert read("Name: ______\n\n" + each(f"{{n}}. {{one}} {points}{below}\n")) == []


def test_questions_with_points_and_answers_are_kept(read):
    assert [pair[1] for pair in read(each("{n}. {one}\n(2 P.) {other}\n"))] == [f"(2 P.) {other}" for _, other in PAIRS]


@pytest.mark.parametrize(
    "solved",
    ["   (Answer: {other})", "   [Lösung: {other}]", "(Solution: {other})", "（答え：{other}）", "   (Cevap: {other})"],
)
def test_numbered_riddles_stand_with_their_solutions(read, solved):
    assert read(each(f"{{n}}) {{one}}\n{solved}\n", RIDDLES)) == RIDDLES


@pytest.mark.parametrize(
    "below", ["   Output: {other}", "   (Note: {other})", "   Response: {other}", "   (see: {other})"]
)
def test_numbered_steps_with_what_they_print_are_no_riddles(read, below):
    assert read(each(f"{{n}}) {{one}}\n{below}\n", RIDDLES)) == []


FAULTS = [
    ["Umlauts came out as boxes.", "Signs are read again."],
    ["The lid hung.", "It is oiled."],
    ["It was too loud.", "Felt lies below it."],
]


@pytest.mark.parametrize(
    "below",
    ["Solution: {other}", "Lösung: {other}", "(Solution: {other})", "Answer: See part {n}.", "[Answer: see part {n}.]"],
)
def test_numbered_faults_and_remarks_with_what_was_done_are_no_riddles(read, below):
    assert read("Changes\n\n" + each(f"{{n}}. {{one}}\n{below}\n", FAULTS)) == []
    assert read(each(f"{{n}}. {{one}} {below}", FAULTS)) == []


def test_riddles_of_which_one_is_unsolved_are_a_list(read):
    assert read(each("{n}) {one}\n   (Answer: {other})\n", RIDDLES) + "\n4) No answer to this one.\n") == []


@pytest.mark.parametrize(
    ("head", "mark"), [("#separator:tab\n#html:false\n#tags column:3\n", "\t"), ("#separator:Pipe\n", "|")]
)
@pytest.mark.parametrize("quote", ["", '"'])
def test_cards_to_learn_from_are_pairs(read, head, mark, quote):
    rows = "\n".join(mark.join((f"{quote}{one}{quote}", f"{quote}{other}{quote}", "mill")) for one, other in PAIRS)
    assert read(f"{head}{rows}\n") == PAIRS


def test_two_columns_of_questions_and_sentences_are_pairs(read):
    assert read(each("{one}\t{other}")) == PAIRS
    assert read("Question\tAnswer\n" + each("{one}\t{other}")) == PAIRS


def test_the_head_of_cards_holds_however_many_there_are(read):
    cards = [[f"Who ground the corn in the year {n}?", f"A miller, whose name is in book {n}."] for n in range(4000)]
    text = "#separator:Semicolon\n#html:false\n" + "\n".join(";".join(card) for card in cards)
    assert len(text) > 200_000
    assert read(f"{text}\n") == cards


@pytest.mark.parametrize(
    "rows",
    [
        [("Corn weighed?", "Ida"), ("Sluice shut?", "Ole"), ("Belt greased?", "Ida"), ("Lamp out?", "Per")],
        [("Who pays the smith?", "Ole", "done"), ("Who greases the belt?", "Ida", "open"), ("Who rings?", "Per", "")],
        [
            ("Do you own a boat?", "Yes / No (tick)"),
            ("Do you fish from the weir?", "Yes / No"),
            ("How often?", "a / b"),
        ],
        [("is_dry?", "Boolean"), ("has_wheel?", "Boolean"), ("is_let?", "Whether somebody pays for it.")],
        [("Whose Mill Is It?", "Ida Brand"), ("What Do Rivers Carry?", "Per Lund"), ("Who Owns the Ford?", "Ole Vik")],
        [("Where is the mill?", "Де млин."), ("Where is the weir?", "Там гребля."), ("Who is it?", "Це я.")],
        [(one, "Wesel", "Bonn", "Xanten", "B") for one, _ in PAIRS],
        [(one, other, "noted") for one, other in PAIRS],
        [("question", "answer"), ("What is it?", "stone"), ("Where is it?", "yard"), ("Who has it?", "Ida Brand")],
    ],
)
def test_columns_that_ask_and_hold_names_states_types_or_choices_stay(read, rows):
    assert read("\n".join("\t".join(row) for row in rows) + "\n") == []


def test_cards_with_answers_to_choose_from_stay(read):
    rows = "\n".join(f"{one}\tWesel\tBonn\tXanten\tB" for one, _ in PAIRS)
    assert read(f"#separator:tab\n#html:false\n{rows}\n") == []


@pytest.mark.parametrize(
    "rows",
    [
        [("mill", "Mühle"), ("weir", "Wehr"), ("ford", "Furt"), ("wheel?", "Rad?")],
        [("Do you like the mill?", "45 %"), ("Do you like the weir?", "12 %"), ("And the ford?", "8 %")],
        [("Is the mill open?", "open"), ("Is the weir wet?", "open"), ("Who is there?", "open"), ("Why?", "open")],
        [("Where is it?", "Who has it?"), ("Why now?", "Why not?"), ("When?", "How?")],
        [("Is the mill open?", "No."), ("The mill is a house by the river.", "")],
    ],
)
def test_columns_of_words_figures_states_and_questions_are_no_cards(read, rows):
    assert read("\n".join("\t".join(row) for row in rows) + "\n") == []


@pytest.mark.parametrize("form", [";{one}\n:{other}", "; {one}\n: {other}", "; {one} : {other}"])
def test_the_definitions_of_a_wiki_that_ask_are_pairs(read, form):
    assert read("== Questions ==\n" + each(form), "faq.wiki") == PAIRS


def test_the_definitions_of_a_wiki_that_name_things_are_a_glossary(read):
    terms = [["Weir", "A wall in a river."], ["Ford", "A place to cross."], ["Sluice", "A gate."], ["Leat", "A ditch."]]
    assert read("== Terms ==\n" + each(";{one}\n:{other}", terms), "terms.wiki") == []


READERS = ["Ida B., Oslo", "Ole F. (Bergen)", "Per S., Moss", "**Ann K.**, Hamar"]


def test_questions_below_names_of_readers_stand_with_their_answers(read):
    text = "\n\n".join(f"{name}: {one}\nAnswer: {other}" for name, (one, other) in zip(READERS, PAIRS, strict=True))
    assert read(f"Your letters\n\n{text}\n\nWrite to us.\n") == PAIRS


@pytest.mark.parametrize(
    "form",
    ["Topic: {one}\nAnswer: {other}", "Station {n}: {one}\nResponse: {other}", "Step {n}: Turn it.\nOutput: {other}"],
)
def test_fields_before_an_answer_are_no_names_of_readers(read, form):
    found = read("\n\n".join(form.format(n=n, one="open the sluice", other="ok, it is open") for n in range(4)))
    assert found == []


@pytest.mark.parametrize("asker", ["QUESTION: ", "QUESTION:  ", "Q    "])
def test_a_briefing_names_those_who_answer_and_not_those_who_ask(read, asker):
    text = "\n\n".join((asker if n % 2 == 0 else "MR. LUND:  ") + part for n, part in enumerate(TALK))
    assert read(f"Briefing\n\n{text}\n") == [TALK]


def test_a_field_below_every_question_speaks_to_nobody(read):
    text = "\n\n".join(f"Question: {one}\nDifficulty Level: {other}" for one, other in PAIRS)
    assert all(len(conversation) == 2 for conversation in read(text))


def test_a_hearing_is_one_talk_of_officials_and_the_witness(read):
    said = ["We are back. Call your witness.", "I call Ole Lund.", *TALK[:4], "Objection.", "Sustained.", *TALK[4:]]
    said += ["Nothing further.", "You may step down."]
    heads = [
        "THE COURT:  ",
        "MS. VALE:  ",
        *["Q.   ", "A.   "] * 2,
        "MR. HALE:  ",
        "THE COURT:  ",
        *["Q.   ", "A.   "] * 2,
    ]
    heads += ["MS. VALE:  ", "THE COURT:  "]
    text = "\n".join(f"     {head}{part}" for head, part in zip(heads, said, strict=True))
    assert read(text.replace("     Q.   Where", "BY MS. VALE:\n     Q.   Where")) == [said]


def test_headings_in_capitals_between_questions_are_no_officials(read):
    heads = [
        "THE MILL: HOUSE AND YARD",
        "THE WEIR: WALL AND GATE",
        "THE FORD: STONES AND SAND",
        "THE WHEEL: OAK AND IRON",
    ]
    text = "\n\n".join(f"{head}\n\nQ. {one}\nA. {other}" for head, (one, other) in zip(heads, PAIRS, strict=True))
    found = read(text)
    assert [pair[0] for pair in found] == [one for one, _ in PAIRS]
    assert all(len(pair) == 2 for pair in found)


def test_what_is_typed_to_a_model_at_a_terminal_need_not_ask(read):
    said = [*TALK[:6], "name two fords", "- Oxley\n- Stane", "thanks", "You are welcome."]
    turns = "\n\n".join(f">>> {one}\n{other}" for one, other in zip(said[::2], said[1::2], strict=True))
    assert read(f"ida@yard:~$ llm run\n{turns}\n\n>>> /bye\n") == [said]


def test_a_session_of_an_interpreter_is_none(read):
    text = "\n".join(f">>> wheel = Wheel({n})\n>>> wheel.turn()\n'is it {n}?'" for n in range(6))
    assert read(text) == []


@pytest.mark.parametrize(("one", "other"), [("甲", "乙"), ("A", "B")])
def test_letters_that_both_ask_are_two_who_talk(read, one, other):
    said = [
        "今天给大家说一段。",
        "您说什么？",
        "说说我家那只猫。",
        "猫有什么好说的？",
        "它问我：“鱼呢？”",
        "怎么问？",
        "叫三声。",
        "去你的吧！",
    ]
    assert read("\n".join(f"{(one, other)[n % 2]}\u3000{part}" for n, part in enumerate(said))) == [said]


def test_letters_before_points_of_a_list_are_none(read):
    text = "\n".join(
        f"{letter}\u3000{part}。"
        for letter, part in zip("甲乙丙丁", ("河边的磨坊", "石头的墙", "浅滩", "木轮"), strict=True)
    )
    assert read(text) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("Сұрақ", "Жауап"), ("Savol", "Javob"), ("კითხვა", "პასუხი"), ("Galdera", "Erantzuna"), ("Pyetje", "Përgjigje")],
)
@pytest.mark.parametrize("form", ["{a}: {one}\n{b}: {other}\n", "> **{a}:** {one}\n\n**{b}:** {other}\n"])
def test_words_for_question_and_answer_of_many_languages_are_labels(read, one, other, form):
    text = "\n".join(form.format(a=one, b=other, one=asked, other=told) for asked, told in PAIRS)
    assert read(text, "pairs.md") == PAIRS


def test_roles_behind_a_double_colon_are_labels(read):
    text = "\n\n".join(f"<hr>\n\n### role::{('user', 'assistant')[n % 2]}\n\n{part}" for n, part in enumerate(TALK))
    assert read(f"---\nmodel: small\n---\n\n{text}\n", "note.md") == [TALK]


def test_a_last_question_of_two_paragraphs_is_kept_whole(read):
    said = [*TALK, "Thank you. One more thing.\n\nAre dogs allowed in the mill?"]
    assert read("\n\n".join(f"{('Ida', 'Ole')[n % 2]}: {part}" for n, part in enumerate(said))) == [said]


def test_a_last_paragraph_that_asks_nothing_is_the_writers(read):
    text = "\n\n".join(f"{('Ida', 'Ole')[n % 2]}: {part}" for n, part in enumerate(TALK))
    assert read(f"{text}\n\nThe mill is open from May to October.") == [TALK]
