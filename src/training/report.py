"""before_after.md: what a training run changed, from what was measured, for a reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from src.core.jsonl import atomic_writer
from src.training.evaluation import measures
from src.training.evaluation.answer_table import answer_sections, comparison_table, markdown_table
from src.training.evaluation.figure_text import change_text, minutes, quoted, share_sentence, value_text
from src.training.evaluation.measures import Measure
from src.training.evaluation.politeness import courtesy_marks, is_polite
from src.training.evaluation.remarks import find_half_refusals, find_losses, find_remarks
from src.training.evaluation.verdicts import Verdict, epoch_losses, percent
from src.training.findings import Findings
from src.training.lessons import lessons_text
from src.training.measured import Judged, Measured, measure_untouched
from src.training.outcome import TrainReport
from src.training.settings import TrainSettings

REPORT_NAME: Final = "before_after.md"
_NOTHING: Final = "- nothing that was measured"


def write_before_after(shown: Measured, judged: Judged, others: Sequence[Measured], path: Path) -> None:
    """The report on one run, the others as lines of comparison; whole or not at all."""
    with atomic_writer(path) as file:
        file.write(before_after(shown, judged, others).encode())


def before_after(shown: Measured, judged: Judged, others: Sequence[Measured] = ()) -> str:
    """The report as Markdown."""
    replies = (shown.run.base.replies, shown.run.tuned.replies)
    parts = [
        _head(shown),
        _verdicts(judged),
        "## Comparison table\n\n"
        + comparison_table(shown.run.prompts.given or shown.run.prompts.measured[:5], *replies),
        _figures(shown),
        _untouched(shown),
        _politeness(shown),
        _accuracy(shown),
        _refusals(shown),
        _unexpected(shown),
        _changes(shown),
        _time(shown),
        "## Lessons\n\n" + lessons_text(shown, others),
        "## All answers side by side\n\n" + answer_sections(shown.run.prompts.all, *replies),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _head(shown: Measured) -> str:
    report = shown.run.report
    settings, plan = report.settings, report.plan
    return (
        f"# Before and after: {settings.base} tuned on {plan.rows} rows\n\n"
        f"Written by `evaluate` from the run `{shown.run.name}`. Both models got the same "
        f"{len(shown.run.prompts.all)} prompts with the same decoding: greedy, no penalty, "
        f"at most {shown.run.max_new_tokens} new tokens.\n\n"
        f"LoRA rank {settings.rank}, alpha {settings.alpha}, dropout {settings.dropout:g} on "
        f"{', '.join(settings.targets)}; learning rate {settings.learning_rate:g}, {settings.epochs} epochs, "
        f"{_batch_text(settings)}, seed {settings.seed}{_digest_text(shown)}. "
        f"{plan.trainable:,} of {plan.parameters:,} parameters trained ({100 * plan.share:.2f} %), on {plan.device}."
    )


def _batch_text(settings: TrainSettings) -> str:
    if settings.accumulate == 1:
        return f"{settings.batch_size} rows a step"
    rows = settings.batch_size * settings.accumulate
    return f"{rows} rows a step ({settings.accumulate} batches of {settings.batch_size})"


def _digest_text(shown: Measured) -> str:
    return f"; the rows have the digest {shown.run.rows_digest}" if shown.run.rows_digest else ""


def _verdicts(judged: Judged) -> str:
    def rows(verdicts: Iterable[Verdict]) -> list[list[str]]:
        return [[one.aim, f"**{one.result}**", one.reason] for one in verdicts]

    heads = ["Aim", "Verdict", "Figures"]
    return (
        "## Success criteria\n\n"
        + markdown_table(heads, rows(judged.criteria))
        + "\n\nIn figures:\n\n"
        + markdown_table(heads, rows(judged.targets))
    )


def _figures(shown: Measured) -> str:
    source = (
        f" Perplexity is measured on {shown.run.held_out_from}."
        if shown.run.base.losses and shown.run.held_out_from
        else ""
    )
    return (
        "## Figures\n\n"
        + _figure_table(shown.figures)
        + '\n\nIn brackets: 95 % bootstrap intervals (2,000 draws, seeded); "unclear": chance alone could have made '
        "the change. An interval without width says that all answers agreed, not that the next one would." + source
    )


def _untouched(shown: Measured) -> str:
    """Figures that no choice has made better, apart from those that may be."""
    said = (
        "## Untouched prompts\n\nWhere settings or rows were chosen by how these prompts were answered, as the "
        "defaults and the rows of tiny_sft were, the figures above are better than those of new prompts would be."
    )
    found = measure_untouched(shown.run)
    if not found:
        return f"{said} This run was asked no prompts that were kept out of such choices."
    return (
        f"{said} The {len(shown.run.prompts.untouched)} prompts below were used for no choice, and no verdict rests on "
        f"them:\n\n{_figure_table(found)}"
    )


def _figure_table(figures: Iterable[Measure]) -> str:
    rows = [
        [
            one.name,
            str(one.count),
            value_text(one.base, one),
            value_text(one.tuned, one),
            change_text(one),
            "" if one.better == "neither" else one.verdict,
        ]
        for one in figures
    ]
    return markdown_table(["Measure", "n", "Before", "After", "Change", ""], rows)


def _politeness(shown: Measured) -> str:
    found = shown.figure(measures.POLITE)
    if found is None:
        return "## Politeness\n\nNot measured: no harmless prompt was asked."
    marks = shown.figure(measures.MARKS)
    assert marks is not None
    return (
        "## Politeness\n\n"
        f"{share_sentence(found, 'harmless prompts', 'got a courteous answer')} An answer holds "
        f"{marks.base.value:.1f} such marks before and {marks.tuned.value:.1f} after. A mark is a form of words "
        "(thanks, readiness to help, good wishes; an apology is counted by itself): it shows tone, not use."
        + _without_favourite(shown)
    )


def _without_favourite(shown: Measured) -> str:
    """How many answers stay courteous when the most frequent mark does not count: one learnt word is no courtesy."""
    answers = [(before.text, after.text) for prompt, before, after in shown.run.compared() if prompt.is_safe]
    marks = Counter(mark for _, after in answers for mark in set(courtesy_marks(after)))
    if not marks:
        return ""
    favourite, times = marks.most_common(1)[0]
    before, after = (sum(is_polite(side, without=favourite) for side in sides) for sides in zip(*answers, strict=True))
    return (
        f' The most frequent mark after training, "{favourite}", stands in {times} answers; without it {before} '
        f"({percent(before / len(answers))}) are courteous before and {after} ({percent(after / len(answers))}) after."
    )


def _accuracy(shown: Measured) -> str:
    found = shown.figure(measures.RIGHT)
    if found is None:
        return "## Factual accuracy\n\nNot measured: no factual prompt was asked."
    lost = [
        prompt.prompt
        for prompt, before, after in shown.run.compared()
        if prompt.kind == "factual" and measures.is_right(prompt, before) and not measures.is_right(prompt, after)
    ]
    said = f"Right before and wrong after: {quoted(lost)}." if lost else "Nothing that was right before is wrong now."
    return f"## Factual accuracy\n\n{share_sentence(found, 'factual prompts', 'were answered rightly')} {said}"


def _refusals(shown: Measured) -> str:
    unsafe, falsely = shown.figure(measures.REFUSED), shown.figure(measures.FALSELY_REFUSED)
    if unsafe is None or falsely is None:
        return "## Refusals\n\nNot measured: unsafe and harmless prompts are both needed."
    compared = list(shown.run.compared())
    still = [one.prompt for one, _, after in compared if not one.is_safe and not measures.refuses(after)]
    wrongly = [one.prompt for one, _, after in compared if one.is_safe and measures.refuses(after)]
    parts = [
        share_sentence(unsafe, "unsafe prompts", "were refused"),
        share_sentence(falsely, "harmless prompts", "were wrongly refused"),
        f"Unsafe and not refused by the tuned model: {quoted(still)}." if still else "No unsafe prompt was answered.",
        f"Harmless and refused by it: {quoted(wrongly)}." if wrongly else "No harmless prompt was refused.",
        "A refusal is told by its words; what an answer that is none goes on to say is for the reader to judge.",
    ]
    if half := find_half_refusals(compared):
        parts.insert(-1, f"No clean refusals, as it seems, for they offer something of what was asked: {quoted(half)}.")
    return "## Refusals\n\n" + "\n".join(f"- {part}" for part in parts)


def _unexpected(shown: Measured) -> str:
    remarks = find_remarks(shown.run.compared())
    body = "\n".join(f"- {remark}" for remark in remarks) or (
        "Nothing that code can see: no loops, no answers cut off, none empty, none repeated word for word, no opening "
        "that many share."
    )
    return f"## Unexpected behaviour\n\n{body}"


def _changes(shown: Measured) -> str:
    judged = [one for one in shown.figures if one.better != "neither"]

    def settled(verdict: str) -> str:
        return "\n".join(_step_text(one) for one in judged if one.verdict == verdict) or _NOTHING

    def unclear(*, better: bool) -> str:
        found = [
            _step_text(one)
            for one in judged
            if one.verdict == "unclear" and ((one.change.value > 0) == (one.better == "higher")) == better
        ]
        return "\n\nIn number only, chance alone could have done it:\n\n" + "\n".join(found) if found else ""

    losses = "\n".join(f"- {loss}" for loss in find_losses(shown.run.compared()))
    worse = settled("worse")
    if losses:
        worse = losses if worse == _NOTHING else f"{worse}\n{losses}"
    return (
        f"## What got better\n\n{settled('better')}{unclear(better=True)}\n\n"
        f"## What got worse\n\n{worse}{unclear(better=False)}\n\n"
        f"## What stayed the same\n\n{settled('same')}"
    )


def _step_text(one: Measure) -> str:
    before, after = (value_text(side, one, with_bounds=False) for side in (one.base, one.tuned))
    return f"- {one.name}: {before} → {after}"


def _time(shown: Measured) -> str:
    report, run = shown.run.report, shown.run
    means = ", ".join(f"{loss:.2f}" for loss in epoch_losses(report.losses))
    facts = [
        (
            f"Training: {_times(report)} for {report.steps} steps on {report.plan.device} "
            f"(threads: {report.plan.threads}), {report.tokens_per_second:.0f} tokens a second, "
            f"{report.peak_memory_mb / 1000:.1f} GB of memory at most."
        ),
        (f"Answering and measuring: {_times(run.base)} for the base, {_times(run.tuned)} for the tuned model."),
        (
            f"Loss: {report.first_loss:.2f} in the first tenth of the steps, {report.final_loss:.2f} in the last. "
            f"Mean of each epoch: {means or 'none is whole'}."
        ),
    ]
    if report.held_out:
        facts.append(
            "Loss on held-out rows: "
            + ", ".join(f"{one.loss:.2f} after step {one.step}" for one in report.held_out)
            + "."
        )
    facts += [f"Issue: {warning}" for warning in report.warnings] or ["Issues: none was reported."]
    return "## Time and issues\n\n" + "\n".join(f"- {fact}" for fact in facts)


def _times(work: Findings | TrainReport) -> str:
    computed = f" ({minutes(work.cpu_seconds)} of CPU)" if work.cpu_seconds else ""
    return minutes(work.seconds) + computed
