"""A generator that is used for the same, on the same model: `PYTHON engine_peers.py PORT REQUESTS FOLDER`.

It runs in a Python of its own, where ``bespokelabs-curator==0.1.31`` is installed (it cannot live beside this program's
packages). Its token counts are replaced, because they would be downloaded; everything else is as it comes.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

IN_FLIGHT = 64


class _Bytes:
    """Counts about what a real encoder counts, without its download."""

    def encode(self, text: str, **_options: object) -> list[int]:
        return list(range(len(text) // 4 + 1))


def main() -> None:
    """Ask, and say how many rows came out, the CPU seconds and the peak memory of this process."""
    port, requests, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    os.environ.update(CURATOR_CACHE_DIR=str(folder), TELEMETRY_ENABLED="0", HF_HUB_OFFLINE="1", CURATOR_VIEWER="0")
    import tiktoken

    tiktoken.get_encoding = tiktoken.encoding_for_model = lambda _name: _Bytes()
    from bespokelabs import curator

    class Asker(curator.LLM):
        def prompt(self, row: dict[str, str]) -> str:
            return row["prompt"]

        def parse(self, row: dict[str, str], answer: str) -> dict[str, str]:
            return {"prompt": row["prompt"], "answer": answer}

    asker = Asker(
        model_name="gpt-4o-mini",
        backend="openai",
        backend_params={
            "base_url": f"http://127.0.0.1:{port}/v1",
            "api_key": "loopback",
            "max_concurrent_requests": IN_FLIGHT,
            "max_requests_per_minute": 1_000_000,
            "max_tokens_per_minute": 1_000_000_000,
            "max_retries": 8,
        },
    )
    found = asker([{"prompt": f"Write pair number {number} about kilns."} for number in range(requests)])
    usage = resource.getrusage(resource.RUSAGE_SELF)
    rows = len(found.dataset)
    print(json.dumps({"done": rows, "cpu_s": usage.ru_utime + usage.ru_stime, "peak_mb": usage.ru_maxrss / 1e3}))


if __name__ == "__main__":
    main()
