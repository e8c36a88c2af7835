-- What partners are told of their records, what they are asked to settle, and how their files differ from the centre.

-- Numbers of a partner's messages. Its lock makes them visible in order: who has read up to one misses none before it.
create table message_queue (
  partner text not null references partner,
  realm text not null check (realm in ('live', 'test')),
  last bigint not null,
  primary key (partner, realm)
);

create table message (
  partner text not null references partner,
  realm text not null check (realm in ('live', 'test')),
  number bigint not null,
  exchange text not null,
  type text not null,
  record_type text,
  record_id uuid,
  key text,
  work_item uuid,
  title text not null,
  -- What happened, without values of fields other than those that say where the record stands.
  body jsonb not null,
  created_at timestamptz not null,
  cleared_at timestamptz,
  cleared_by text,
  primary key (partner, realm, number)
);
-- What is polled: hundreds of partners ask for it every few seconds, most of them in vain.
create index message_open on message (partner, realm, number) where cleared_at is null;
create index message_open_exchange on message (partner, realm, exchange, number) where cleared_at is null;
create index message_work_item on message (work_item) where work_item is not null;

-- Something the centre asks a partner to settle about a record.
create table work_item (
  item uuid primary key,
  partner text not null references partner,
  exchange text not null,
  realm text not null check (realm in ('live', 'test')),
  kind text not null,
  record_type text,
  record_id uuid,
  key text,
  title text not null,
  body jsonb not null,
  -- Last day, by the clock of the exchange.
  due_on text not null,
  made_by text not null,
  made_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'confirmed', 'refused', 'withdrawn')),
  reason text,
  answered_by text,
  answered_at timestamptz
);
create index work_item_partner on work_item (partner, exchange, realm, item);
create index work_item_open on work_item (exchange, realm, due_on, item) where state = 'open';

-- A submission that only holds a whole file against what is stored.
alter table submission add column reconcile boolean not null default false;
create index submission_reconcile on submission (book, received_at desc) where reconcile;

-- Where the file of a reconciliation and the centre differ.
create table difference (
  book int not null,
  tracking text not null,
  type text not null,
  key text not null,
  kind text not null check (kind in ('only-partner', 'only-centre', 'different', 'repeated')),
  -- Where it stands in the report: its kind's place in the fix order.
  rank smallint not null,
  record_id uuid,
  -- Of the record in the file; null where it is not there.
  position bigint,
  -- Names of the fields that differ.
  fields text[] not null,
  primary key (book, tracking, type, key)
);
create index difference_order on difference (book, tracking, rank, type, key);

grant select on difference to tributary_reader;
alter table difference enable row level security;
create policy reader on difference for select to tributary_reader
  using (book = any (current_setting('tributary.books')::int[]));
