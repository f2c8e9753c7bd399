"""The tables of the mirror in a Supabase project, through its official client; see sql/supabase/.

Every request may be sent twice without harm, so that one that failed on the way is simply sent again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self, cast

from src.core.errors import MissingPackageError, StorageError
from src.core.key_shapes import HIDDEN, hide_keys
from src.core.secrets import SupabaseProject
from src.persistence.mirror_rows import SAMPLE_COLUMNS

if TYPE_CHECKING:
    import httpx
    from postgrest.types import ReturnMethod

_TIMEOUT_S = 60.0
_PAUSES_S = (1.0, 4.0)
_DATASETS, _SAMPLES = "mirrored_datasets", "mirrored_samples"
_PAGE_ROWS = 500
_NOTHING = cast("ReturnMethod", "minimal")
"""What a request that changes something gives back."""
_NO_TABLE = frozenset({"PGRST205", "42P01"})
_TABLES_FIX = "Paste sql/supabase/001_mirror.sql and 002_row_level_security.sql into the SQL editor of the project."
_KEY_FIX = "Put a secret key of the project (sb_secret_..., or service_role) into SUPABASE_KEY, see docs/POSTGRES.md."


class _Request(Protocol):
    """A request of the client, which may be sent more than once."""

    def execute(self) -> Any: ...


class Mirror:
    """A project; a context manager. Every method raises StorageError with a fix."""

    def __init__(
        self,
        project: SupabaseProject,
        *,
        pauses_s: Sequence[float] = _PAUSES_S,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``pauses_s``: how long is waited before a request that met trouble of the network or the server is sent
        again. Raises MissingPackageError."""
        try:
            import httpx
            from supabase import ClientOptions, create_client
            from supabase.client import SupabaseException
        except ModuleNotFoundError as error:
            raise MissingPackageError(
                f"The mirror needs the package {error.name!r}.",
                fix="make setup-supabase, or: pip install -r requirements-supabase.txt",
            ) from error
        self._project = project
        self._pauses_s = (*pauses_s, None)
        self._sleep = sleep
        self._status = 0
        # our own connection: it does not follow a redirection, which would carry the key to another place
        self._http = httpx.Client(timeout=_TIMEOUT_S, event_hooks={"response": [self._note_status]})
        options = ClientOptions(
            httpx_client=self._http, auto_refresh_token=False, persist_session=False, postgrest_client_retry=False
        )
        try:
            self._client = create_client(project.url, project.key, options)
        except (SupabaseException, ValueError) as error:
            self._http.close()
            raise StorageError(
                f"Supabase's client refuses the settings ({self._redact(str(error))}).", fix=_KEY_FIX
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._http.close()

    def datasets(self, **equal: str) -> list[dict[str, Any]]:
        """The mirrored datasets whose columns have these values, by name, the newest version first."""
        query = self._client.table(_DATASETS).select("*")
        for column, value in equal.items():
            query = query.eq(column, value)
        query = query.order("name").order("version", desc=True).order("id")
        found: list[dict[str, Any]] = []
        while page := self._ask(query.range(len(found), len(found) + _PAGE_ROWS - 1)):
            found += page
        return found

    def save_dataset(self, row: Mapping[str, Any]) -> None:
        """Make the row of a dataset, or put it in the place of the one that is there."""
        self._ask(self._client.table(_DATASETS).upsert(dict(row), on_conflict="id", returning=_NOTHING))

    def change_dataset(self, dataset_id: str, **values: object) -> None:
        """Change columns of a dataset that is there."""
        self._ask(self._client.table(_DATASETS).update(values, returning=_NOTHING).eq("id", dataset_id))

    def save_samples(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Make the rows of samples, or put them in the place of those at their positions: all of them or none."""
        batch = [dict(row) for row in rows]
        self._ask(self._client.table(_SAMPLES).upsert(batch, on_conflict="dataset_id,position", returning=_NOTHING))

    def samples(self, dataset_id: str, start: int) -> list[dict[str, Any]]:
        """The next few hundred samples of a dataset from position ``start`` on, in order; [] at its end."""
        query = self._client.table(_SAMPLES).select(*SAMPLE_COLUMNS).eq("dataset_id", dataset_id)
        return self._ask(query.gte("position", start).order("position").limit(_PAGE_ROWS))

    def cut_samples(self, dataset_id: str, start: int) -> None:
        """Remove the samples of a dataset from position ``start`` on."""
        query = self._client.table(_SAMPLES).delete(returning=_NOTHING)
        self._ask(query.eq("dataset_id", dataset_id).gte("position", start))

    def delete_dataset(self, dataset_id: str) -> None:
        """Remove the row of a dataset, and with it the samples that it still has."""
        self._ask(self._client.table(_DATASETS).delete(returning=_NOTHING).eq("id", dataset_id))

    def _ask(self, request: _Request) -> list[dict[str, Any]]:
        """The rows that a request gives; sent again after a pause where that may help."""
        import httpx
        from postgrest.exceptions import APIError

        for pause_s in self._pauses_s:
            self._status = 0
            try:
                data = request.execute().data
            except (APIError, httpx.HTTPError, httpx.InvalidURL) as error:
                if pause_s is None or not self._may_pass():
                    raise self._explain(error) from error
                self._sleep(pause_s)
            else:
                if isinstance(data, list):
                    return data
                raise StorageError(
                    f"{self._project.url} does not answer as Supabase does.",
                    fix="SUPABASE_URL looks like https://<project>.supabase.co",
                )
        raise AssertionError("the last pause is None")

    def _note_status(self, response: httpx.Response) -> None:
        self._status = response.status_code

    def _may_pass(self) -> bool:
        """Whether the trouble may be over soon: none came back, too many were sent, or the server is ill."""
        return self._status in {0, 408, 429} or self._status >= 500

    def _explain(self, error: Exception) -> StorageError:
        said = self._redact(getattr(error, "message", "") or str(error)).strip().partition("\n")[0].rstrip(".")
        where = f"Supabase ({self._project.url})"
        code = getattr(error, "code", "")
        if not self._status:
            return StorageError(f"{where} cannot be reached ({said}).", fix="Check SUPABASE_URL and the network.")
        if code in _NO_TABLE:
            return StorageError(f"{where} has no table for this ({said}).", fix=_TABLES_FIX)
        if code == "42501":
            return StorageError(f"{where} does not let this key do that ({said}).", fix=_KEY_FIX)
        if self._status in {401, 403}:
            return StorageError(f"{where} does not take the key ({said}).", fix=_KEY_FIX)
        if self._may_pass():
            return StorageError(f"{where} is in trouble: {self._status} ({said}).", fix="Try again later.")
        return StorageError(f"{where} refused a request: {self._status} ({said}).", fix=_TABLES_FIX)

    def _redact(self, text: str) -> str:
        return hide_keys(text.replace(self._project.key, HIDDEN))
