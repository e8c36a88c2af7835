-- Which node a data folder belongs to, and keys of the file server that take each other's place.

-- One row. Its number also stands in the data folder, so that no other node takes the files that lie there.
create table installation (
  one boolean primary key default true check (one),
  id uuid not null default gen_random_uuid()
);
insert into installation default values;

-- Of several keys of a kind the oldest that is not retired is shown to clients. A retired one keeps its public part.
alter table host_key add column fingerprint text;
update host_key
   set fingerprint = 'SHA256:' || rtrim(encode(sha256(decode(split_part(public_key, ' ', 2), 'base64')), 'base64'), '=');
alter table host_key
  drop constraint host_key_pkey,
  add primary key (fingerprint),
  alter column private_key drop not null,
  add column retired_at timestamptz;
