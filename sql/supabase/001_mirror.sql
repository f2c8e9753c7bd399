-- The tables that finished datasets are mirrored to. Paste it into the SQL editor of your Supabase project, then
-- 002_row_level_security.sql. Both may be run again: nothing that is there is changed or lost.
--
-- JSON is kept as text: so it comes back as it was sent, also with a NUL character, which a json column cannot take.

create table if not exists public.mirrored_datasets (
  id text primary key,
  name text not null,
  version bigint not null default 1,
  parent text,                          -- the id of the version that this one was made from
  reason text not null default '',
  author text not null default '',
  provider text not null,
  model text not null,
  mode text not null,
  created_at timestamptz not null,
  finished_at timestamptz,
  total_samples bigint not null,
  total_tokens bigint not null,
  requested bigint not null,
  proposed bigint not null,
  config_hash text not null,
  config text not null,                 -- JSON, as the next two
  rejected text not null,               -- reason -> how many
  run text not null,                    -- what the making of it took
  fingerprint text not null,            -- SHA-256 of all rows of its samples
  uploaded bigint not null default 0,   -- how many samples have arrived
  complete boolean not null default false,
  mirrored_at timestamptz not null default now()
);

create table if not exists public.mirrored_samples (
  dataset_id text not null references public.mirrored_datasets (id) on delete cascade,
  position bigint not null,             -- counts from 0, in the order of the files
  content_hash text not null,           -- the sample_id of the CSV file
  content text not null,                -- JSON: [{"role": ..., "content": ...}]; read it with content::json
  token_length bigint not null,
  topic_keywords text not null,
  source_file text not null,
  split text,                           -- train or validation
  origin text not null,
  span_start bigint,
  span_end bigint,
  locator text not null,
  group_id text not null,
  metadata text not null,               -- JSON
  primary key (dataset_id, position)
);

create index if not exists mirrored_datasets_name on public.mirrored_datasets (name, version);
create index if not exists mirrored_samples_content_hash on public.mirrored_samples (content_hash);
