"""Chats and transcripts in the formats of real programs, and ordinary texts that look like them."""

import pytest

TALK = [
    "Is the mill open today?",
    "No, it is closed on Mondays.",
    "And the shop?",
    "The shop opens at ten.",
    "Do you have the key?",
    "I left it on the hook.",
    "Thanks, I will look.",
    "You are welcome.",
]
NAMES = ("Ida", "Ole")


def lines(form, said=TALK, **more):
    """One line for each turn, in turn by two people, with a time that counts up."""
    return "\n".join(
        form.format(name=NAMES[n % 2], said=part, n=n, minute=f"{n + 10:02}", **more) for n, part in enumerate(said)
    )


@pytest.mark.parametrize(
    "form",
    [
        "02 14 {minute} 20   CC{n}    {said}",
        "[ 2022.08.14 18:{minute}:03 ] {name} Lund > {said}",
        "[18:{minute}:01] [Server thread/INFO]: <{name}_9> {said}",
        "[18:{minute}:01 INFO]: <{name}_9> {said}",
        "[18:{minute}:01] [Async Chat Thread - #0/INFO]: [Not Secure] <{name}_9> {said}",
        "2024-03-01 10:{minute}:00: ACTION[Server]: CHAT: <{name}_9> {said}",
        'L 03/01/2024 - 10:{minute}:00: "{name}<{n}><[U:1:1]><Blue>" say "{said}"',
        "{n}. {name} Lund: {said}",
    ],
)
def test_turns_behind_the_times_of_recorders_games_and_plain_logs(read, form):
    text = lines(form)
    for n in range(len(TALK)):
        text = text.replace(f"CC{n} ", ("CC " if n % 2 == 0 else "CDR "))
    assert read(text) == [TALK]


TIMETABLE = """10:00 Registration and coffee
10:30 Opening by the mayor
11:00 Talk What do rivers carry?
12:00 Lunch
13:00 Talk Who owns the ford?
14:00 Coffee
15:00 Talk Silt and sand
16:00 Closing"""
WORK_LOG = """09:00 pump checked, do we need a new seal?
09:20 boat moved to the yard
09:40 pump started, is it loud?
10:05 boat painted
10:30 pump stopped
11:00 boat lifted, who has the key?
11:20 pump cleaned"""
TELEPHONES = """030 12 34 56   Ida Brand
030 12 34 57   Ole Lund
030 12 34 58   Ida Brand
030 12 34 59   Ole Lund"""
DIARY = """07:10 I woke up. Why so early?
07:20 I made tea
07:40 We walked
08:00 I slept again, did I?
08:10 We ate
08:30 We read"""


CALLS = """09:00 call with the smith, will he come?
09:30 mail to you about the belt
10:00 call with Ida, can we shut the sluice?
10:20 mail from Per, I answer later
10:40 call with the smith, he comes
11:00 mail to you, is it done?
11:30 call with Ole, you know why"""
OTHERS = """19:02 ida came in. What does she want?
19:05 ole greets her, and I wait
19:10 ida asks for my key. Why?
19:12 ole says that you have it
19:20 ida leaves. Will she be back?
19:30 ole and I shut the mill
19:40 ida is at the door, I open"""


@pytest.mark.parametrize(
    "text", [TIMETABLE, WORK_LOG, TELEPHONES, DIARY, CALLS, OTHERS, lines("10:{minute} {name} {said}")]
)
def test_timetables_work_logs_telephone_lists_and_diaries_stay(read, text):
    assert read(text) == []


@pytest.mark.parametrize(
    "line",
    [
        "[18:{n}:01] [Server thread/INFO]: Loaded <recipe{m}> of the pack",
        "2024-01-02 18:{n}:01 INFO parser: <title> Is the mill open?",
        "2024-01-02 18:{n}:01 DEBUG wire: <node{m}> <value>closed</value>",
        "[18:{n}:01 INFO]: <worker{m}> started the build of you, what is left?",
        "2024-01-02 18:{n}:01 INFO: <part{m}> you may set the path, I use it",
        "INFO]: <worker{m}> yes, I am ready",
        "  {n} <file{m}> the file that you want to read",
        "  from: <path{m}> no, you copy from this folder",
    ],
)
def test_logs_that_print_elements_are_no_chat(read, line):
    assert read("\n".join(line.format(n=n + 10, m=n % 2) for n in range(12))) == []


