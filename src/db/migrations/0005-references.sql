-- References between records, names that records had before, sets that a refresh is kept within.

-- What tells sets of a refresh apart (`refresh.within`), as one text.
alter table record add column set_key text;
create index record_set on record (book, type, set_key) where set_key is not null;

-- Former keys in this book; none at all saves every look-up.
alter table book add column aliases bigint not null default 0;

-- A key that a live record had before it was renamed: it still finds the record.
create table alias (
  book int not null,
  type text not null,
  key text not null,
  record_id uuid not null,
  at timestamptz not null default now(),
  primary key (book, type, key)
);
create index alias_record on alias (book, record_id);

-- A live record refers to another by key. `waiting`: that record is not there yet, and this one has an error for it.
create table link (
  book int not null,
  record_id uuid not null,
  -- `<exchange>.<type>.<reference>`
  reference text not null,
  item int not null,
  target_book int not null,
  target_type text not null,
  target_key text not null,
  waiting boolean not null,
  primary key (book, record_id, reference, item)
);
create index link_target on link (target_book, target_type, target_key);

-- The same, of what a survey has seen.
create table survey_link (
  book int not null,
  tracking text not null,
  record_id uuid not null,
  reference text not null,
  item int not null,
  target_book int not null,
  target_type text not null,
  target_key text not null,
  waiting boolean not null,
  primary key (book, tracking, record_id, reference, item)
);
create index survey_link_target on survey_link (book, tracking, target_book, target_type, target_key);

-- The sets that accepted records of a surveyed file belong to.
create table survey_set (
  book int not null,
  tracking text not null,
  type text not null,
  set_key text not null,
  primary key (book, tracking, type, set_key)
);

grant select on link, alias to tributary_reader;
alter table link enable row level security;
alter table alias enable row level security;
create policy reader on link for select to tributary_reader
  using (book = any (current_setting('tributary.books')::int[]));
create policy reader on alias for select to tributary_reader
  using (book = any (current_setting('tributary.books')::int[]));
