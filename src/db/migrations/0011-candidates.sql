-- Candidates: definitions that were uploaded to take the place of those in the folder of exchanges. One that was
-- activated is in force from its time on, until another is, or it is withdrawn; the folder counts where there is none.
-- An older node would go on by the folder alone.

create table candidate (
  id int generated always as identity primary key,
  exchange text not null,
  file_name text not null,
  -- Texts of its files by path from the folder.
  files jsonb not null,
  -- Of the definition that they make; empty where they make none.
  hash text not null,
  problems jsonb not null,
  uploaded_by text not null,
  uploaded_at timestamptz not null,
  -- What a run in shadow found, or how far one is.
  shadow jsonb,
  activate_at timestamptz,
  activated_by text,
  reason text,
  withdrawn_at timestamptz,
  withdrawn_by text,
  withdrawn_reason text
);

create index on candidate (exchange, activate_at);
