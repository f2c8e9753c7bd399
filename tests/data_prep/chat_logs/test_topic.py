"""What conversations are about, of talks in our own words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from src.data_prep.chat_logs.topic import topic_of
from src.data_prep.chat_logs.types import Exchange
from tests.growth import is_linear

KEPT = [
    ("¿Qué hace este comando? find /var/log -mtime +30 -delete", "Borra los registros viejos.", "code_explanation"),
    ("My search never ends: mid = (lo + hi) // 2; if a[mid] < x: lo = mid", "Use `lo = mid + 1`.", "debugging"),
    (
        "Was macht `xargs -0 -n1` genau?",
        "`-0` trennt an NUL, `-n1` gibt jedem Aufruf ein Argument.",
        "code_explanation",
    ),
    ("Explain this JS: const {a, ...rest} = obj", "It takes `a` out and the others into `rest`.", "code_explanation"),
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

MESSAGES = [
    "the ferry job exits with code 3",
    "PowerShell says `the pier is locked`",
    "The widget throws `no room for 40 piers`",
    "make: *** No rule to make target 'pier.o'.  Stop.",
    "gcc: warning: implicit declaration of function 'strdup'",
    "ビルド中にエラーになります",
    "Сборка: ошибка при установке",
]

COMPLAINTS = [
    "The gauge shows only NaN",
    "The queue sends every task twice",
    "Der Pod startet nach dem Update nicht mehr",
    "La page plante au démarrage",
    "El contenedor se cae cada hora",
    "Minha consulta trava a tabela inteira",
    "La build si blocca a metà",
    "Kontener ciągle się restartuje",
    "Docker konteyneri hemen kapanıyor",
    "ビルドが途中で止まります",
    "容器启动后马上退出",
    "빌드가 갑자기 느려졌습니다",
    "Контейнер перезапускается каждые пять минут",
    "Máy chủ bị treo",
]

WONDERS = [
    "Wozu dient das `&` im Typ?",
    "À quoi sert `yield from` ?",
    "¿Para qué sirve `useMemo`?",
    "Cosa cambia tra `let` e `const`?",
    "Czym różni się `==` od `===`?",
    "`yield` の使い方がわかりません",
    "怎么理解 `*args`",
    "Чем `let` отличается от `var`?",
    "`let` 과 `var` 의 차이",
]

WITHOUT_CUE = [
    ("Is `i = i++ + 1` defined in C?", "No: `i` is modified two times in a row.", "code_explanation"),
    ("el bucle `for` imprime siempre el mismo", "La variable es una sola: `let i = 0`.", "debugging"),
    ("Raar: parse_date() geeft gisteren", "De zone ontbreekt: parse_date(zone) neemt UTC aan.", "debugging"),
    ("`async` と forEach を一緒に使うと？", "`for (const x of xs) await f(x)` にします。", "code_explanation"),
    ("`int i = 5/10;` stampa zero", "Scrivi `5.0/10`.", "debugging"),
    ("while (i = 1) no termina", "`i = 1` asigna: usa `==`.", "debugging"),
]

UNTOLD = [
    ("Button click fires on the parent too", "Events bubble: call `event.stopPropagation()`."),
    ("tests green on my laptop, red on the runner", "```sh\nexport TZ=UTC\n```"),
    ("a python function that reverses a string", "```python\ndef turn(s): return s[::-1]\n```"),
    ("Dockerfile for a node app", "```dockerfile\nFROM node:20\n```"),
    ("thanks, looks good", "You can merge `feature/pier` now: `git merge feature/pier`."),
    ("continue", "```python\nx = 1\n```"),
    ("commit and push", "Done: `git push origin main` went through."),
    ("'see you later' in French?", "You say `À plus tard.` or `On se voit.`"),
    ("Rain over the harbour, as a song?", "```lyrics\nRain on my window\n```"),
    ("Formula that adds up column A?", '`=SUMIF(B:B,"paid",A:A)`'),
    ("Name of Ca3(PO4)2 ?", "Calcium phosphate: `Ca3(PO4)2`."),
    ("Hour of the office?", "See `www.pier.example/hours` or write to `desk@pier.example`."),
    ("What is the difference between `ferry` and `barge`?", "`ferry` carries people, `barge` carries goods."),
    ("What does the sign mean?", "Muster:\n```\nDear sir, I object.\n```"),
    ("Explain the passes, please", "Take the `Supersaver` on the boat."),
    ("Explain the wave", "Its function has parameters."),
]
"""Talks without a cue whose question shows no code, and words that are marked as code and are none."""

WISHES = [
    "Write a function that reverses `text`.",
    "Hi, can you please create a React component for `Pier`?",
    "The list is long. Now add the column `pier` to it.",
    "I need a regex for dates like `2026-04-01`",
    "Your task is to sort `stops`",
    "You have to implement Fibonacci in `Java`",
    "How do I build a `Dockerfile` for this?",
    "commit this and push to `main`",
    "Update the README and bump the version in `setup.py`",
    "Schreib mir ein Skript, das `.txt` umbenennt",
    "Kannst du mir eine Funktion `add` schreiben?",
    "Écris une fonction `add` en Python",
    "Necesito una consulta para `pagos`",
    "Escreva um teste para `soma`",
    "Scrivi una query per `clienti`",
    "Напиши функцию `add`",
    "写一个函数 `fib`",
    "`fib` 関数を書いてください",
    "`fib` 함수를 작성해 주세요",
    "¿Puedes escribirme una función `suma` en Python?",
    "¡Hola! ¿me haces un script `limpia.sh`?",
    "Ich brauche eine Funktion `add` in JavaScript",
    "Das hier nach TypeScript umschreiben: `add.js`",
    "J'aimerais un script `tri.py` en Python",
    "Il me faut une requête SQL sur `clients`",
    "Quiero una función `suma` en Python",
    "Vorrei uno script `rinomina.sh`",
    "Ik wil een script `hernoem.sh`",
    "Нужен скрипт `load.py` на Python",
    "给我一个 `sort.py` 的Python代码",
    "`sum.py` のコードをください",
    "`sum.py` 코드 부탁해요",
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
    (
        "Write a poem about a bug that hides in the server",
        "The pointer was lost, the stack ran dry, the server sighed.",
    ),
    ("Give me a name for my bakery", "How about The Early Loaf?"),
    ("Why is the battery of my iPhone empty by noon?", "Your iPhone is old: have the battery replaced."),
    ("Why did I fail the test in class?", "Make a list of key topics and repeat one each day; bring your note(s)."),
    ("Explain the rules of chess", "Each side has sixteen pieces; the game ends when a king cannot escape."),
    ("What does my contract mean by <Company>?", "Whoever signs in place of <Company> is meant."),
    ("What is the derivative of x^2 sin(x)?", "By the product rule it is 2x sin(x) + x^2 cos(x)."),
    ("What does f(x) = f(-x) mean?", "The function is even: f(-2) = f(2)."),
    ("Why does a_1 = 2 give a_10?", "Each term doubles, so a_10 = 2^9 * a_1."),
    ("Why is this root in lowest terms?", "It is \\sqrt[3]{4}, as in\n\\begin{cases}\nx\n\\end{cases}"),
    ("What causes gout?", "The function of the kidneys; their functions get weaker."),
    ("Save my letter in Word", "Press `F12`."),
    ("A title for my poem", "```\nRain on tin\n```"),
    ("Twelve pears, half of them gone: how many?", '```json\n{"answer": 6}\n```'),
    ("The washing machine stops and shows E18", "The pump is blocked: clean the filter."),
    ("Warum stürzt mein Soufflé ein?", "Die Tür wurde zu früh geöffnet."),
    ("Por que o céu é azul?", "Porque o ar espalha a luz azul."),
    ("なぜ空は青いのですか", "青い光が散乱するからです。"),
    ("为什么猫喜欢箱子？", "因为箱子让它觉得安全。"),
]


@pytest.mark.parametrize(("question", "answer", "topic"), KEPT, ids=[one[0][:30] for one in KEPT])
def test_talks_of_programs_have_their_topic(question: str, answer: str, topic: str) -> None:
    assert topic_of([Exchange(question, answer)]) == topic


@pytest.mark.parametrize(("question", "answer"), DROPPED, ids=[one[0][:30] for one in DROPPED])
def test_other_talk_has_none(question: str, answer: str) -> None:
    assert topic_of([Exchange(question, answer)]) == ""


ANSWERED = "Look at `docker logs --tail 20`."
PLAIN = "Kubernetes and Docker both tell it in their logs."


@pytest.mark.parametrize("question", MESSAGES)
def test_messages_of_programs_are_errors_to_resolve(question: str) -> None:
    assert topic_of([Exchange(question, PLAIN)]) == "error_resolution"


@pytest.mark.parametrize("question", COMPLAINTS)
def test_complaints_in_many_languages_are_to_debug(question: str) -> None:
    assert topic_of([Exchange(question, PLAIN)]) == "debugging"


@pytest.mark.parametrize("question", WONDERS)
def test_wishes_to_understand_in_many_languages_are_to_explain(question: str) -> None:
    assert topic_of([Exchange(question, PLAIN)]) == "code_explanation"


@pytest.mark.parametrize(("question", "answer", "topic"), WITHOUT_CUE, ids=[one[0][:30] for one in WITHOUT_CUE])
def test_what_is_asked_of_code_without_a_cue_is_debugging_or_to_explain(question: str, answer: str, topic: str) -> None:
    assert topic_of([Exchange(question, answer)]) == topic


@pytest.mark.parametrize(("question", "answer"), UNTOLD, ids=[one[0][:30] for one in UNTOLD])
def test_what_neither_asks_about_code_nor_shows_it_is_no_topic(question: str, answer: str) -> None:
    assert topic_of([Exchange(question, answer)]) == ""


def test_a_wish_behind_a_greeting_is_no_topic() -> None:
    assert topic_of([Exchange("Hi!", "Hello!"), Exchange(WISHES[0], ANSWERED)]) == ""


def test_a_verb_at_the_beginning_is_no_wish_by_itself() -> None:
    question = "Erstellt man das Objekt so, ist es zweimal da: class A { A* p; ~A(){ delete p; } };"
    assert topic_of([Exchange(question, "Die Kopie teilt den Zeiger: `std::unique_ptr<A>`.")]) == "debugging"


@pytest.mark.parametrize("question", WISHES)
def test_a_wish_that_something_be_made_is_no_topic(question: str) -> None:
    assert topic_of([Exchange(question, ANSWERED)]) == ""


def test_an_error_in_what_was_made_is_one() -> None:
    assert topic_of([Exchange(WISHES[0], ANSWERED), Exchange("TypeError: not a str", ANSWERED)]) == "error_resolution"


def test_the_topic_may_come_up_in_a_later_question() -> None:
    talk = [
        Exchange("Write a function that reads the timetable.", "```python\ndef read(path): ...\n```"),
        Exchange("It fails: FileNotFoundError: [Errno 2]", "The path is relative: use `Path(__file__).parent`."),
    ]
    assert topic_of(talk) == "error_resolution"


def test_code_that_is_only_to_be_written_is_no_topic() -> None:
    assert topic_of([Exchange("Write a function that adds two numbers.", "```python\ndef add(a, b): ...\n```")]) == ""


@pytest.mark.parametrize(
    "code",
    [
        "`turn()`",
        "`let turn = 1`",
        "for (i=0;i<3;i++)",
        "[x for x in stops]",
        "new Pier({gate: 1})",
        "class A { A* p; };",
        "open_gate",
        "open(gate)",
        "ferry.pier.open(gate)",
        "ferry.open('gate', 2)",
        "pier.gates.find({id})",
        "pier.open(gate, ferry)",
        "pier.open(-1)",
        "load.(Ferry)",
        "--no-wait",
        "pier::gate",
        "gate => pier",
        "if (open) {\n  leave\n}",
        "leave();",
        "pier/gate.py",
        "SELECT gate FROM piers",
        "SELECT 1; SELECT gate FROM piers",
        "[a-z]+",
        "[[a-z]+",
        "a\\d+",
        "(?:a|b)",
    ],
)
def test_what_is_nothing_but_code_is_enough_in_the_question(code: str) -> None:
    assert topic_of([Exchange(f"What does this mean: {code}", "It opens.")]) == "code_explanation"


@pytest.mark.parametrize(
    "words",
    [
        "note(s)",
        "section 3(a)",
        "annex A.2(b)",
        "yes -- no",
        "either/or",
        "e.g. a pier",
        "a pie.chart",
        "x.sin(x) and x.ln(x)",
        "f.g(x) of xy.cos(2x)",
        "m.g(2)",
        "ferries.org(great site)",
        "ferries.de('open')",
        "ferries.com(-5 %)",
        "10 a.m(Berlin time)",
        "i.e(that is)",
        "too much water.roots(especially young ones)",
        "SELECT SEATS",
        "the list [1]",
        "{open} or closed",
    ],
)
def test_signs_that_stand_in_prose_too_are_no_code(words: str) -> None:
    assert topic_of([Exchange(f"What does this mean: {words}", "It opens.")]) == ""


@pytest.mark.parametrize(
    "unit",
    [
        "\n",
        "[",
        "a",
        "a.",
        "a/",
        "SELECT ",
        "aB",
        "{ ",
        "(",
        "a_",
        "`a",
        "<a ",
        "the ",
        "x = a",
        "if (a",
        "with the the ",
        "`a ",
        ". ",
        "please ",
        "ab.",
        "ab.ab(",
        "ab.ab(a",
    ],
)
@pytest.mark.parametrize("end", [" x", " ("])
def test_long_runs_take_no_more_time_than_their_share(unit: str, end: str) -> None:
    def work(size: int) -> Callable[[], object]:
        text = unit * (size // len(unit)) + end
        return partial(topic_of, [Exchange(f"Why is it {text}", f"no {text}")])

    assert is_linear(work, 60_000, floor_s=0.5)


@pytest.mark.parametrize("word", ["Scheme", "Elm", "Octave", "Delphi", "Lisp", "Solidity", "Lua", "FFT"])
def test_names_that_other_talk_has_as_often_are_no_sign(word: str) -> None:
    assert topic_of([Exchange(f"Why is the {word} wrong?", f"The {word} is an old one.")]) == ""
