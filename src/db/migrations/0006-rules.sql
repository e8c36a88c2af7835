-- Rule sets: what is done to the records of one partner, or of all ('*'), before they are judged. The version with
-- the latest effective_at that has come is in effect; a version is never changed, and only one that has not taken
-- effect can be withdrawn, so that what was in effect at any time stays known.

create table rule_set (
  exchange text not null,
  partner text not null,
  version int not null,
  effective_at timestamptz not null,
  content text not null,
  reason text not null,
  made_by text not null,
  made_at timestamptz not null,
  withdrawn_at timestamptz,
  withdrawn_by text,
  withdrawn_reason text,
  primary key (exchange, partner, version)
);

-- Records of a submission that a rule changed.
alter table submission add column translated bigint not null default 0;

-- Which versions were laid over a definition. What submissions were judged by is no secret of their readers.
alter table definition add column rules jsonb not null default '[]';
grant select (hash, rules) on definition to tributary_reader;
