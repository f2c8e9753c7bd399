"""Small documents in many styles and languages, of our own writing, with the turns that stand in them."""

from __future__ import annotations

from typing import NamedTuple


class Style(NamedTuple):
    """A document: file name, content, and its conversations as (role, text) turns; none where it holds no dialogue."""

    name: str
    content: str
    conversations: tuple[tuple[tuple[str, str], ...], ...]


def _talk(*texts: str) -> tuple[tuple[str, str], ...]:
    """Turns that alternate, the user first."""
    return tuple(("assistant" if index % 2 else "user", text) for index, text in enumerate(texts))


SPOKEN = (
    Style(
        "chatml.txt",
        "<|im_start|>system\nYou sell plants.<|im_end|>\n<|im_start|>user\nDo ferns like sun?<|im_end|>\n"
        "<|im_start|>assistant\nNo.\n\nShade suits them best.<|im_end|>\n",
        ((("system", "You sell plants."), ("user", "Do ferns like sun?"), ("assistant", "No.\n\nShade suits them best.")),),
    ),
    Style(
        "role_tokens.txt",
        "<|user|>\nName a river.\n<|assistant|>\nThe Elbe.\n<|user|>\nAnd a lake?\n<|assistant|>\nLake Como.\n",
        (_talk("Name a river.", "The Elbe.", "And a lake?", "Lake Como."),),
    ),
    Style(
        "instruct.txt",
        "[INST] Which tea has no caffeine? [/INST] Rooibos has none.\n",
        (_talk("Which tea has no caffeine?", "Rooibos has none."),),
    ),
    Style(
        "french.txt",
        "Q : Le musée ouvre-t-il le lundi ?\nR : Non, il est fermé.\n\nIl ouvre dès mardi.\n\n"
        "Q : Faut-il réserver ?\nR : Oui, en ligne.\n",
        (_talk("Le musée ouvre-t-il le lundi ?", "Non, il est fermé.\n\nIl ouvre dès mardi."), _talk("Faut-il réserver ?", "Oui, en ligne.")),
    ),
    Style(
        "russian.txt",
        "Вопрос 1. Где остановка?\nОтвет. За углом.\n\nВопрос 2. Когда едет автобус?\nОтвет. Каждые десять минут.\n",
        (_talk("Где остановка?", "За углом."), _talk("Когда едет автобус?", "Каждые десять минут.")),
    ),
    Style(
        "spanish.txt",
        "P: ¿Abren los domingos?\nR: Sí, hasta las dos.\n\nP: ¿Hay aparcamiento?\nR: Detrás del edificio.\n",
        (_talk("¿Abren los domingos?", "Sí, hasta las dos."), _talk("¿Hay aparcamiento?", "Detrás del edificio.")),
    ),
    Style(
        "turkish.txt",
        "Soru 1: Kargo ne zaman gelir?\nCevap: İki gün içinde.\n\nSoru 2: İade var mı?\nCevap: Evet, otuz gün.\n",
        (_talk("Kargo ne zaman gelir?", "İki gün içinde."), _talk("İade var mı?", "Evet, otuz gün.")),
    ),
    Style(
        "arabic.txt",
        "س: متى يفتح المتجر؟\nج: في التاسعة صباحا.\n\nس: هل التوصيل مجاني؟\nج: نعم داخل المدينة.\n",
        (_talk("متى يفتح المتجر؟", "في التاسعة صباحا."), _talk("هل التوصيل مجاني؟", "نعم داخل المدينة.")),
    ),
    Style(
        "japanese.txt",
        "質問：駅はどこですか。\n回答：角を曲がった所です。\n\n質問：切符はいくらですか。\n回答：二百円です。\n",
        (_talk("駅はどこですか。", "角を曲がった所です。"), _talk("切符はいくらですか。", "二百円です。")),
    ),
    Style(
        "italian_clinic.txt",
        "Paziente: Mi fa male la schiena da ieri.\nMedico: Ha sollevato pesi?\nPaziente: Sì, due casse.\n"
        "Medico: Allora riposo e calore.\n",
        (_talk("Mi fa male la schiena da ieri.", "Ha sollevato pesi?", "Sì, due casse.", "Allora riposo e calore."),),
    ),
    Style(
        "bullets.md",
        "# Test run\n\n- **User**: Turn on the lamp please.\n- **Bot**: The lamp is on.\n- **User**: Make it warmer.\n- **Bot**: Done, 2700 K.\n",
        (_talk("Turn on the lamp please.", "The lamp is on.", "Make it warmer.", "Done, 2700 K."),),
    ),
    Style(
        "headed_chat.md",
        "## User\n\nHow do I plan a trip?\n\n## Assistant\n\nIn two parts.\n\n### Money\n\nSet a budget.\n\n### Time\n\nPick a week.\n\n"
        "## User\n\nThanks, and food?\n\n## Assistant\n\nBook one dinner ahead.\n",
        (_talk("How do I plan a trip?", "In two parts.\n\n### Money\n\nSet a budget.\n\n### Time\n\nPick a week.", "Thanks, and food?", "Book one dinner ahead."),),
    ),
    Style(
        "numbered.txt",
        "1. Which bin takes glass?\nA) The green one.\n\n2. Which bin takes paper?\nA) The blue one, folded flat.\n\n"
        "3. Where do batteries go?\nA) Back to any shop.\n",
        (
            _talk("Which bin takes glass?", "The green one."),
            _talk("Which bin takes paper?", "The blue one, folded flat."),
            _talk("Where do batteries go?", "Back to any shop."),
        ),
    ),
    Style(
        "whatsapp_android.txt",
        "12/03/2024, 14:05 - Messages and calls are end-to-end encrypted.\n12/03/2024, 14:05 - Ana: Are you home?\n"
        "12/03/2024, 14:06 - Ben: Not yet.\nTrain is late.\n12/03/2024, 14:07 - Ana: Shall I cook?\n12/03/2024, 14:09 - Ben: Yes please!\n",
        (_talk("Are you home?", "Not yet.\nTrain is late.", "Shall I cook?", "Yes please!"),),
    ),
    Style(
        "slack.txt",
        "Ana Ruiz  10:03 AM\nWho broke the build?\n\nBen Okoro  10:05 AM\nThat was me.\nFixing it now.\n\nAna Ruiz  10:06 AM\nThanks!\n\nBen Okoro  10:09 AM\nGreen again.\n",
        (_talk("Who broke the build?", "That was me.\nFixing it now.", "Thanks!", "Green again."),),
    ),
    Style(
        "telegram_paste.txt",
        "Ana, [12.03.24 10:03]\nDid the parcel come?\n\nBen, [12.03.24 10:08]\nYes, at nine.\n\nAna, [12.03.24 10:09]\nGreat, keep it.\n\nBen, [12.03.24 10:12]\nWill do.\n",
        (_talk("Did the parcel come?", "Yes, at nine.", "Great, keep it.", "Will do."),),
    ),
    Style(
        "meeting.txt",
        "[00:00:04] Speaker 1: Shall we start with the roof?\n[00:00:09] Speaker 2: Yes, it leaks again.\n"
        "[00:00:15] Speaker 1: Since when?\n[00:00:18] Speaker 2: Since the storm on Monday.\n",
        (_talk("Shall we start with the roof?", "Yes, it leaks again.", "Since when?", "Since the storm on Monday."),),
    ),
    Style(
        "play.txt",
        "MARTA\nWho left the gate open?\n\nOLD PETER\nThe wind did.\n\nMARTA\nThe wind has no hands.\n\nOLD PETER\nThen it was the goat.\n\n"
        "MARTA\nWe have no goat.\n\nOLD PETER\nNot any more, no.\n",
        (_talk("Who left the gate open?", "The wind did.", "The wind has no hands.", "Then it was the goat.", "We have no goat.", "Not any more, no."),),
    ),
    Style(
        "court.txt",
        "     Q.   Where were you that night?\n     A.   At home, with my sister.\n     Q.   The whole night?\n     A.   Until six in the\nmorning, yes.\n",
        (_talk("Where were you that night?", "At home, with my sister."), _talk("The whole night?", "Until six in the\nmorning, yes.")),
    ),
    Style(
        "interview.md",
        "Notes before the talk.\n\n**Interviewer:** What drew you to clocks?\n\n**Mara Lind:** My aunt mended them.\n\nI sat beside her.\n\n"
        "**Interviewer:** And today?\n\n**Mara Lind:** Today I build them.\n\n**Interviewer:** Is it quiet work?\n\n**Mara Lind:** Very, until noon.\n",
        (_talk("What drew you to clocks?", "My aunt mended them.\n\nI sat beside her.", "And today?", "Today I build them.", "Is it quiet work?", "Very, until noon."),),
    ),
    Style(
        "underlined.txt",
        "Bread FAQ\n=========\n\nWhy is my loaf flat?\n--------------------\n\nThe yeast was old.\n\nHow long do I knead?\n--------------------\n\nTen minutes.\n\nRest it after.\n\nCan I freeze dough?\n-------------------\n\nYes, for a month.\n",
        (_talk("Why is my loaf flat?", "The yeast was old."), _talk("How long do I knead?", "Ten minutes.\n\nRest it after."), _talk("Can I freeze dough?", "Yes, for a month.")),
    ),
    Style(
        "details.html",
        "<html><body><h1>Help</h1><details><summary>How do I log in?</summary><p>With your badge.</p></details>"
        "<details><summary>What if I lose it?</summary><p>Call the desk.</p></details>"
        "<details><summary>Can guests enter?</summary><p>Only with you.</p></details></body></html>",
        (_talk("How do I log in?", "With your badge."), _talk("What if I lose it?", "Call the desk."), _talk("Can guests enter?", "Only with you.")),
    ),
    Style(
        "captions.srt",
        "1\n00:00:01,000 --> 00:00:03,000\nANA: Is the oven hot?\n\n2\n00:00:03,500 --> 00:00:05,000\nBEN: Almost there.\n\n"
        "3\n00:00:05,500 --> 00:00:07,000\nANA: Then I roll the dough.\n\n4\n00:00:07,500 --> 00:00:09,000\nBEN: Do that, thinly.\n\n"
        "5\n00:00:09,500 --> 00:00:11,000\nANA: Thin enough now?\n\n6\n00:00:11,500 --> 00:00:13,000\nBEN: Thin enough.\n",
        (_talk("Is the oven hot?", "Almost there.", "Then I roll the dough.", "Do that, thinly.", "Thin enough now?", "Thin enough."),),
    ),
    Style(
        "voices.vtt",
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>Ready?\n\n00:02.000 --> 00:03.000\n<v Ben>Ready\n\n00:03.000 --> 00:04.000\n<v Ben>when you are.\n",
        (_talk("Ready?", "Ready\nwhen you are."),),
    ),
    Style(
        "turns.json",
        '[{"speaker": "Ana", "text": "Did you feed the cat?"}, {"speaker": "Ben", "text": "Twice today."},'
        ' {"speaker": "Ana", "text": "Then why does she cry?"}, {"speaker": "Ben", "text": "She wants out."}]',
        (_talk("Did you feed the cat?", "Twice today.", "Then why does she cry?", "She wants out."),),
    ),
    Style(
        "nested.json",
        '{"data": [{"dialogue": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]},'
        ' {"dialogue": [{"role": "user", "content": "Bye"}, {"role": "assistant", "content": "So long."}]}]}',
        ((("system", "Be brief."), ("user", "Hi"), ("assistant", "Hello.")), _talk("Bye", "So long.")),
    ),
    Style(
        "squad.json",
        '{"data": [{"title": "Bees", "paragraphs": [{"context": "Bees dance.", "qas": [{"id": "1", "question": "What do bees do?",'
        ' "answers": [{"text": "dance", "answer_start": 5}]}]}]}]}',
        (_talk("What do bees do?", "dance"),),
    ),
    Style(
        "pairs.jsonl",
        '{"prompt": "Name a nut.", "completion": "The hazelnut."}\n{"prompt": "Name a berry.", "completion": "The currant."}\n',
        (_talk("Name a nut.", "The hazelnut."), _talk("Name a berry.", "The currant.")),
    ),
    Style(
        "pairs.csv",
        "Nr;Frage;Antwort\n1;Wann ist Markt?;Jeden Samstag.\n2;Wo steht der Brunnen?;Vor dem Rathaus.\n",
        (_talk("Wann ist Markt?", "Jeden Samstag."), _talk("Wo steht der Brunnen?", "Vor dem Rathaus.")),
    ),
    Style(
        "tickets.csv",
        "conversation_id,sender,message\n7,customer,My key broke.\n7,agent,We send a new one.\n9,customer,Is it free?\n9,agent,Within a year it is.\n",
        (_talk("My key broke.", "We send a new one."), _talk("Is it free?", "Within a year it is.")),
    ),
    Style(
        "reply.eml",
        "From: Ben <ben@example.org>\nTo: Ana <ana@example.org>\nSubject: Re: Keys\nContent-Type: text/plain; charset=utf-8\n\n"
        "They hang by the door.\n\nOn Tue, 5 Mar 2024 at 09:10, Ana <ana@example.org> wrote:\n> Where are the keys?\n> I looked everywhere.\n",
        (_talk("Where are the keys?\nI looked everywhere.", "They hang by the door."),),
    ),
    Style(
        "irc.txt",
        "10:01 <ana> does the printer work?\n10:02 <ben> not since friday\n10:02 -!- carl joined\n10:03 <ana> paper jam again?\n10:04 <ben> toner this time\n",
        (_talk("does the printer work?", "not since friday", "paper jam again?", "toner this time"),),
    ),
)

