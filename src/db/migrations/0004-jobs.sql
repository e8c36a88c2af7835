-- Jobs: what the centre asks agents beside partners' databases to extract and send, when, and what became of it.

-- An account may also be an agent's.
alter table account drop constraint account_channels_check;
alter table account add constraint account_channels_check check (channels <@ '{rest,sftp,agent}'::text[]);

-- Days on which jobs rest (an election freeze, say).
create table calendar (
  calendar text primary key,
  title text not null,
  -- [{from, until, reason}]: first and last day, both included, by the clock of the job that uses it.
  exceptions jsonb not null default '[]',
  changed_at timestamptz not null
);

create table job (
  job text primary key,
  title text not null,
  exchange text not null,
  realm text not null check (realm in ('live', 'test')),
  -- Null: every partner that has an agent's account which may submit to the exchange.
  partners text[],
  extract text not null check (extract in ('full', 'changes')),
  -- Null: it runs only when told to.
  cron text,
  zone text not null,
  calendar text references calendar,
  -- Times of day ('22:00') between which attempts are handed out; null: at any time.
  window_from text,
  window_until text,
  priority int not null,
  arrive_minutes int not null,
  retry_minutes int not null,
  retry_limit int not null,
  missed text not null check (missed in ('once', 'skip')),
  paused boolean not null default false,
  pause_reason text,
  -- {hours: {from, until} or null, perDayMax, atOnceMax}; null: partners may not start it.
  own_start jsonb,
  -- The next occurrence of its schedule that no run was made for.
  next_due timestamptz,
  changed_at timestamptz not null,
  changed_by text not null
);
create index job_due on job (next_due) where next_due is not null and not paused;

-- One occurrence of a job for one partner. It does its work in attempts, one after another.
create table run (
  run text primary key,
  job text not null,
  exchange text not null,
  realm text not null,
  partner text not null references partner,
  extract text not null,
  origin text not null check (origin in ('schedule', 'now', 'partner')),
  started_by text,
  -- Work that partners start ranks below all other.
  rank int not null,
  due_at timestamptz not null,
  state text not null check (state in ('scheduled', 'offered', 'taken', 'extracting', 'uploading', 'received',
                                       'processing', 'done', 'failed', 'timed-out', 'cancelled')),
  reason text,
  attempts int not null default 0,
  -- When its next attempt is offered; null unless it is scheduled.
  next_at timestamptz,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  closed_at timestamptz
);
create unique index run_occurrence on run (job, partner, due_at) where origin = 'schedule';
-- At most one run of a job waits for a partner: a newer occurrence takes the older one's place.
create unique index run_waiting on run (job, partner) where state = 'scheduled';
create index run_next on run (next_at) where state = 'scheduled';
create index run_open on run (rank desc, due_at, run) where closed_at is null;
create index run_recent on run (run desc);
create index run_partner on run (partner, run desc);

-- One try of a run: a session, whatever became of it.
create table attempt (
  attempt text primary key,
  run text not null references run,
  job text not null,
  exchange text not null,
  realm text not null,
  partner text not null references partner,
  extract text not null,
  origin text not null,
  rank int not null,
  number int not null,
  state text not null check (state in ('offered', 'taken', 'extracting', 'uploading', 'received', 'processing',
                                       'done', 'failed', 'timed-out', 'cancelled')),
  code text,
  reason text,
  -- Login of the agent that took it.
  account text,
  since text,
  marker text,
  definition_hash text,
  offered_at timestamptz not null,
  taken_at timestamptz,
  extracting_at timestamptz,
  uploading_at timestamptz,
  received_at timestamptz,
  processing_at timestamptz,
  closed_at timestamptz,
  arrive_by timestamptz not null,
  leased_until timestamptz,
  -- How far the agent is.
  records bigint not null default 0,
  bytes bigint not null default 0,
  bytes_of bigint,
  -- What it announced to upload.
  upload jsonb,
  book int,
  tracking text unique,
  error_log text,
  failed_at timestamptz,
  unique (run, number)
);
create index attempt_offered on attempt (partner, exchange, realm, rank desc) where state = 'offered';
-- One partner's data of one exchange is never extracted twice at once, nor before the last lot is dealt with.
create unique index attempt_under_way on attempt (partner, exchange, realm)
  where state in ('taken', 'extracting', 'uploading', 'received', 'processing');
create index attempt_late on attempt (least(arrive_by, coalesce(leased_until, arrive_by)))
  where state in ('offered', 'taken', 'extracting', 'uploading');
create index attempt_marker on attempt (partner, exchange, realm, closed_at desc) where state = 'done';
create index attempt_recent on attempt (offered_at desc, attempt desc);
create index attempt_job on attempt (job, partner, offered_at desc);

-- What each agent last told of itself.
create table agent (
  account uuid primary key references account,
  login text not null,
  partner text not null references partner,
  version text not null,
  health jsonb not null,
  batches jsonb not null,
  address text not null,
  first_seen_at timestamptz not null,
  seen_at timestamptz not null
);

-- A job that does not go well for a partner: at most one open alert for both, until it goes well again.
create table alert (
  alert bigint generated always as identity primary key,
  kind text not null check (kind in ('failed', 'timed-out', 'limit')),
  job text not null,
  exchange text not null,
  realm text not null,
  partner text not null references partner,
  run text not null,
  attempt text not null,
  code text,
  message text not null,
  times int not null default 1,
  raised_at timestamptz not null,
  last_at timestamptz not null,
  acknowledged_at timestamptz,
  acknowledged_by text,
  note text,
  resolved_at timestamptz,
  resolution text,
  -- Its place in the order of changes to alerts.
  change bigint not null,
  mailed boolean not null default false
);
create unique index alert_open on alert (job, partner) where resolved_at is null;
create index alert_change on alert (change);
create index alert_unmailed on alert (alert) where not mailed;

-- One row: its lock gives changes of alerts an order in which they become visible.
create table alert_head (
  one boolean primary key default true check (one),
  change bigint not null
);
insert into alert_head (change) values (0);

-- One row: when jobs were last looked after, so that a time in which no node ran is known.
create table job_clock (
  one boolean primary key default true check (one),
  ticked_at timestamptz
);
insert into job_clock (ticked_at) values (null);
