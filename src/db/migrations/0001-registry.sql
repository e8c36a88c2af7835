-- The registry: partners, accounts, what they may do, the keys that sign, and the audit log.
-- These tables are global: no book, and no row that the role tributary_reader may see.

create table partner (
  partner text primary key check (partner ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
  name text not null,
  centre boolean not null default false,
  contact text,
  -- How a partner wants to be served where a channel has variants.
  profile text,
  status text not null default 'active' check (status in ('active', 'disabled')),
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

-- Who signs in for a partner. The name is the login of a person and the client id of a machine.
create table account (
  account uuid primary key,
  partner text not null references partner,
  name text not null,
  kind text not null check (kind in ('person', 'machine')),
  -- Argon2id of the password or of the client secret; null until one is made.
  secret_hash text,
  must_change_password boolean not null default false,
  realms text[] not null check (realms <@ '{live,test}'),
  created_at timestamptz not null,
  -- Tokens from before this moment are no longer good.
  credentials_changed_at timestamptz not null,
  disabled_at timestamptz,
  unique (partner, account)
);
create unique index account_name on account (lower(name));

create table account_certificate (
  sha256 text primary key check (sha256 ~ '^[0-9A-F]{64}$'),
  account uuid not null references account,
  bound_at timestamptz not null
);
create index account_certificate_account on account_certificate (account);

-- Partner, exchange, operation. Without an account it holds for all accounts of the partner.
create table policy (
  partner text not null references partner,
  account uuid,
  exchange text not null,
  grants text[] not null,
  foreign key (partner, account) references account (partner, account)
);
create unique index policy_account on policy (account, exchange) where account is not null;
create unique index policy_partner on policy (partner, exchange) where account is null;

-- Failed sign-ins by what they have in common: an account's name at an address, the name, the address.
create table sign_in_guard (
  subject text primary key,
  failures int not null,
  failed_at timestamptz,
  locked_until timestamptz,
  -- Last success; only of a name at an address.
  passed_at timestamptz
);

-- Keys that sign tokens, and keys that sign papers (receipts, acknowledgements, seals of the audit log).
create table signing_key (
  kid text primary key,
  purpose text not null check (purpose in ('token', 'receipt')),
  number int not null,
  algorithm text not null,
  private_jwk jsonb not null,
  public_jwk jsonb not null,
  created_at timestamptz not null,
  -- Signs from this moment; published before, so that every verifier knows it in time.
  active_from timestamptz not null,
  -- Withdrawn: nothing it signed as a token is good any more.
  retired_at timestamptz,
  unique (purpose, number)
);

-- Who did what. Rows go in unchained; the sealer binds them into the chain of seals.
create table audit_entry (
  entry_no bigint generated always as identity primary key,
  at timestamptz not null,
  account text,
  partner text,
  action text not null,
  exchange text,
  subject text not null,
  outcome text not null,
  detail jsonb not null,
  request_id text,
  address text,
  seal_no bigint
);
create index audit_entry_unsealed on audit_entry (entry_no) where seal_no is null;
create index audit_entry_sealed on audit_entry (seal_no, entry_no);

create table audit_seal (
  seal_no bigint primary key,
  at timestamptz not null,
  first_entry bigint not null,
  last_entry bigint not null,
  -- Numbers of the entries as ranges (3-17,19), so that a missing one can be named.
  entries text not null,
  -- SHA-256 of each entry in that order, 32 bytes each: the leaves of the tree whose root is signed.
  leaves bytea not null,
  root text not null,
  previous text not null,
  signature text not null,
  kid text not null
);

-- The sealer holds this row's lock while it seals.
create table audit_sealer (one boolean primary key check (one));
insert into audit_sealer values (true);
