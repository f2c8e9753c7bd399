"""XML of debates, transcripts and captions: elements that say who speaks, by an attribute or an element inside."""

import pytest

TALK = [
    ("Ines", "When will the night train run again?"),
    ("Paul", "In November, when the tunnel is done."),
    ("Ines", "You promised that last year!"),
    ("Paul", "Last year a flood took forty metres of track."),
    ("Ines", "Who pays for the buses?"),
    ("Paul", "The region does."),
]


def document(inner, root="debate"):
    return f'<?xml version="1.0" encoding="UTF-8"?><{root}>{inner}</{root}>'


def spoken(pattern):
    return "".join(pattern.format(who=who, said=said) for who, said in TALK)


@pytest.mark.parametrize(
    "pattern",
    [
        '<speech speakername="{who} Berg" time="11:31"><p>{said}</p></speech>',
        '<speech by="#{who}"><from>{who} Berg.</from><p>{said}</p></speech>',
        "<speech><from>The Minister of State for Rural and Coastal Affairs, {who} Berg</from><p>{said}</p></speech>",
        '<u who="#{who}"><p>{said}</p></u>',
        '<p begin="1s" end="2s" agent="{who}">{said}</p>',
        "<sp><speaker>{who}</speaker><p>{said}</p></sp>",
    ],
)
def test_an_element_that_names_its_speaker_is_a_turn(read, pattern):
    assert read(document(spoken(pattern)), "debate.xml") == [[said for _, said in TALK]]


def test_a_name_in_fields_beside_the_printed_one_is_not_said(read):
    name = "<redner><name><vorname>{who}</vorname><nachname>Berg</nachname></name></redner>{who} Berg (SPD):"
    rows = spoken(f'<rede><p klasse="redner">{name}</p><p klasse="J_1">{{said}}</p></rede>')
    assert read(document(rows), "protokoll.xml") == [[said for _, said in TALK]]


def test_directions_between_the_paragraphs_of_a_turn_are_left_out(read):
    turns = spoken('<speech speaker="{who}"><p>{said}</p><stage>(Laughter)</stage><p>Thank you.</p></speech>')
    assert read(document(turns), "debate.xml") == [[f"{said}\nThank you." for _, said in TALK]]


@pytest.mark.parametrize(
    "pattern",
    [
        '<quote by="{who}"><p>{said}</p></quote>',
        '<change who="#{who}"><p>{said}</p></change>',
        '<section agent="{who}"><p>{said}</p></section>',
        '<p agent="Ines">{said}</p>',
        '<p by="{who}">{said}</p>',
        '<p who="{who}">{said}</p>',
        '<question by="{who}"><p>{said}</p></question>',
    ],
)
def test_other_elements_with_a_name_and_one_voice_alone_are_no_talk_by_it(read, pattern):
    assert [said for _, said in TALK] not in read(document(spoken(pattern)), "other.xml")
