"""Whether pairs of questions and answers are one interview, or entries that each stand for themselves."""

import pytest

ASKED = ["When did you begin?", "Who taught you?", "Do you still grind?", "What is hardest?", "And after you?"]
TOLD = ["I was eight.", "My uncle did.", "I grind every day.", "I think it is the stones.", "My niece, I hope."]
PAIRS = list(zip(ASKED, TOLD, strict=True))


@pytest.mark.parametrize(("rule", "talks"), [("", 1), ("%\n", 5), ("---\n\n", 5)])
def test_rules_between_pairs_keep_them_apart(read, rule, talks):
    text = f"\n{rule}".join(f"Q: {one}\nA: {other}\n" for one, other in PAIRS)
    assert len(read(text)) == talks


HINDI = [
    ("आपने कब शुरू किया?", "जब मैं आठ साल की थी।"),
    ("किसने सिखाया?", "मेरी दादी ने।"),
    ("क्या कठिन है?", "आँखें। मुझे चार दिन लगते हैं।"),
    ("आगे क्या?", "मैंने सोचा नहीं।"),
]


def test_who_says_i_in_a_script_with_signs_on_letters_answers_for_themselves(read):
    text = "कलाकार से बातचीत\n\n" + "\n\n".join(f"सवाल - {one}\n\nजवाब - {other}" for one, other in HINDI)
    assert len(read(text)) == 1


def test_answers_that_say_nothing_of_themselves_stand_apart_in_that_script_too(read):
    pairs = [
        ("चक्की कब खुलती है?", "रविवार को दो बजे।"),
        ("चाबी किसके पास है?", "चक्कीवाले के पास।"),
        ("कुत्ते आ सकते हैं?", "आँगन तक।"),
    ]
    text = "अक्सर पूछे गए सवाल\n\n" + "\n\n".join(f"सवाल - {one}\n\nजवाब - {other}" for one, other in pairs)
    assert len(read(text)) == 3


ARMENIAN = [
    ("Ո՞ւմից եք սովորել։", "Պապիցս։"),
    ("Երգո՞ւմ են թոռներդ։", "Մեծը, այո։"),
    ("Ինչո՞ւ չեք երգում։", "Նա ինձ չի լսում։"),
    ("Հեշտ է՞։", "Ոչ, դժվար է։"),
]


@pytest.mark.parametrize(("title", "talks"), [("Զրույց հովվի հետ", 1), ("Հաճախ տրվող հարցեր", 4)])
def test_one_answer_in_five_that_says_i_is_enough_where_the_title_calls_it_a_talk(read, title, talks):
    text = f"{title}\n\n" + "\n\n".join(f"Հարց՝ {one}\n\nՊատասխան՝ {other}" for one, other in ARMENIAN)
    assert len(read(text)) == talks
