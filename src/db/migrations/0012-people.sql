-- People: who is invited, what a second factor is made of, and accounts that rest. An older node may still run on it;
-- it asks for no second factor, and lets suspended accounts in.

-- Somebody's doing, to be undone; a closed account stays closed.
alter table account add column suspended_at timestamptz;

-- Where the partner's office is, by the IANA name of its zone; and whether its people need a second factor.
alter table partner add column time_zone text;
alter table partner add column second_factor boolean not null default false;

-- What the browser says it is, so that a person knows their own sessions apart.
alter table browser_session add column browser text not null default '';

-- Codes of an app (RFC 6238). It counts once a first code has proved that the app has the secret.
create table second_factor (
  account uuid primary key references account on delete cascade,
  secret text not null,
  created_at timestamptz not null,
  confirmed_at timestamptz,
  -- The half minute of the last code that was taken: it and what was before are good no more.
  last_step bigint not null default 0,
  failures int not null default 0,
  locked_until timestamptz
);

-- For when the app is lost; each is good once. SHA-256 of a random code.
create table recovery_code (
  account uuid not null references account on delete cascade,
  code_hash text not null,
  primary key (account, code_hash)
);

-- The password was right, and the second factor is awaited. The cookie holds the secret, this table its SHA-256.
create table pending_sign_in (
  secret_hash text primary key,
  account uuid not null references account on delete cascade,
  ends_at timestamptz not null
);
create index pending_sign_in_ends on pending_sign_in (ends_at);

-- People asked to set a password; the account is made when they do. The link holds the secret, this table its SHA-256.
create table invitation (
  invitation uuid primary key,
  secret_hash text not null unique,
  login text not null,
  partner text not null references partner,
  address text not null,
  realms text[] not null,
  -- [{exchange, grants}]
  grants jsonb not null,
  invited_by uuid not null references account,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  withdrawn_at timestamptz,
  -- The mail that brings the link; null when the inviter passes it on.
  mail text
);
create unique index invitation_open on invitation (login) where accepted_at is null and withdrawn_at is null;
create index invitation_partner on invitation (partner, created_at desc);
