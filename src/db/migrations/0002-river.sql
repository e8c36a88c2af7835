-- The river: books, submissions, records with their history, findings, and the queue that wakes the work.
-- Every table of a book has `book` first in its primary key and its unique indexes (decision 0003).

create sequence claim_token;

-- A key space: one exchange, live or test, one owner. Its row is the lock of everything written to it.
create table book (
  book int generated always as identity primary key,
  exchange text not null,
  realm text not null check (realm in ('live', 'test')),
  owner text not null references partner,
  change_no bigint not null default 0,
  live_records bigint not null default 0,
  -- Never goes back, so that reads as of a time hold when a clock does.
  changed_at timestamptz not null default '-infinity',
  unique (exchange, realm, owner)
);

-- Bytes as received or produced. Small ones live here, larger ones in the document folder under their hash.
create table document (
  sha256 text primary key,
  size bigint not null,
  bytes bytea,
  created_at timestamptz not null default now()
);

-- One delivery. The tracking number holds the book's number, so one index finds it.
create table submission (
  book int not null references book,
  tracking text not null,
  partner text not null references partner,
  account text not null,
  channel text not null,
  by_centre boolean not null,
  state text not null,
  phase text not null default 'apply' check (phase in ('survey', 'apply', 'remove')),
  reason text,
  scope text not null check (scope in ('incremental', 'refresh')),
  dry_run boolean not null,
  file_name text not null,
  content_type text,
  format text,
  document text not null,
  document_bytes bigint not null,
  repeats text,
  received_at timestamptz not null,
  received_date text not null,
  started_at timestamptz,
  closed_at timestamptz,
  definition_hash text not null,
  checkpoint bigint not null default 0,
  claim bigint not null default 0,
  share real,
  received bigint not null default 0,
  created bigint not null default 0,
  updated bigint not null default 0,
  unchanged bigint not null default 0,
  deleted bigint not null default 0,
  rejected bigint not null default 0,
  filtered bigint not null default 0,
  removed bigint not null default 0,
  cascaded bigint not null default 0,
  with_errors bigint not null default 0,
  unreadable_keys bigint not null default 0,
  survey_change_no bigint,
  preview jsonb,
  confirmed jsonb,
  merkle jsonb not null default '[]',
  segments int not null default 0,
  receipt text,
  primary key (book, tracking)
);
create index submission_recent on submission (book, received_at desc);
create index submission_open on submission (book) where closed_at is null;
create index submission_document on submission (book, document);

-- One immutable piece of a session log for each chunk: a complete gzip member of log lines.
create table segment (
  book int not null,
  tracking text not null,
  segment int not null,
  first_position bigint not null,
  last_position bigint not null,
  size int not null,
  sha256 text not null,
  bytes bytea,
  primary key (book, tracking, segment)
);

-- What makes a repeated delivery the same delivery: an idempotency key of its partner.
create table delivery (
  partner text not null,
  delivery_key text not null,
  fingerprint text not null,
  tracking text not null,
  at timestamptz not null default now(),
  primary key (partner, delivery_key)
);

-- The latest version of each live record; its former versions are in history.
create table record (
  book int not null,
  record_id uuid not null,
  type text not null,
  key text not null,
  duplicate_key text,
  status text not null,
  version int not null,
  change_no bigint not null,
  operation text not null,
  definition_version text not null,
  content_hash bytea not null,
  raw_hash bytea not null,
  body jsonb not null,
  submission text not null,
  position bigint not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (book, record_id)
);
create unique index record_key on record (book, type, key);
create index record_duplicate on record (book, type, duplicate_key) where duplicate_key is not null;
create index record_change on record (book, change_no);

-- Superseded versions, and a tombstone (body null) for each deleted record.
create table history (
  book int not null,
  record_id uuid not null,
  version int not null,
  type text not null,
  key text not null,
  status text not null,
  change_no bigint not null,
  operation text not null,
  definition_version text not null,
  content_hash bytea not null,
  body jsonb,
  submission text not null,
  position bigint not null,
  from_at timestamptz not null,
  until_at timestamptz,
  primary key (book, record_id, version)
);
create index history_deleted on history (book, change_no) where status = 'deleted';
create index history_key on history (book, type, key);

create table finding (
  book int not null,
  tracking text not null,
  position bigint not null,
  number smallint not null,
  key text,
  code text not null,
  severity text not null,
  path text not null,
  field text not null,
  item int,
  message text not null,
  value text,
  primary key (book, tracking, position, number)
);

-- What a whole-file submission would do, found by the pass before it: also the set of keys it has seen.
create table survey (
  book int not null,
  tracking text not null,
  type text not null,
  key text not null,
  duplicate_key text,
  position bigint not null,
  present boolean not null,
  record_id uuid,
  status text,
  version int,
  content_hash bytea,
  body jsonb,
  primary key (book, tracking, type, key)
);
create index survey_duplicate on survey (book, tracking, type, duplicate_key) where duplicate_key is not null;

-- Wakes work; the truth is the state of the row it names. One task of a lane at a time, oldest first.
create table task (
  task bigint generated always as identity primary key,
  kind text not null,
  lane text not null,
  subject text not null,
  run_at timestamptz not null default now(),
  attempts int not null default 0,
  claim bigint,
  leased_until timestamptz,
  last_error text,
  created_at timestamptz not null default now()
);
create index task_lane on task (lane, task);

-- Code tables that an office imports; the newest version of a list is in force.
create table code_table (
  exchange text not null,
  list text not null,
  version int not null,
  sha256 text not null,
  content text not null,
  imported_by text not null,
  imported_at timestamptz not null default now(),
  primary key (exchange, list, version)
);

-- Each definition that ever judged a record, so that its verdict can be repeated.
create table definition (
  hash text primary key,
  exchange text not null,
  content text not null,
  first_used timestamptz not null default now()
);

-- Readers see the books they were given and no others, whatever a statement forgets to say.
do $$
begin
  create role tributary_reader nologin;
exception when duplicate_object or unique_violation then
  null;
end
$$;
grant tributary_reader to current_user;
grant select on book, submission, segment, record, history, finding, document to tributary_reader;
alter table submission enable row level security;
alter table segment enable row level security;
alter table record enable row level security;
alter table history enable row level security;
alter table finding enable row level security;
create policy reader on submission for select to tributary_reader
  using (book = any (current_setting('tributary.books')::int[]));
create policy reader on segment for select to tributary_reader
  using (book = any (current_setting('tributary.books')::int[]));
create policy reader on record for select to tributary_reader
  using (book = any (current_setting('tributary.books')::int[]));
create policy reader on history for select to tributary_reader
  using (book = any (current_setting('tributary.books')::int[]));
create policy reader on finding for select to tributary_reader
  using (book = any (current_setting('tributary.books')::int[]));
