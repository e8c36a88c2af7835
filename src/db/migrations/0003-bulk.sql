-- Bulk channels: who may sign in to the file server, what was picked up and sent back, and the mail about it.

-- By which channels an account may come in; a channel that is not named does not let it sign in at all.
alter table account add column channels text[] not null default '{rest}' check (channels <@ '{rest,sftp}'::text[]);

-- OpenSSH public keys, by fingerprint (SHA256:…); each signs in one account.
create table account_key (
  fingerprint text primary key,
  account uuid not null references account,
  public_key text not null,
  title text not null,
  added_at timestamptz not null default now()
);
create index account_key_account on account_key (account);

-- The file server's own keys, made at the first start.
create table host_key (
  kind text primary key,
  private_key text not null,
  public_key text not null,
  created_at timestamptz not null default now()
);

-- OpenPGP keys: a partner's public ones (theirs), and the private ones that partners encrypt to (ours).
create table pgp_key (
  fingerprint text primary key,
  partner text references partner,
  purpose text not null check (purpose in ('theirs', 'ours')),
  user_id text not null,
  armored text not null,
  added_at timestamptz not null default now(),
  expires_at timestamptz,
  retired_at timestamptz
);
create index pgp_key_partner on pgp_key (partner);

-- How a partner's files of an exchange must be protected.
create table file_policy (
  partner text not null references partner,
  exchange text not null,
  must_encrypt boolean not null default false,
  must_sign boolean not null default false,
  primary key (partner, exchange)
);

-- The standard transfer log: what was done at the file server.
create table transfer (
  transfer bigint generated always as identity primary key,
  at timestamptz not null,
  partner text,
  account text,
  login text not null,
  address text not null,
  action text not null,
  path text not null,
  bytes bigint not null default 0,
  ms int not null default 0,
  result text not null
);
create index transfer_partner on transfer (partner, transfer);
create index transfer_path on transfer (partner, path) where action in ('upload', 'rename');

-- Where a partner's files lie when not in its own tree of the file server: a folder, or a bucket.
create table place (
  place text primary key,
  partner text not null references partner,
  kind text not null check (kind in ('folder', 's3')),
  settings jsonb not null,
  active boolean not null default true,
  last_error text,
  seen_at timestamptz,
  created_at timestamptz not null default now()
);
create index place_partner on place (partner);

-- Files picked up together, or bulk calls collected together: one set of reports, one mail.
create table intake (
  intake text primary key,
  partner text not null references partner,
  exchange text not null,
  realm text not null check (realm in ('live', 'test')),
  -- '' is the partner's own tree of the file server.
  place text not null default '',
  kind text not null check (kind in ('files', 'calls')),
  state text not null check (state in ('gathering', 'checking', 'processing', 'reporting', 'done')),
  opened_at timestamptz not null,
  gathered_at timestamptz,
  closed_at timestamptz,
  last_error text
);
create unique index intake_gathering on intake (partner, exchange, realm, place, kind) where state = 'gathering';
create index intake_partner on intake (partner, intake);
create index intake_open on intake (intake) where state <> 'done';

create table intake_file (
  intake text not null references intake,
  -- Identity of the upload: this file, taken this once.
  file text not null,
  name text not null,
  folder text not null,
  bytes bigint not null,
  -- Size of what is in it, where it came under OpenPGP.
  content_bytes bigint,
  sha256 text,
  modified_at timestamptz not null,
  taken_at timestamptz not null,
  account text not null,
  state text not null check (state in ('taken', 'refused', 'held', 'submitted', 'done', 'discarded')),
  -- Why it was refused or is held: a file-level finding's code and words.
  code text,
  reason text,
  -- The submission that its records are in, and its name there.
  tracking text,
  member text not null default '',
  -- How often it was in a submission of many that broke before it was read: the next one is smaller.
  splits smallint not null default 0,
  format text,
  total bigint not null default 0,
  success bigint not null default 0,
  errors bigint not null default 0,
  processed_at timestamptz,
  archived text,
  primary key (file)
);
create index intake_file_intake on intake_file (intake, name);
create index intake_file_tracking on intake_file (tracking);

-- A single-record call whose errors are also collected for the OUTPUT folder and the mail.
create table intake_call (
  intake text not null references intake,
  tracking text not null primary key,
  file_name text not null
);
create index intake_call_intake on intake_call (intake);

-- What an intake sent back; each is a document, and a file in OUTPUT until the partner deletes it.
create table intake_report (
  intake text not null references intake,
  name text not null,
  kind text not null check (kind in ('errors', 'log', 'log-csv', 'summary-csv', 'summary-xml', 'receipt')),
  content_type text not null,
  sha256 text not null,
  size bigint not null,
  written_at timestamptz,
  primary key (intake, name)
);

-- Records that a corrected error file says it corrects.
create table correction (
  book int not null references book,
  tracking text not null,
  corrects text not null,
  records bigint not null default 0,
  primary key (book, tracking, corrects)
);
create index correction_back on correction (corrects);

-- Who is told by mail, how often. The exchange '*' stands for all.
create table contact (
  contact bigint generated always as identity primary key,
  partner text not null references partner,
  exchange text not null,
  address text not null,
  frequency text not null check (frequency in ('at-once', 'hourly', 'daily', 'weekly')),
  language text not null default 'en',
  created_at timestamptz not null default now(),
  -- Set when the address was refused for good.
  bounced_at timestamptz,
  bounce_reason text,
  unique (partner, exchange, address)
);

-- What is to be told: once for each contact, at the contact's frequency.
create table notice (
  notice bigint generated always as identity primary key,
  partner text not null references partner,
  exchange text not null,
  realm text not null,
  intake text not null unique,
  -- Counts and names of files; never any record's content.
  content jsonb not null,
  at timestamptz not null
);
create table notice_due (
  notice bigint not null references notice,
  contact bigint not null references contact on delete cascade,
  due_at timestamptz not null,
  primary key (contact, notice)
);
create index notice_due_at on notice_due (due_at);

create table mail (
  mail text primary key,
  contact bigint references contact on delete set null,
  partner text not null,
  exchange text not null,
  recipient text not null,
  subject text not null,
  text_body text not null,
  html_body text not null,
  state text not null check (state in ('queued', 'sent', 'bounced', 'given-up')),
  attempts int not null default 0,
  next_at timestamptz not null,
  claim bigint,
  leased_until timestamptz,
  sent_at timestamptz,
  last_error text,
  created_at timestamptz not null
);
create index mail_queue on mail (next_at) where state = 'queued';
create index mail_partner on mail (partner, mail);
