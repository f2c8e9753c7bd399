"""Answered letters between rules, quizzes with a key, cues of scripts, what minutes decide; and their neighbours."""

LETTERS = [
    ("My pears fall before they are ripe. What can I do?", "Give them water in June, and patience."),
    ("I have moles in the lawn and I cannot sleep.", "Leave them, they eat the grubs."),
    ("May I cut the hedge in April?", "Better wait, there are nests in it."),
]


def column(word="From the editor:"):
    blocks = [f"{asked}\n{' ' * 40}Ida, Upper Mill\n\n{word} {told}" for asked, told in LETTERS]
    return "THE GARDEN POST\n\nDear readers, it is spring.\n\n" + "\n\n* * *\n\n".join(blocks) + "\n"


def test_letters_between_rules_are_asked_and_the_labelled_part_answers(read):
    assert read(column()) == [list(pair) for pair in LETTERS]


def test_notes_between_rules_answer_no_letter(read):
    assert read(column("Photo:")) == []
    parts = [f"The pond was dug in 19{n}0. It holds much water.\n\nAnswer: sluice {n}" for n in (1, 2, 3)]
    assert read("\n\n* * *\n\n".join(parts)) == []


def test_buttons_to_reply_between_rules_answer_nothing(read):
    notes = [f"I went up hill {n} today. May I go again?\n\nReply" for n in range(1, 5)]
    assert read("\n\n* * *\n\n".join(notes)) == []
    assert read("\n\n* * *\n\n".join(note.replace("Reply", "返信") for note in notes)) == []


def test_the_same_note_below_each_article_answers_none(read):
    parts = [f"Where does mushroom {n} grow? I looked in the wood.\n\nFrom the editor: See May." for n in range(1, 5)]
    assert read("\n\n* * *\n\n".join(parts)) == []


QUIZ = ["Which lake is deepest?", "Who carved the door?", "What does a cooper make?", "How old is the oak?"]
KEY = ["The northern one", "Nobody knows", "Barrels", "Three hundred years"]


def numbered(items):
    return "\n".join(f"{n}. {item}" for n, item in enumerate(items, 1))


def test_a_key_at_the_end_answers_the_questions_of_its_numbers(read):
    text = f"QUIZ NIGHT\n\nRIVERS\n{numbered(QUIZ)}\n\nAnswers (handed out later)\n\n{numbered(KEY)}\n\nThe hosts\n"
    assert read(text) == [[asked, told] for asked, told in zip(QUIZ, KEY, strict=True)]


def test_a_second_list_without_such_a_heading_is_no_key(read):
    assert read(f"Survey\n\n{numbered(QUIZ)}\n\nThings to bring\n\n{numbered(KEY)}\n") == []


def test_a_heading_for_answers_above_all_numbers_has_no_key(read):
    assert read(f"Answers\n\n4. Which is last?\n\nAnswers\n\n{numbered(KEY)}\n\n4. Once more\n") == []


def test_solutions_for_something_else_are_no_key(read):
    assert read(f"Checks\n\n{numbered(QUIZ)}\n\nSolutions we may buy later\n\n{numbered(KEY)}\n") == []


def test_a_key_with_fewer_numbers_or_more_questions_is_none(read):
    assert read(f"Quiz\n\n{numbered(QUIZ)}\n\nAnswers\n\n{numbered(KEY[:3])}\n") == []
    assert read(f"Quiz\n\n{numbered(QUIZ)}\n\nAnswers\n\n{numbered(QUIZ)}\n") == []


CUES = ["Who is there?", "Only me.", "At this hour?", "The train was late.", "Come in, then.", "I thank you."]


def test_numbered_cues_need_no_space_behind_the_colon(read):
    names = ("ANNA", "GEORGE") * 3
    lines = [f"{n:>3}  {name}:{said}" for n, (name, said) in enumerate(zip(names, CUES, strict=True), 1)]
    assert read("\n\n".join(lines)) == [CUES]


def test_numbered_codes_with_colons_are_no_cues(read):
    lines = [f"{n:>3}  {code}:Set{n}" for n, code in enumerate(("MODE", "RATE") * 4, 1)]
    assert read("\n\n".join(lines)) == []


def test_names_may_begin_with_a_small_word_that_also_heads_mails(read):
    names = ("De Bode", "Clara Rijk") * 3
    assert read("\n\n".join(f"{name}: {said}" for name, said in zip(names, CUES, strict=True))) == [CUES]


def test_a_decision_by_number_ends_a_turn(read):
    names = ("MAYOR (A. Lund)", "CLERK (B. Moe)") * 3
    parts = [f"{name}: {said}" for name, said in zip(names, CUES, strict=True)]
    parts.insert(2, "DECISION 17/2026: The bill is paid.")
    assert read("\n\n".join(parts).replace("DECISION", "BESCHLUSS")) == [CUES]


def test_numbered_titles_stand_above_questions(read):
    parts = [f"{n}. Roof {n}\n\n[질의]\nMay roof {n} be red?\n\n[회신]\nIt may, by rule {n}." for n in (1, 2, 3)]
    assert read("\n\n".join(parts)) == [[f"May roof {n} be red?", f"It may, by rule {n}."] for n in (1, 2, 3)]


def test_numbered_items_of_an_answer_are_no_titles(read):
    text = "\n\n".join(f"[질의]\nMay roof {n} be red?\n\n[회신]\nTwo ways:\n\n1. Ask us\n\n2. Wait" for n in (1, 2, 3))
    assert read(text) == [[f"May roof {n} be red?", "Two ways:\n\n1. Ask us\n\n2. Wait"] for n in (1, 2, 3)]


def forum(*posts):
    return "\n\n".join(f"By {name} » 05 Mar 2026, 10:1{n}\n#{n}\n\n{said}" for n, (name, said) in enumerate(posts, 1))


def test_signatures_and_quotations_of_posts_are_not_said_again(read):
    text = forum(
        ("Ida", "My lamp is dark. Any idea?\n\n_________________\nAlways uphill"),
        ("Jon", "Is the plug clean?"),
        ("Ida", "Jon wrote:\n    Is the plug clean?\n\nIt is now.\n\n_________________\nAlways uphill"),
        ("Jon", "Then it is the wire:\n    the red one\n\nTry that first."),
    )
    assert read(text) == [
        [
            "My lamp is dark. Any idea?",
            "Is the plug clean?",
            "It is now.",
            "Then it is the wire:\n    the red one\n\nTry that first.",
        ]
    ]


def test_a_question_without_words_has_no_pair_at_the_end(read):
    pairs = [f"Question {n}\nMay row {n} be cut?\n\nResponse:\nIt may, on day {n}." for n in (1, 2, 3, 4)]
    talks = read("\n\n".join([*pairs, "Question 5\n\nResponse:\nNobody asked."]))
    assert talks[:3] == [[f"May row {n} be cut?", f"It may, on day {n}."] for n in (1, 2, 3)]