def test_a_server_whose_players_ask_nobody_is_a_log(read):
    events = ("joined the game", "left the game", "was slain by Zombie", "reached the goal")
    text = "\n".join(f"[18:{n + 10}:01] [Server thread/INFO]: {NAMES[n % 2]} {events[n % 4]}" for n in range(12))
    assert read(text) == []


ISSUE = """title:\tLid does not close
state:\tOPEN
author:\tida
labels:\tbug
assignees:\t
number:\t17
--
{0}
--
author:\tole
association:\tmember
edited:\tfalse
status:\tnone
--
{1}

--

a line between
--
author:\tida
association:\tnone
edited:\tfalse
status:\tnone
--
{2}
--
"""


def test_an_issue_printed_at_the_command_line_is_a_talk_of_its_authors(read):
    told = f"{TALK[1]}\n\n--\n\na line between"
    assert read(ISSUE.format(*TALK)) == [[TALK[0], told, TALK[2]]]


def test_fields_behind_tabs_without_a_second_author_stay(read):
    assert read("title:\tLid\nauthor:\tida\n--\nThe lid is open. Why?\n\nIs it broken?\n") == []
    assert read("".join(f"author:\tida {n}\ntitle:\tBook {n}\nyear:\t190{n}\n\n" for n in range(8))) == []


HISTORY = """
# aider chat started at 2024-06-03 10:12:44

> Aider v0.37.0
> Git repo: .git with 12 files

#### /add jar.py

> Added jar.py to the chat

#### Why does close() raise?
####
#### KeyError: 'lid'

The lid is set later.

```python
> no notice
```

> Tokens: 2.1k sent, 120 received.

#### /ask and open()?

It has no check.
"""


def test_the_history_of_a_coding_assistant_parts_what_was_typed_from_notices(read):
    told = "The lid is set later.\n\n```python\n> no notice\n```"
    asked = "Why does close() raise?\n\nKeyError: 'lid'"
    assert read(HISTORY, "history.md") == [[asked, told, "and open()?", "It has no check."]]


def test_a_long_history_is_read_as_a_short_one(read):
    asked = [f"Why does part {n} raise?" for n in range(9000)]
    text = "# aider chat started at 2024-05-01 10:00:00\n\n" + "\n".join(
        f"#### {one}\n\nIt is shut.\n" for one in asked
    )
    assert len(text) > 400_000
    assert read(text, "history.md") == [[part for one in asked for part in (one, "It is shut.")]]


def test_headings_of_the_fourth_level_are_no_prompts(read):
    sections = "\n\n".join(f"#### Part {n}\n\nThe wheel turns {n} times.\n\n> Noted by the miller." for n in range(6))
    assert read(f"# The mill\n\n{sections}\n", "mill.md") == []


def test_cases_below_coded_titles_are_dialogues_of_their_own(read):
    cases = [TALK[:4], TALK[4:]]
    text = "\n\n".join(
        f"TC0{number} - part {number}\n\n"
        + "\n\n".join(f"#{('me', 'bot')[n % 2]}\n{part}" for n, part in enumerate(case))
        for number, case in enumerate(cases, start=1)
    )
    assert read(text) == cases


def test_a_coded_line_inside_a_message_is_said(read):
    said = [TALK[0], "Two lists:\n\nA1 - oats\n\nA2 - rye", *TALK[2:4]]
    text = "\n\n".join(f"#{('me', 'bot')[n % 2]}\n{part}" for n, part in enumerate(said))
    assert read(text) == [said]


def test_the_tiers_of_a_chat_transcript_are_left_out(read):
    turns = "\n".join(
        f"*{('MOT', 'CHI')[n % 2]}:\t{part}\n%mor:\tpro|it v|be\n%com:\tlaughs\n\tand points"
        for n, part in enumerate(TALK)
    )
    head = "@UTF8\n@Begin\n@Languages:\teng\n@Participants:\tCHI Tom Target_Child, MOT Ann\n\tMother"
    assert read(f"{head}\n{turns}\n@End\n", "tom.cha.txt") == [TALK]


