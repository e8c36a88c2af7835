-- The registry: partners, accounts, what they may do, the keys that sign, and the audit log.
-- These tables are global: no book, and no row that the role tributary_reader may see.

create table partner (
  partner text primary key,
  name text not null,
  centre boolean not null default false,
  -- How a partner wants to be served where a channel has variants.
  profile text,
  created_at timestamptz not null default now()
);
create unique index partner_centre on partner (centre) where centre;

-- By which identifiers of others' schemes (an ORI, say) a partner is known; each belongs to one partner.
create table partner_identifier (
  scheme text not null,
  value text not null,
  partner text not null references partner,
  primary key (scheme, value)
);
create index partner_identifier_partner on partner_identifier (partner);

-- Who signs in for a partner. The login, in small letters, is a person's name or a machine's client id.
create table account (
  account uuid primary key,
  login text not null unique check (login = lower(login)),
  partner text not null references partner,
  kind text not null check (kind in ('person', 'machine')),
  realms text[] not null check (realms <@ '{live,test}'::text[]),
  -- Argon2id of a password, or SHA-256 of a random secret; null until one is made.
  secret_hash text,
  must_change boolean not null default false,
  failures int not null default 0,
  locked_until timestamptz,
  created_at timestamptz not null default now(),
  -- Tokens from before this second are no longer good.
  valid_from timestamptz not null default date_trunc('second', now()),
  closed_at timestamptz
);
create index account_partner on account (partner);

-- SHA-256 fingerprints of client certificates, in small letters without colons; each signs in one account.
create table account_certificate (
  fingerprint text primary key,
  account uuid not null references account
);

-- What an account may do in an exchange, or in all ('*').
create table policy (
  account uuid not null references account,
  exchange text not null,
  grants text[] not null,
  primary key (account, exchange)
);

-- Keys that sign access tokens, and keys that sign papers (acknowledgements, receipts, seals of the audit log).
create table signing_key (
  kid text primary key,
  purpose text not null check (purpose in ('token', 'paper')),
  private_key text not null,
  public_jwk jsonb not null,
  created_at timestamptz not null default now(),
  retired_at timestamptz
);

-- Who did what. Lines go in unchained; the sealer binds them into the chain of seals.
create table audit_entry (
  entry bigint generated always as identity primary key,
  at timestamptz not null,
  account text,
  partner text,
  action text not null,
  target text not null,
  status int not null,
  request text not null,
  address text not null,
  seal bigint
);
create index audit_entry_unsealed on audit_entry (entry) where seal is null;
create index audit_entry_sealed on audit_entry (seal, entry);

create table audit_seal (
  seal bigint primary key,
  at timestamptz not null,
  entries int not null,
  -- Numbers of its entries as ranges (3-17,19), so that a missing one can be named.
  numbers text not null,
  -- Leaves of the tree whose root is signed (base64), so that a changed one can be named.
  leaves text not null,
  root text not null,
  previous text not null,
  kid text not null,
  signature text not null
);

-- One row, with the number of the last seal; its lock makes one process the sealer.
create table audit_head (
  one boolean primary key default true check (one),
  seal bigint not null
);
insert into audit_head (seal) values (0);
