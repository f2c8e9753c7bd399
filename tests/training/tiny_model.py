"""A random Llama of 40,000 parameters with a tokenizer of its own: all that a real model does, in milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from src.training.datasets import TrainingSet
from src.training.settings import Row

CHATML = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
QUESTIONS = ("Where is the pump?", "Who fixes the brakes?", "When does the shop open?", "What is a spoke?")
ANSWERS = (
    "The pump hangs beside the door.",
    "Please ask Ada: she fixes brakes.",
    "It opens at nine.",
    "A spoke holds the rim to the hub.",
)


def rows(count: int = 8) -> list[dict[str, Any]]:
    """Short conversations, all different."""
    return [
        {
            "messages": [
                {"role": "user", "content": f"{QUESTIONS[number % 4]} ({number})"},
                {"role": "assistant", "content": f"{ANSWERS[number % 4]} {'Yes. ' * (number % 3)}".strip()},
            ]
        }
        for number in range(count)
    ]


def data_of(train: Sequence[Row], held_out: Sequence[Row] = ()) -> TrainingSet:
    """Those rows as a set of the name ``rows``."""
    return TrainingSet("rows", tuple(train), tuple(held_out), "two more" if held_out else "", source="rows.jsonl")


def make_tokenizer(template: str | None = CHATML) -> Any:
    """Whole bytes merged on the words above; <|im_end|> ends a turn."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|im_start|>", "<|im_end|>"]
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([*QUESTIONS, *ANSWERS, "user assistant system"], trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<|im_start|>", eos_token="<|im_end|>", pad_token="<|im_end|>"
    )
    fast.chat_template = template
    return fast


def make_model(folder: Path, *, template: str | None = CHATML, seed: int = 0) -> Path:
    """Write model and tokenizer into ``folder``, as a Hugging Face folder looks."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = make_tokenizer(template)
    torch.manual_seed(seed)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=512,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
