-- Other ways to sign in: passkeys (WebAuthn), and providers of single sign-on (OpenID Connect). An older node may still
-- run on it; it knows neither, so that a password alone opens an account whose only second factor is a passkey.

-- A passkey is two factors by itself: something one has, opened by a finger, a face or a PIN.
create table passkey (
  passkey uuid primary key,
  account uuid not null references account on delete cascade,
  -- As the authenticator names it; base64url.
  credential text not null unique,
  -- COSE, base64url.
  public_key text not null,
  -- How often it was used, as the authenticator counts; 0 when it does not.
  counter bigint not null,
  -- How a browser reaches it: internal, hybrid, usb …
  transports text[] not null,
  -- What its person calls it.
  title text not null,
  created_at timestamptz not null,
  used_at timestamptz
);
create index passkey_account on passkey (account);

-- Challenges travel in signed cookies; one that has opened something is noted here until it would be too old anyway.
create table spent_challenge (
  challenge text primary key,
  ends_at timestamptz not null
);
create index spent_challenge_ends on spent_challenge (ends_at);

create table identity_provider (
  provider text primary key,
  title text not null,
  issuer text not null,
  client_id text not null,
  -- Readable, as the passwords of places are: it is sent to the provider. Null: a client without one.
  client_secret text,
  scopes text[] not null,
  -- What of a person says who they are, until their first sign-in.
  claim text not null,
  -- Whose people it serves; null: everybody's.
  partner text references partner,
  -- It asks for a second factor itself.
  proves_second_factor boolean not null default false
);

-- Which account a provider's person signs in to.
create table provider_account (
  provider text not null references identity_provider on delete cascade,
  account uuid not null references account on delete cascade,
  -- What the provider's claim says of the person.
  person text not null,
  -- The provider's own lasting name of the person, from the first sign-in on; then it alone counts.
  subject text,
  used_at timestamptz,
  primary key (provider, account),
  unique (provider, person),
  unique (provider, subject)
);
create index provider_account_account on provider_account (account);

-- The provider proved a second factor when this session was opened.
alter table browser_session add column factor_proven boolean not null default false;
