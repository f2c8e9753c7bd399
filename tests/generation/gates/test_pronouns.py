"""Questions whose pronouns stand for nothing in them, and those that only look like it."""

from __future__ import annotations

import pytest

from src.generation.gates.pronouns import find_dangling


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("How many kinds of flour did she sell?", "en"),
        ("What sort of mill did he build in Hollern?", "en"),
        ("How much water should that be given?", "en"),
        ("Why was that closed?", "en"),
        ("What happens if that breaks?", "en"),
        ("Which mason repaired them?", "en"),
        ("Which painter restored it in 1904?", "en"),
        ("Which tools does it lend to visitors?", "en"),
        ("What caused it to close?", "en"),
        ("Are motor boats allowed on it?", "en"),
        ("Was the treasure found in it?", "en"),
        ("Lernt er dafür mahlen?", "de"),
        ("Zahlt sie, wenn ich es irgendwo vergessen habe?", "de"),
        ("Ersetzt er sie?", "de"),
        ("Wie alt war sein Vater?", "de"),
        ("Combien de sacs vendit-elle ?", "fr"),
    ],
)
def test_a_pronoun_that_stands_for_nothing_is_found(question: str, code: str) -> None:
    assert find_dangling(question, code)


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("How many kinds of flour did Ada Quill sell after she left the mill?", "en"),
        ("How long after the birth of a calf does she give milk?", "en"),
        ("In which year of the reign of Queen Anne did she visit the mill?", "en"),
        ("Which nurse at the clinic said she was tired?", "en"),
        ("What did the miller's wife say when he came home?", "en"),
        ("When a guest arrives late, where does she find the key?", "en"),
        ("Is it true that the mill burned down?", "en"),
        ("What did the miller say that she should do?", "en"),
        ("Which two faults are there that can stop the mill?", "en"),
        ("The mill has stopped. Why was that necessary?", "en"),
        ("What must be done to a sack that was damaged?", "en"),
        ("How should a wheel that has broken be repaired?", "en"),
        ("Was it because of the flood that the mill closed?", "en"),
        ("Is it shown by the survey of the valley that bakers sleep badly?", "en"),
        ("How many of the bakers said that they slept badly?", "en"),
        ("Which of these measures the force of a wheel: newton or pascal?", "en"),
        ("What happens if that which was agreed is not paid?", "en"),
        ("Which masons restored the houses and painted them?", "en"),
        ("Which of the bakers knows what yeast does and tests it?", "en"),
        ("How long does it take to grind a sack?", "en"),
        ("Does it help to oil the axle?", "en"),
        ("Does it pay to buy a second stone?", "en"),
        ("How much does it save to buy a family ticket?", "en"),
        ("Does it cause problems to mix different stones?", "en"),
        ("Does it reduce noise to plant a hedge?", "en"),
        ("Does it work to freeze cheese?", "en"),
        ("How much energy does it need to melt ice?", "en"),
        ("Wie viele Mitglieder müssen mindestens anwesend sein, damit abgestimmt wird?", "de"),
        ("Wie groß muss ein Sack sein?", "de"),
        ("De combien la production augmenta-t-elle entre les deux guerres ?", "fr"),
        ("Can it be dangerous to stand near the wheel?", "en"),
        ("When does it become necessary to change the stone?", "en"),
        ("What makes it easier to turn the wheel?", "en"),
        ("Why did the miller find it hard to sell rye flour?", "en"),
        ("What time is it when the mill opens?", "en"),
        ("What should be done with the hay before it rains?", "en"),
        ("Does the tower have a bell in it?", "en"),
        ("Is a jar closed when water is poured in it?", "en"),
        ("Can a stone with a crack in it be used for grinding?", "en"),
        ("Wie lange braucht ein Setzling, bis er Früchte trägt?", "de"),
        ("Lernt Hauke, was er für die Mühle braucht?", "de"),
        ("Kostet die Karte mehr, wenn sie am Tag selbst gekauft wird?", "de"),
        ("Braucht ihr ein Visum?", "de"),
        ("Müller oder Bäcker: Wer verdient mehr, wenn er allein arbeitet?", "de"),
        ("Arbeiten Sie auch am Samstag?", "de"),
    ],
)
def test_a_pronoun_that_is_resolved_or_means_nothing_is_left_alone(question: str, code: str) -> None:
    assert find_dangling(question, code) == ""