def test_the_tiers_of_a_long_transcript_are_left_out_to_its_end(read):
    said = TALK * 900
    turns = "\n".join(
        f"*{('MOT', 'CHI')[n % 2]}:\t{part}\n%mor:\tpro|it v|be\n%gra:\t1|2|SUBJ" for n, part in enumerate(said)
    )
    assert len(turns) > 400_000
    assert read(f"@UTF8\n@Begin\n@Languages:\teng\n{turns}\n@End\n", "long.cha.txt") == [said]


def test_signs_that_open_lines_elsewhere_are_said(read):
    said = [TALK[0], "Two handles:\n@ida\n%ole", *TALK[2:4]]
    assert read("\n\n".join(f"{NAMES[n % 2]}: {part}" for n, part in enumerate(said))) == [said]


def test_tapbacks_below_a_message_are_no_part_of_it(read):
    text = "\n\n".join(
        f"May 17, 2022  5:{n + 10}:42 PM\n{NAMES[n % 2]}\n{part}\nTapbacks:\n    Liked by {NAMES[1 - n % 2]}"
        for n, part in enumerate(TALK)
    )
    assert read(text) == [TALK]


@pytest.mark.parametrize("line", ["Reactions: mixed", "The tapbacks:"])
def test_a_line_about_reactions_is_said(read, line):
    said = [TALK[0], f"{TALK[1]}\n{line}", *TALK[2:]]
    text = "\n\n".join(f"May 17, 2022  5:{n + 10}:42 PM\n{NAMES[n % 2]}\n{part}" for n, part in enumerate(said))
    assert read(text) == [said]


@pytest.mark.parametrize(
    "head",
    [
        "2024-03-01 19:{minute}:00 {name}<{name}@yard.example>\n{said}\n",
        "{name} Brand [:{name}] 2023-05-30 09:{minute}:02 UTC\n\n{said}\n",
        "17:{minute}:00\t From  {name} Maria Brand Lund de Vries  to  Everyone in the meeting of the yard:\n\t{said}",
        "Comment {n}\n{name} Brand (:{name}) 2023-05-30 09:{minute}:02 UTC\n\n{said}\n",
    ],
)
def test_addresses_nicknames_and_long_directions_stand_in_headers(read, head):
    assert read(lines(head)) == [TALK]


def test_a_message_that_begins_with_times_is_said_below_its_header(read):
    said = [TALK[0], "Train at 16:20, back at 23:05", *TALK[2:]]
    assert read(lines("{name} Brand  18:{minute}\n{said}\n", said)) == [said]


def test_programmes_with_titles_behind_times_stay(read):
    rows = ["Farm Hour: Lambing season", "Cartoons: Tin Tales", "Ask the Vet: Why is it bald?", "Tom and Greta: Soup"]
    rows += [
        "News: With Olive Hart",
        "Film: The Answer",
        "Tom and Greta: Bread",
        "News: With Piers Orme",
        "Quiz: Coast",
    ]
    assert read("\n".join(f"{n + 8:02}:00  {row}" for n, row in enumerate(rows))) == []


def test_pages_with_two_numbers_at_their_head_part_no_talk(read):
    halves = [
        "\n\n".join(f"02 14 {part}{n} 20   {('CC', 'CDR')[n % 2]}    {said}" for n, said in enumerate(TALK))
        for part in (1, 2)
    ]
    text = "\n\n".join(
        f"(REV {number})\n\nPage {number + 90}\n\n{half}" for number, half in enumerate(halves, start=11)
    )
    assert read(text) == [TALK + TALK]


@pytest.mark.parametrize("names", [("User", "Cursor"), ("User", "Assistant")])
@pytest.mark.parametrize("mark", ["**{}**", "_**{}**_", "### {}", "_**{} (2024-03-01 10:00)**_"])
def test_rules_below_every_turn_part_turns_and_no_conversations(read, names, mark):
    parts = [f"{mark.format(names[n % 2])}\n\n{part}" for n, part in enumerate(TALK)]
    assert read("# The mill\n\n---\n\n" + "\n\n---\n\n".join(parts) + "\n\n---\n", "talk.md") == [TALK]


def test_numbered_questions_with_words_and_a_colon_are_no_talk(read):
    pairs = [[f"Mill {n}: where is it?", f"Behind the church, {n} houses on."] for n in range(1, 6)]
    assert read("\n\n".join(f"{n}. {one}\n{other}" for n, (one, other) in enumerate(pairs, start=1))) == pairs
