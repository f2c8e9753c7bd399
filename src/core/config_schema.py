"""The schema of config.yaml: every key with its type, bounds, meaning and its one default."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from typing_extensions import TypedDict

from src.core.key_shapes import looks_like_key
from src.core.names import check_output_name
from src.core.types import Mode, Task


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


def _no_key(value: str) -> str:
    """A name of a model; a key pasted in its place would be shown, stored and sent."""
    if looks_like_key(value):
        raise ValueError("this looks like an API key, which belongs into .env, as in OPENAI_API_KEY=...")
    return value


def _bare_off(value: Any) -> Any:
    """YAML reads an ``off`` without quotes as false."""
    return "off" if value is False else value


def _as_tuple(value: Any) -> Any:
    """YAML knows lists alone, and a frozen model holds none."""
    return tuple(value) if isinstance(value, list) else value


_MAY_BE_OFF = BeforeValidator(_bare_off)
_LISTED = BeforeValidator(_as_tuple)
_JUDGE = re.compile(r"(?:openai|anthropic|google|mistral|llama)/\S+")

ModelName = Annotated[str, AfterValidator(_no_key)]


class SplitConfig(_Strict):
    """How samples are divided into a training and a validation file."""

    enabled: bool = Field(True, description="write a validation file beside the training file")
    ratio: float = Field(0.8, gt=0, lt=1, description="share of the samples that goes to training")
    strategy: Literal["random", "weighted"] = Field(
        "weighted", description="random: one shuffle; weighted: every source or keyword is cut at the ratio"
    )
    weight_by: Literal["source", "keywords"] = Field("source", description="what weighted cuts by")
    leakage_safe: bool = Field(
        True, description="keep on one side what gives each other away: windows, passages, questions, near-duplicates"
    )
    leak_threshold: float = Field(
        0.5, gt=0, le=1, description="Jaccard similarity from which two texts give each other away"
    )


class CreateConfig(_Strict):
    """Create mode: new examples grounded in the source passages."""

    temperature: float = Field(0.7, ge=0, le=2, description="sampling temperature of the writing model")
    variety: Literal["low", "medium", "high"] = Field(
        "high", description="how many kinds of tasks, askers, questions and answers the plan mixes"
    )
    task_mix: dict[Task, Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]] = Field(
        {},
        description="tasks with their weights, as {question_answer: 3, how_to: 1}; empty: what variety and the "
        "training format allow",
    )
    gates: Annotated[Literal["strict", "report", "off"], _MAY_BE_OFF] = Field(
        "strict", description="samples that a check objects to: drop them, keep and count them, or check nothing"
    )
    judge: ModelName = Field(
        "",
        description="a second model that compares every sample with its passage, as openai/gpt-6-luna; empty: none",
    )

    @field_validator("judge")
    @classmethod
    def _named_judge(cls, value: str) -> str:
        if value and not _JUDGE.fullmatch(value):
            raise ValueError("name provider and model, as openai/gpt-6-luna")
        return value

    @field_validator("task_mix")
    @classmethod
    def _some_weight(cls, value: dict[Task, float]) -> dict[Task, float]:
        if value and not any(value.values()):
            raise ValueError("at least one task needs a weight above 0")
        return value


class IdentifyConfig(_Strict):
    """Identify mode: existing conversations, verbatim."""

    min_turns: int = Field(2, ge=2, le=1000, description="shortest conversation that is taken")
    include_context: bool = Field(True, description="keep the heading or passage before a conversation with it")


class HybridConfig(_Strict):
    """Hybrid mode: extracted and generated samples together."""

    generation_ratio: float = Field(0.5, ge=0, le=1, description="share of the samples that is generated")


class FreeConfig(_Strict):
    """Free mode: your own instructions."""

    use_prompt_file: bool = Field(
        True, description="read prompts/free_mode/prompt.txt; false: ask for the instructions at each run"
    )
    gates: Annotated[Literal["strict", "report", "off"], _MAY_BE_OFF] = Field(
        "strict", description="as agent.create.gates, but in any language; off: your instructions alone decide"
    )


class AgentConfig(_Strict):
    """Settings of the four agents."""

    create: CreateConfig = CreateConfig()
    identify: IdentifyConfig = IdentifyConfig()
    hybrid: HybridConfig = HybridConfig()
    free: FreeConfig = FreeConfig()


class InputConfig(_Strict):
    """Where documents come from."""

    folder: str = Field("input_files", min_length=1, description="folder with the documents, below the project's own")
    files: Annotated[tuple[str, ...], _LISTED] = Field(
        (), description="only these files of the folder; empty: all of them"
    )
    file_seconds: float = Field(300, gt=0, le=86_400, description="seconds that reading one file may take")
    file_memory_mb: int = Field(1000, ge=100, le=1_000_000, description="memory that reading one file may take, in MB")
    cache_mb: int = Field(
        500, ge=0, le=1_000_000, description="MB of texts that memory/ keeps, so that no file is read twice; 0: none"
    )
    ocr: str = Field(
        "eng",
        pattern=r"^[A-Za-z0-9_+/-]*$",
        description="languages of scanned PDFs, as eng+deu, for ocrmypdf or tesseract where installed; empty: no OCR",
    )


class OutputConfig(_Strict):
    """What a run writes."""

    format: Literal["jsonl"] = Field("jsonl", description="always JSONL, what every provider trains on")
    system_prompt: str = Field(
        "", description="system message that every sample begins with, unless it has its own; empty: none"
    )
    include_csv: bool = Field(True, description="also write <name>.csv with one row per sample")
    include_stats: bool = Field(True, description="also write <name>_stats.json")
    include_report: bool = Field(True, description="also write <name>_report.html: quality, plots, ten samples")


class SystemConfig(_Strict):
    """The model that writes the samples, and how it is called."""

    agentic_llm: Literal["auto", "openai", "anthropic", "google", "mistral", "llama", "local"] = Field(
        "auto", description="provider that writes; auto: the first one with a key in .env, else local"
    )
    agentic_model: ModelName = Field("", description="model of that provider; empty: its cheapest suitable one")
    max_retries: int = Field(3, ge=0, le=20, description="further tries after a failed call")
    timeout: float = Field(60, gt=0, le=3600, description="seconds that one request may take")
    seed: int = Field(42, ge=0, le=2**31 - 1, description="same seed, same inputs: the same dataset")


class TeacherConfig(TypedDict):
    """One of several models that share the writing. A plain mapping, as config.yaml holds it."""

    __pydantic_config__ = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)  # type: ignore[misc]

    provider: Literal["openai", "anthropic", "google", "mistral", "llama"]
    model: ModelName
    weight: Annotated[float, Field(gt=0, le=1000)]


class GenerationConfig(_Strict):
    """How models are asked, and what a run may cost."""

    batch: bool = Field(False, description="send requests as batches: cheaper, answered within a day")
    max_cost_usd: float = Field(0.0, ge=0, description="USD that one run may spend; 0: no cap")
    max_tokens: int = Field(0, ge=0, description="tokens, in and out, that one run may pay for; 0: no cap")
    max_requests: int = Field(0, ge=0, description="answers that one run may pay for; 0: no cap")
    ask_above_usd: float = Field(1.0, ge=0, description="ask before a run that may cost more USD than this")
    concurrency: int = Field(
        0, ge=0, le=1_000_000, description="requests at a time, in batches: waiting ones; 0: what suits the provider"
    )
    teachers: Annotated[tuple[TeacherConfig, ...], _LISTED] = Field(
        (),
        description="models that share the writing, as [{provider: openai, model: gpt-6-luna, weight: 2}]; "
        "empty: system.agentic_llm alone",
    )


class EndpointsConfig(_Strict):
    """Base URLs; empty means the vendor's own. ``llama`` also takes the name of a preset."""

    openai: str = Field("", description="base URL of an OpenAI-compatible server, with its /v1")
    anthropic: str = Field("", description="base URL, without /v1")
    google: str = Field("", description="base URL, without /v1beta")
    mistral: str = Field("", description="base URL, without /v1")
    llama: str = Field(
        "openrouter",
        description="openrouter, together, huggingface, ollama, vllm, llamacpp, or a base URL with its /v1",
    )


