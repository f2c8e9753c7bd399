"""From a plan to accepted drafts: the engine, retries, parsing, planning and the gates a draft must pass."""
