"""Say how many rows of each kind a file beside this one holds, and what is wrong with them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from src.core.errors import BuilderError
from src.training.mix import count_kinds, find_faults, read_known_rows


def main(name: str) -> int:
    """0 for sound rows, 1 for faults, which are shown."""
    try:
        rows = read_known_rows(Path(__file__).with_name(name))
    except BuilderError as error:
        print(f"error: {error}\nfix: {error.fix}", file=sys.stderr)
        return 1
    faults = find_faults(rows)
    kinds = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in count_kinds(rows).items())
    print(f"{name}: {len(rows)} rows ({kinds}), {len(faults)} faults", *faults, sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "dataset.jsonl"))