SILENT = (
    Style("syslog.txt", "".join(f"Mar  4 10:0{n}:11 host sshd[{n}17]: Accepted key for ana from 10.0.0.{n}\n" for n in range(9)), ()),
    Style("app_log.txt", "".join(f"2024-03-04 10:00:{n:02d} INFO: job {n} done\n2024-03-04 10:00:{n:02d} WARN: queue long?\n" for n in range(9)), ()),
    Style("config.txt", "server:\n  host: example.org\n  port: 8080\nclient:\n  retries: 3\n  user: ana\n  agent: curl\n", ()),
    Style("recipe.md", "# Soup\n\nIngredients:\n\n- leek\n- salt\n\nDirections:\n\n1. Cut the leek.\n2. Boil it.\n3. Add salt.\n\nNote: taste it first.\n", ()),
    Style("minutes.md", "# Minutes\n\nDate: 4 March\nPresent: Ana, Ben\n\nAna: will call the roofer\nBen: paints the door\n\nDecision: no new fence\n", ()),
    Style("form.txt", "Name: Ana\nCity: Graz\nPlan: gold\n\nName: Ben\nCity: Linz\nPlan: silver\n\nName: Cai\nCity: Wels\nPlan: gold\n", ()),
    Style("invoice.txt", "Customer: Rook Ltd\nAgent: M. Vale\nTotal: 40\n", ()),
    Style("essay.md", "# On rain\n\nWhat is rain? Water, falling. Why does it fall? It is heavy.\n\nWho would stop it?\n\nNobody could, and nobody should want to.\n\n## Wind\n\nWind is air that moves.\n", ()),
    Style("glossary.txt", "Agent:\n\tA program that acts for a person.\n\nBot:\n\tA small program.\n\nUser:\n\tThe person in front of it.\n", ()),
    Style("list.md", "# Ask yourself\n\n* Who will use it?\n* What does it cost?\n* When is it done?\n* Where will it stand?\n", ()),
    Style("source.txt", 'def ask(user):\n    """Return an answer.\n\n    Example:\n        a = ask("b")\n    """\n    # Note: slow\n    if user: return 1\n    else: return 2\n', ()),
    Style("products.csv", "name,type,price\nchair,oak,40\ntable,oak,90\nlamp,steel,25\nbed,oak,200\n", ()),
    Style("settings.json", '{"name": "demo", "user": {"name": "ana", "role": "admin"}, "text": {"size": 12}, "items": [{"type": "a", "value": "1"}, {"type": "b", "value": "2"}]}', ()),
    Style("licence.txt", "3. Terms. You may:\n  a) copy the work;\n  b) change the work;\n  c) sell the work; and\n  d) give it away.\n\n4. Duties. You must:\n  a) keep this notice;\n  b) name the authors.\n", ()),
    Style("reviews.json", '[{"author": "Ana", "text": "A fine book."}, {"author": "Ben", "text": "Too long for me."}, {"author": "Cai", "text": "I wept at the end."}]', ()),
)
