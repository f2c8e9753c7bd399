-- Who may see and change what is mirrored. Paste it into the SQL editor after 001_mirror.sql.
--
-- The program works with a secret key (sb_secret_..., formerly service_role), which stands above these policies. The
-- publishable key (anon) is in every web page of a project: it is given nothing here. People who are signed in read
-- nothing either, until you let them by the last two policies.

alter table public.mirrored_datasets enable row level security;
alter table public.mirrored_samples enable row level security;

revoke all on public.mirrored_datasets, public.mirrored_samples from anon, authenticated;
grant select, insert, update, delete on public.mirrored_datasets, public.mirrored_samples to service_role;

drop policy if exists "the program writes datasets" on public.mirrored_datasets;
create policy "the program writes datasets" on public.mirrored_datasets
  for all to service_role using (true) with check (true);

drop policy if exists "the program writes samples" on public.mirrored_samples;
create policy "the program writes samples" on public.mirrored_samples
  for all to service_role using (true) with check (true);

-- To let everybody who is signed in read datasets that have arrived whole, run these too:
--
-- grant select on public.mirrored_datasets, public.mirrored_samples to authenticated;
--
-- create policy "members read whole datasets" on public.mirrored_datasets
--   for select to authenticated using (complete);
--
-- create policy "members read samples of whole datasets" on public.mirrored_samples
--   for select to authenticated using (
--     exists (select 1 from public.mirrored_datasets as d where d.id = dataset_id and d.complete)
--   );
