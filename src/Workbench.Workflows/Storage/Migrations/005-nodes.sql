-- Hosts that share this database, and which of them does what only one may do.
create table workflow_nodes (
    name            text    not null primary key,
    -- The process that uses the name; another takes it over only when this one is no longer heard of.
    instance        text    not null,
    address         text    not null,
    machine         text    not null,
    process_id      bigint  not null,
    parallelism     integer not null,
    started_at      bigint  not null,
    seen_at         bigint  not null
);

create table workflow_duties (
    name            text    not null primary key,
    holder          text    not null,
    held_since      bigint  not null,
    held_until      bigint  not null
);

-- The node that ran the last attempt.
alter table activity_executions add column node text;
-- Grows whenever a draft is saved again, so that a run is pinned to what its start has read.
alter table workflow_definitions add column revision bigint not null default 1;
