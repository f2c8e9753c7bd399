"""Keys and endpoints: environment over .env, placeholders count as unset, values never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.core.errors import ConfigError
from src.core.secrets import Secrets, load_secrets

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def load(path: Path, text: str, **environ: str) -> Secrets:
    path.write_text(text, encoding="utf-8")
    return load_secrets(path, environ)


def test_shipped_example_counts_as_nothing_configured() -> None:
    secrets = load_secrets(REPOSITORY / ".env.example", {})
    assert secrets.configured_providers() == ()
    assert secrets.config_environment() == {}
    assert secrets.supabase() is None
    assert secrets.database_address() is None


def test_missing_file_is_fine(env_file: Path) -> None:
    assert load_secrets(env_file, {}).configured_providers() == ()


def test_keys_are_found_in_menu_order(env_file: Path) -> None:
    secrets = load(env_file, "MISTRAL_API_KEY=m-123\nexport OPENAI_API_KEY='o-123'\n# GOOGLE_API_KEY=x\n")
    assert secrets.configured_providers() == ("openai", "mistral")
    assert secrets.api_key("openai") == "o-123"
    assert secrets.api_key("google") == ""


def test_environment_beats_the_file(env_file: Path) -> None:
    secrets = load(env_file, "OPENAI_API_KEY=from-file\n", OPENAI_API_KEY="from-environment")
    assert secrets.api_key("openai") == "from-environment"


def test_empty_environment_variable_does_not_hide_the_file(env_file: Path) -> None:
    assert load(env_file, "OPENAI_API_KEY=from-file\n", OPENAI_API_KEY=" ").api_key("openai") == "from-file"


def test_gemini_key_is_taken_for_google(env_file: Path) -> None:
    assert load(env_file, "GEMINI_API_KEY=g-1\n").api_key("google") == "g-1"


def test_agent_and_endpoints_become_configuration(env_file: Path) -> None:
    secrets = load(
        env_file, "AGENT_PROVIDER=mistral\nAGENT_MODEL=mistral-small-2603\nLLAMA_BASE_URL=http://localhost:1/v1\n"
    )
    assert secrets.config_environment() == {
        "system.agentic_llm": "mistral",
        "system.agentic_model": "mistral-small-2603",
        "endpoints.llama": "http://localhost:1/v1",
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("OPENAI_API_KEY=ok\nsk-secret-value\n", 2),
        ("OPENAI API KEY=sk-secret-value", 1),
        ('A=1\n\nOPENAI_API_KEY="sk-secret-value', 3),
        ("=sk-secret-value", 1),
        ("OPENAI_API_KEY=sk-\0secret-value", 1),
    ],
)
def test_bad_line_is_named_by_number_and_never_shown(env_file: Path, text: str, line: int) -> None:
    with pytest.raises(ConfigError, match=f"line {line}") as caught:
        load(env_file, text)
    assert "secret" not in str(caught.value) + caught.value.fix


def test_file_in_another_encoding_is_an_error(env_file: Path) -> None:
    env_file.write_bytes(b"OPENAI_API_KEY=\xff")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_secrets(env_file, {})


def test_nothing_shows_a_key(env_file: Path) -> None:
    secrets = load(env_file, "OPENAI_API_KEY=sk-very-secret\n")
    assert "secret" not in repr(secrets)
    assert secrets.redact("401 for key sk-very-secret") == "401 for key ***"
    assert secrets.redact("no model sk-pasted-in-the-wrong-place") == "no model ***"


def test_supabase_is_checked_before_it_is_needed(env_file: Path) -> None:
    project = load(env_file, "SUPABASE_URL=https://x.supabase.co\nSUPABASE_KEY=abcdef\n").supabase()
    assert project is not None
    assert (project.url, project.key) == ("https://x.supabase.co", "abcdef")
    assert "abcdef" not in repr(project)
    with pytest.raises(ConfigError, match="SUPABASE_KEY is not set"):
        load(env_file, "SUPABASE_URL=https://x.supabase.co\n").supabase()
    with pytest.raises(ConfigError, match="SUPABASE_URL is not set"):
        load(env_file, "SUPABASE_KEY=abc\n").supabase()
    with pytest.raises(ConfigError, match="character that no key has") as caught:
        load(env_file, "SUPABASE_URL=https://x.supabase.co\nSUPABASE_KEY=s3crét\n").supabase()
    assert "s3cr" not in str(caught.value)
    for wrong in ("ftp:/x", "https://[x"):
        with pytest.raises(ConfigError, match="not a web address"):
            load(env_file, f"SUPABASE_URL={wrong}\nSUPABASE_KEY=abc\n").supabase()


def test_the_address_of_the_database_is_read_and_its_password_is_hidden_everywhere(env_file: Path) -> None:
    secrets = load(env_file, "DATABASE_URL=postgresql://ann:s3%2Fcret@db.example/sets\n")
    assert str(secrets.database_address()) == "PostgreSQL database 'sets' at db.example:5432"
    assert (
        secrets.redact("sent s3%2Fcret and s3/cret to ann:s3%2Fcret@db.example")
        == "sent *** and *** to ann:***@db.example"
    )
    with pytest.raises(ConfigError, match="not the address"):
        load(env_file, "DATABASE_URL=mysql://x\n").database_address()
