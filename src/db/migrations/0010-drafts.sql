-- Records that people have begun in the console and not sent yet. An older node may still run: it passes them over.
create table draft (
  account uuid not null references account,
  -- Made by whoever saves it first, so that saving again after a broken connection makes no second one.
  draft uuid not null,
  title text not null,
  exchange text not null,
  realm text not null check (realm in ('live', 'test')),
  type text not null,
  -- The stored record that it is to correct; null: a new one.
  record_id uuid,
  -- In canonical names, with values as they were typed.
  body jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account, draft)
);
create index draft_updated on draft (updated_at);
