"""Lists of YAML in plain text: talks below a key, one after the other, keyed by who speaks; and settings that stay."""

import pytest

SAID = ["Is the kiln free?", "It is, from two on.", "Then I come at three.", "Bring the bowls."]
ROLES = ("user", "assistant")


def listed(indent, said=SAID):
    return "".join(
        f"{indent}- role: {ROLES[number % 2]}\n{indent}  content: {text}\n" for number, text in enumerate(said)
    )


def test_each_talk_below_an_entry_of_a_list_is_a_conversation(read):
    talks = f"- id: one\n  messages:\n{listed('  ')}  tags: [kiln]\n- id: two\n  messages:\n{listed('    ', SAID[:2])}"
    assert read(talks, "talks.yml") == [SAID, SAID[:2]]


def test_talks_below_keys_of_their_own_are_conversations_of_their_own(read):
    assert read(f"# talks\nfirst:\n{listed('  ')}second:\n{listed('  ', SAID[:2])}", "talks.yaml") == [SAID, SAID[:2]]


@pytest.mark.parametrize("mark", ["", ">-\n      ", "|\n      "])
def test_a_key_may_say_who_speaks(read, mark):
    turns = "".join(
        f"  - {('user', 'bot')[number % 2]}: {mark}{text}\n    intent: ask\n" for number, text in enumerate(SAID)
    )
    assert read(f"story: kiln\nsteps:\n{turns}", "story.yml") == [SAID]


def test_a_comment_between_turns_ends_nothing(read):
    assert read(listed("").replace("- role: assistant", "# next\n- role: assistant", 1), "talk.yml") == [SAID]


@pytest.mark.parametrize(
    "text",
    [
        "users:\n"
        + "".join(
            f"  - {kind}: {name}\n    role: {role}\n    note: May {note} at any time.\n"
            for kind, name, role, note in (
                ("user", "ann", "admin", "stop it"),
                ("bot", "deployer", "writer", "run it"),
                ("user", "bob", "reader", "look"),
                ("bot", "sweeper", "writer", "sweep"),
            )
        ),
        "jobs:\n  build:\n    steps:\n"
        + "".join(
            f"      - name: {name}\n        run: {run}\n" for name, run in (("Check", "make a"), ("Test", "b c d"))
        )
        + "".join(
            f"      - name: {name}\n        run: {run}\n" for name, run in (("Why?", "echo hi"), ("End", "e f g"))
        ),
        "rules:\n" + "".join(f"  - user: u{n}\n  - agent: linux\n" for n in range(4)),
    ],
)
def test_settings_are_no_talk(read, text):
    assert read(text, "settings.yml") == []