class TokensConfig(_Strict):
    """How the tokens of Claude and Gemini models are counted, whose vocabularies are not public."""

    ask_provider: bool = Field(
        False,
        description="`estimate` sends the rows to Anthropic or Google to be counted there (free of charge, needs the "
        "key); false: they are estimated here",
    )


class TuningConfig(_Strict):
    """Where `launch` trains, for the vendors that read training files from a bucket of yours."""

    google_project: str = Field("", description="Google Cloud project that tunes; empty: the one of your Google login")
    google_region: str = Field(
        "us-central1", pattern=r"^[a-z0-9-]+$", description="region of Vertex AI that tunes, as europe-west4"
    )
    google_bucket: str = Field("", description="Cloud Storage bucket for training files, as my-bucket/folder")
    aws_region: str = Field("us-west-2", pattern=r"^[a-z0-9-]+$", description="region of Amazon Bedrock that tunes")
    aws_bucket: str = Field("", description="S3 bucket of that region for training files, as my-bucket/folder")
    aws_role: str = Field("", description="ARN of the IAM role with which Bedrock reads and writes that bucket")


class LocalConfig(_Strict):
    """The in-process model that needs no key."""

    model_path: str = Field("", description="a GGUF file; empty: the embedded SmolLM2-135M (demo quality)")


class RunConfig(_Strict):
    """The whole of config.yaml."""

    provider: Literal["openai", "anthropic", "google", "mistral", "llama"] = Field(
        "google", description="provider that will train on the dataset: decides format and limits"
    )
    model: ModelName = Field("gemini-3.5-flash-lite", min_length=1, description="model to be trained")
    mode: Mode = Field("hybrid", description="create, identify, hybrid or free")
    dataset_size: int = Field(24, ge=1, description="wished number of samples; capped at the provider's limit")
    output_name: str = Field("my_dataset", description="base name of the files in output_datasets/")
    privacy: Annotated[Literal["off", "report", "redact", "drop"], _MAY_BE_OFF] = Field(
        "report",
        description="keys, passwords, names, addresses in samples: count, replace or drop, see docs/PRIVACY.md",
    )
    privacy_extras: Annotated[tuple[Literal["betterleaks", "presidio"], ...], _LISTED] = Field(
        (), description="detectors of optional packages to ask too, as [betterleaks, presidio]: make setup-privacy"
    )
    split: SplitConfig = SplitConfig()
    agent: AgentConfig = AgentConfig()
    input: InputConfig = InputConfig()
    output: OutputConfig = OutputConfig()
    system: SystemConfig = SystemConfig()
    generation: GenerationConfig = GenerationConfig()
    endpoints: EndpointsConfig = EndpointsConfig()
    local: LocalConfig = LocalConfig()
    tuning: TuningConfig = TuningConfig()
    tokens: TokensConfig = TokensConfig()

    @field_validator("output_name")
    @classmethod
    def _usable_name(cls, value: str) -> str:
        return check_output_name(value)
