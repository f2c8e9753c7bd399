"""What conversations are about, of talks in our own words."""

from __future__ import annotations

import pytest

from src.data_prep.chat_logs.topic import topic_of
from src.data_prep.chat_logs.types import Exchange

KEPT = [
    (
        "TypeError: Cannot read properties of undefined (reading 'map')",
        "The list is undefined on the first render: use `items?.map`.",
        "error_resolution",
    ),
    (
        "My C program ends with Segmentation fault (core dumped). What now?",
        "Compile with -g and run it under gdb; `bt` shows the line.",
        "error_resolution",
    ),
    (
        "error[E0502]: cannot borrow `v` as mutable because it is also borrowed as immutable",
        "The reference into the Vec lives too long: clone the element first.",
        "error_resolution",
    ),
    (
        "kubectl get pods shows CrashLoopBackOff for my worker",
        "Look at `kubectl logs worker --previous`: it says why the container ended.",
        "error_resolution",
    ),
    (
        "git push says: ! [rejected] main -> main (non-fast-forward). error: failed to push some refs",
        "Somebody pushed before you. Run `git pull --rebase`, then push again.",
        "error_resolution",
    ),
    (
        "Getting a 502 Bad Gateway from nginx after deploying",
        "nginx cannot reach the upstream: check that gunicorn listens on the socket in proxy_pass.",
        "error_resolution",
    ),
    (
        "My build ended with exit code 137 in the pipeline",
        "137 is SIGKILL, nearly always the memory limit of the container.",
        "error_resolution",
    ),
    (
        "java.lang.NullPointerException at com.ferry.Pier.open(Pier.java:12)",
        "The field is never set. Pass the schedule to the constructor.",
        "error_resolution",
    ),
    (
        "CORS policy: No 'Access-Control-Allow-Origin' header is present. How do I fix this?",
        "The server has to send the header; a proxy in Vite helps during development.",
        "debugging",
    ),
    (
        "Importing pandas gives ModuleNotFoundError in the notebook but not in the shell",
        "The kernel runs another interpreter: install it with `%pip install pandas`.",
        "error_resolution",
    ),
    (
        "fatal: not a git repository (or any of the parent directories): .git",
        "You are outside of the checkout: cd into it, or run git init.",
        "error_resolution",
    ),
    (
        "ORA-00942: table or view does not exist",
        "The user has no SELECT right on the table, or a schema prefix is missing.",
        "error_resolution",
    ),
    ("我的代码报错了，KeyError: 'name'", "字典里没有这个键，可以用 `data.get('name')`。", "error_resolution"),
    (
        "Mein Skript bricht mit einer Fehlermeldung ab: UnicodeDecodeError",
        "Die Datei ist nicht UTF-8: `open(pfad, encoding='latin-1')`.",
        "error_resolution",
    ),
    (
        "Why does my useEffect run twice on mount?",
        "React's strict mode mounts components twice in development.",
        "debugging",
    ),
    (
        "My flexbox child is not centering vertically",
        "The parent has no height: give it `min-height: 100vh`.",
        "debugging",
    ),
    (
        "The loop prints 3 three times instead of 0 1 2",
        "The closure keeps the variable: use `let` in place of `var`.",
        "debugging",
    ),
    (
        "This query takes forever on the orders table",
        "There is no index for the filter: `CREATE INDEX ON orders (customer_id)`.",
        "debugging",
    ),
    (
        "memory usage of my Go service grows until it is restarted",
        "Goroutines leak: look at the pprof goroutine profile.",
        "debugging",
    ),
    (
        "pytest passes locally but fails in CI",
        "The order of the tests differs: run them with `-p no:randomly`.",
        "debugging",
    ),
    (
        "My regex never matches lines with a trailing space",
        "The $ stands before the blank: write `\\s*$`.",
        "debugging",
    ),
    (
        "The websocket disconnects after 60 seconds, what is wrong?",
        "The proxy ends idle connections: raise proxy_read_timeout in nginx.",
        "debugging",
    ),
    (
        "Cron job does not run but the script works by hand",
        "cron has no PATH of your shell: write absolute paths.",
        "debugging",
    ),
    (
        "Review this function, it returns None for empty lists: def first(x): return x and x[0]",
        "`x and x[0]` gives the list itself when it is empty.",
        "debugging",
    ),
    (
        "Pourquoi ma requête SQL renvoie des doublons ?",
        "La jointure multiplie les lignes : utilisez `EXISTS`.",
        "debugging",
    ),
    (
        "What does `*args, **kwargs` mean in Python?",
        "They collect positional and keyword arguments: `def f(*args, **kwargs)`.",
        "code_explanation",
    ),
    (
        "Explain this regex: ^(?:\\d{3}-)?\\d{4}$",
        "An optional group of three digits and a dash, then four digits.",
        "code_explanation",
    ),
    (
        "What is the difference between a process and a thread?",
        "A process has memory of its own; threads of one process share the heap, so they need a mutex.",
        "code_explanation",
    ),
    (
        "How does garbage collection work in the JVM?",
        "Objects that survive in the young generation are moved to the old one of the heap.",
        "code_explanation",
    ),
    (
        "Can you walk me through what this Dockerfile does?",
        "Each `RUN` makes a layer; the last stage copies the binary alone.",
        "code_explanation",
    ),
    (
        "Help me understand async and await",
        "A coroutine gives control back at every await; the event loop runs others meanwhile.",
        "code_explanation",
    ),
    (
        "what happens when I type git rebase -i HEAD~3",
        "Git opens the last three commits in the editor, to be reordered or squashed.",
        "code_explanation",
    ),
    (
        "TCP vs UDP, when should I use which?",
        "TCP delivers in order and again; UDP does neither and is faster for live audio.",
        "code_explanation",
    ),
    (
        "What is a closure?",
        "A function with the variables of its scope: `def outer(): x = 1; return lambda: x`.",
        "code_explanation",
    ),
    (
        "Was macht dieser Ausdruck: [x for x in xs if x]?",
        "Er baut eine neue Liste: `[x for x in xs if x]` nimmt nur wahre Werte.",
        "code_explanation",
    ),
    (
        "このコードの意味を説明してください: const [a, b] = useState(0)",
        "`useState` は状態の値と更新関数を返します。",
        "code_explanation",
    ),
]

