-- What starts runs: one row a trigger of a published definition. State stays when the definition is published again.
create table workflow_triggers (
    -- '<definition>:<name>', each percent-encoded.
    id              text    not null primary key,
    definition_id   text    not null,
    version         integer not null,
    -- The start activity's id, or that of the entry of customProperties.triggers.
    name            text    not null,
    activity_id     text,
    type            text    not null,
    config          text    not null,
    -- 0 while no version is published; the row waits with its state for the next.
    is_active       integer not null,
    -- Since when what happens counts: published, or resumed.
    active_since    bigint  not null,
    is_paused       integer not null default 0,
    paused_by       text,
    paused_at       bigint,
    -- The next moment of a schedule; moves on in the transaction that starts the run.
    next_at         bigint,
    -- What a source remembers, as JSON: fingerprints of data, the state of a condition; null before its first look.
    seen            text,
    fired_at        bigint,
    fired_reason    text,
    fired_run_id    text,
    skipped_count   bigint  not null default 0,
    skipped_at      bigint,
    skipped_reason  text,
    failed_at       bigint,
    failure         text,
    created_at      bigint  not null,
    unique (definition_id, name)
);

create index ix_workflow_triggers_due on workflow_triggers (next_at);

-- What a trigger has acted on already, such as a webhook's message: nothing comes twice.
create table workflow_trigger_keys (
    trigger_id      text    not null,
    key             text    not null,
    run_id          text,
    at              bigint  not null,
    primary key (trigger_id, key)
);

create index ix_workflow_trigger_keys_at on workflow_trigger_keys (trigger_id, at);

alter table workflow_instances add column trigger_id text;
alter table workflow_instances add column trigger_payload text;
-- When it happened, for runs that stand for other triggers of the same minute too.
alter table workflow_instances add column dedupe_at bigint;

create index ix_workflow_instances_dedupe on workflow_instances (definition_id, dedupe_at) where dedupe_at is not null;
create index ix_workflow_instances_finished on workflow_instances (definition_id, finished_at);

-- Null until the triggers of a definition that was published before have their rows.
alter table workflow_definitions add column has_triggers integer;
