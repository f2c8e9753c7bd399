"""``train merge-adapter`` and ``train export-gguf``: a trained model for other programs."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from src.cli.actions.curation_places import path_of
from src.cli.screens import show_path
from src.cli.session import Session
from src.cli.subcommand import Outcome


def merge_adapter(arguments: Namespace, session: Session) -> Outcome:
    """Write adapter and base as one model, a folder of safetensors."""
    from src.training.export import merge_adapter as merge
    from src.training.runs import find_run

    run = find_run(path_of(arguments.run))
    session.console.remark(f"Merging {run.adapter} into {run.base} ...")
    out = merge(run, path_of(arguments.out) if arguments.out else run.adapter.with_name("merged"))
    session.console.success(f"Written: {show_path(out, Path.cwd())}")
    session.console.say(f"Trained further or measured as any base model: --base {show_path(out, Path.cwd())}")
    return Outcome({"base_model": run.base, "model": str(out)})


def export_gguf(arguments: Namespace, session: Session) -> Outcome:
    """Write adapter and base as one GGUF file, which the provider ``local`` answers with."""
    from src.training.export import export_gguf as export
    from src.training.runs import find_run

    run = find_run(path_of(arguments.run))
    session.console.remark(f"Merging {run.adapter} into {run.base}, then writing GGUF ({arguments.type}) ...")
    default = run.adapter.with_name(f"{run.adapter.parent.name}-{arguments.type}.gguf")
    out = export(run, path_of(arguments.out) if arguments.out else default, arguments.type)
    place = show_path(out, Path.cwd())
    session.console.success(f"Written: {place} ({out.stat().st_size / 1e6:,.0f} MB)")
    session.console.say(f"Let the provider local answer with it: --set local.model_path={place}")
    return Outcome({"base_model": run.base, "file": str(out), "type": arguments.type})
