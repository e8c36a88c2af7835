-- The console: people who signed in with a browser.

-- The cookie holds a random secret, this table only its SHA-256.
create table browser_session (
  secret_hash text primary key,
  account uuid not null references account,
  created_at timestamptz not null,
  -- Its latest use by a person; rounded, so that reading a page does not write a row each time.
  seen_at timestamptz not null,
  -- It ends then, however much it is used.
  ends_at timestamptz not null,
  address text not null
);
create index browser_session_account on browser_session (account, created_at);
create index browser_session_ends on browser_session (ends_at);

-- What the console's first page counts: records to put right, and what needs a person.
create index record_with_errors on record (book, type) where status = 'submitted-with-errors';
create index submission_ended_badly on submission (book, received_at desc) where state in ('held', 'incomplete', 'refused');
