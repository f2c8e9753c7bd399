"""Buckets as a person writes them in config.yaml: ``my-bucket``, ``my-bucket/folder`` or ``gs://my-bucket/folder``."""

from __future__ import annotations

import re
from typing import NamedTuple

from src.core.errors import ConfigError

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
_FOLDER = re.compile(r"[A-Za-z0-9._/-]*")


class Bucket(NamedTuple):
    """A bucket and the folder in it, which has no slash at its ends."""

    scheme: str
    name: str
    folder: str

    def key(self, file_name: str) -> str:
        """Where a file lies in the bucket."""
        return f"{self.folder}/{file_name}" if self.folder else file_name

    def uri(self, key: str) -> str:
        """How the vendor's jobs name a place in it."""
        return f"{self.scheme}://{self.name}/{key}"


def parse_bucket(text: str, scheme: str, setting: str) -> Bucket:
    """The bucket that ``setting`` names. Raises ConfigError for none, or one whose name no bucket can have."""
    name, _, folder = text.strip().removeprefix(f"{scheme}://").strip("/").partition("/")
    if not name:
        raise ConfigError(
            f"{setting} is not set: the vendor reads training files from a bucket of yours.",
            fix=f"Create a bucket and set {setting} in config.yaml, as in my-bucket/folder.",
        )
    if not _NAME.fullmatch(name) or not _FOLDER.fullmatch(folder):
        raise ConfigError(f"{setting} is no bucket: {text!r}.", fix="Write it as in my-bucket/folder.")
    return Bucket(scheme, name, folder.strip("/"))