DROPPED = [
    ("hello", "Hello! How can I help you today?"),
    ("test", "Your test came through. What can I do for you?"),
    ("thanks!", "You're welcome! Let me know if there is anything else."),
    (
        "Write a limerick about a lighthouse keeper",
        "There once was a keeper of light, who never slept well in the night.",
    ),
    (
        "What should I cook tonight with leeks and eggs?",
        "A tart: soften the leeks in butter, add beaten eggs, bake for half an hour.",
    ),
    (
        "Explain the difference between baking soda and baking powder",
        "Baking soda needs an acid; baking powder brings its own.",
    ),
    ("Why is the sky blue?", "Air scatters short waves more than long ones, so blue reaches us from all sides."),
    ("What is the capital of Portugal?", "Lisbon is the capital, at the mouth of the Tagus."),
    ("Translate to French: the ferry leaves at nine", "Le ferry part à neuf heures."),
    ("Fix the grammar: she don't like ferries", "She doesn't like ferries."),
    ("Plan a weekend in Porto for two", "Friday: the riverside. Saturday: the wine lodges. Sunday: the coast by tram."),
    (
        "My car makes a strange noise and the engine light is on. Why?",
        "It may be a loose heat shield; have the garage read the fault memory.",
    ),
    ("How do I get red wine out of a carpet?", "Blot it, then dab with cold water and a little washing-up liquid."),
    (
        "What is the meaning of the poem The Raven?",
        "It speaks of grief that does not end; the bird answers every hope with one word.",
    ),
    (
        "My back hurts when I sit, what is wrong?",
        "Often it is the posture; see a doctor if it lasts longer than two weeks.",
    ),
    ("Explain how vaccines work", "They show the body a harmless piece of the germ, so it can prepare."),
    (
        "What happens when a company goes bankrupt?",
        "A trustee sells what it owns and pays the creditors in an order set by law.",
    ),
    ("Write a cover letter for a job as a gardener", "Dear team, for twelve years I have cared for parks and gardens."),
    ("Which is better for running, morning or evening?", "Whichever you keep up; in the evening muscles are warmer."),
    ("The dog keeps barking at night, how do I fix this?", "Tire it out in the evening and do not reward the noise."),
    ("Is it wrong to return a gift?", "Not if you are honest about it and say thank you for the thought."),
    ("Why did the Roman Empire fall?", "Historians name money, wars at the borders and weak rule."),
    ("Erkläre mir die Photosynthese", "Pflanzen machen aus Licht, Wasser und Kohlendioxid Zucker."),
    ("Summarize this email: the meeting moves to Tuesday", "The meeting was moved to Tuesday."),
    (
        "What's the difference between a crocodile and an alligator?",
        "The snout: broad and round for the alligator, narrow for the crocodile.",
    ),
    ("Give me a name for my bakery", "How about The Early Loaf?"),
    ("Why is the battery of my iPhone empty by noon?", "Your iPhone is old: have the battery replaced."),
    ("Why did I fail the test in class?", "Make a list of key topics and repeat one each day; bring your note(s)."),
    ("Explain the rules of chess", "Each side has sixteen pieces; the game ends when a king cannot escape."),
    ("What does my contract mean by <Company>?", "Whoever signs in place of <Company> is meant."),
]


@pytest.mark.parametrize(("question", "answer", "topic"), KEPT, ids=[one[0][:30] for one in KEPT])
def test_talks_of_programs_have_their_topic(question: str, answer: str, topic: str) -> None:
    assert topic_of([Exchange(question, answer)]) == topic


@pytest.mark.parametrize(("question", "answer"), DROPPED, ids=[one[0][:30] for one in DROPPED])
def test_other_talk_has_none(question: str, answer: str) -> None:
    assert topic_of([Exchange(question, answer)]) == ""


def test_the_topic_may_come_up_in_a_later_question() -> None:
    talk = [
        Exchange("Write a function that reads the timetable.", "```python\ndef read(path): ...\n```"),
        Exchange("It fails: FileNotFoundError: [Errno 2]", "The path is relative: use `Path(__file__).parent`."),
    ]
    assert topic_of(talk) == "error_resolution"


def test_code_that_is_only_to_be_written_is_no_topic() -> None:
    assert topic_of([Exchange("Write a function that adds two numbers.", "```python\ndef add(a, b): ...\n```")]) == ""
