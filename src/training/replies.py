"""What a model answers: the most probable token each time, so that equal models answer alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from src.training.base_model import Model, Tokenizer
from src.training.evaluation.measures import Reply

MAX_NEW_TOKENS: Final = 200
_BATCH: Final = 48
"""Prompts that are answered at a time: each step reads all weights once, for however many. The embedded model needs
1.5 GB for so many answers of 200 tokens."""
Talk = Sequence[Mapping[str, str]]
"""A conversation as messages of ``{"role", "content"}``."""


def answer(
    model: Model, tokenizer: Tokenizer, prompts: Sequence[str], *, max_new_tokens: int = MAX_NEW_TOKENS
) -> list[str]:
    """The texts of ``reply_to``."""
    return [reply.text for reply in reply_to(model, tokenizer, prompts, max_new_tokens=max_new_tokens)]


def reply_to(
    model: Model, tokenizer: Tokenizer, prompts: Sequence[str], *, max_new_tokens: int = MAX_NEW_TOKENS
) -> list[Reply]:
    """One reply to each prompt, in order: greedy decoding, nothing else."""
    talks = [[{"role": "user", "content": prompt}] for prompt in prompts]
    return reply_to_talks(model, tokenizer, talks, max_new_tokens=max_new_tokens)


def reply_to_talks(
    model: Model, tokenizer: Tokenizer, talks: Sequence[Talk], *, max_new_tokens: int = MAX_NEW_TOKENS
) -> list[Reply]:
    """The next reply to each conversation, which ends with a user's turn; as ``reply_to``."""
    import torch

    texts = [tokenizer.apply_chat_template(list(talk), tokenize=False, add_generation_prompt=True) for talk in talks]
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))  # alike lengths need little padding
    ends = _ends(model, tokenizer)
    replies: dict[int, Reply] = {}
    model.eval()
    with torch.inference_mode():
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            batch = _encode(tokenizer, [texts[place] for place in places]).to(model.device)
            for place, tokens in zip(places, _decode(model, batch, ends, max_new_tokens), strict=True):
                replies[place] = _to_reply(tokenizer, tokens, ends)
    return [replies[place] for place in range(len(texts))]


def _decode(model: Model, batch: Any, ends: Collection[int], limit: int) -> list[list[int]]:
    """The tokens of each answer, its end included.

    As ``generate`` without sampling, but an answer that has ended is computed no further: among 96 prompts a few
    answers are long, and the others would be padded to their length. Measured: the same tokens in half the time.
    """
    import torch

    ids, mask = batch["input_ids"], batch["attention_mask"]
    positions = (mask.cumsum(-1) - 1).clamp(min=0)  # padding stands on the left
    answers: list[list[int]] = [[] for _ in ids]
    going, cache = list(range(len(answers))), None
    for _ in range(limit):
        out = model(
            input_ids=ids,
            attention_mask=mask,
            position_ids=positions,
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
        )
        cache, chosen = out.past_key_values, out.logits[:, -1].argmax(-1)
        for place, token in zip(going, chosen.tolist(), strict=True):
            answers[place].append(token)
        open_rows = [row for row, place in enumerate(going) if answers[place][-1] not in ends]
        if not open_rows:
            break
        if len(open_rows) < len(going):
            rows = torch.tensor(open_rows, device=mask.device)
            cache.batch_select_indices(rows)
            mask, chosen, going = mask[rows], chosen[rows], [going[row] for row in open_rows]
        mask = torch.cat([mask, mask.new_ones((len(going), 1))], dim=1)
        ids, positions = chosen[:, None], mask.sum(-1, keepdim=True) - 1
    return answers


def _encode(tokenizer: Tokenizer, texts: list[str]) -> Any:
    side, tokenizer.padding_side = tokenizer.padding_side, "left"
    try:
        # the template has written the special tokens already
        return tokenizer(texts, return_tensors="pt", padding=True, add_special_tokens=False)
    finally:
        tokenizer.padding_side = side


def _ends(model: Model, tokenizer: Tokenizer) -> frozenset[int]:
    ends = model.generation_config.eos_token_id
    return frozenset({tokenizer.eos_token_id, *(ends if isinstance(ends, list) else [ends])} - {None})


def _to_reply(tokenizer: Tokenizer, tokens: list[int], ends: Collection[int]) -> Reply:
    ended = bool(tokens) and tokens[-1] in ends
    said = tokens[:-1] if ended else tokens
    return Reply(tokenizer.decode(said, skip_special_tokens=True).strip(), len(said), not ended)
