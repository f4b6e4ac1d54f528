-- Concepts follow Elsa: definitions with versions, instances (runs), activity executions (steps), journal.
-- Times are milliseconds since 1970 UTC, ids and JSON are text, truth is 0 or 1.
create table workflow_definitions (
    id              text    not null primary key,
    definition_id   text    not null,
    version         integer not null,
    name            text    not null,
    is_latest       integer not null,
    is_published    integer not null,
    created_at      bigint  not null,
    content         text    not null,
    unique (definition_id, version)
);

create table workflow_instances (
    id                      text    not null primary key,
    definition_id           text    not null,
    definition_version_id   text    not null references workflow_definitions (id),
    version                 integer not null,
    status                  text    not null,
    sub_status              text    not null,
    -- Why nothing new starts any more: null, 'Cancelled' or 'Faulted'.
    stopping                text,
    reason                  text    not null,
    actor                   text    not null,
    idempotency_key         text,
    correlation_id          text,
    inputs                  text    not null,
    variables               text    not null,
    -- How often each connection was followed without its target having started yet.
    tokens                  text    not null,
    fault                   text,
    incident_count          integer not null,
    journal_sequence        bigint  not null,
    created_at              bigint  not null,
    updated_at              bigint  not null,
    finished_at             bigint,
    unique (definition_id, idempotency_key)
);

create index ix_workflow_instances_created on workflow_instances (created_at);

create table activity_executions (
    instance_id     text    not null references workflow_instances (id),
    step_id         text    not null,
    activity_id     text    not null,
    node_id         text    not null,
    activity_name   text    not null,
    activity_type   text    not null,
    ordinal         bigint  not null,
    status          text    not null,
    -- The fencing token: grows with every claim.
    attempt         integer not null,
    failures        integer not null,
    lost_leases     integer not null,
    max_attempts    integer not null,
    retry_delay     bigint  not null,
    timeout         bigint  not null,
    owner           text,
    lease_until     bigint  not null,
    not_before      bigint  not null,
    inputs          text    not null,
    outputs         text,
    outcome         text,
    message         text,
    error           text,
    log_file        text,
    created_at      bigint  not null,
    started_at      bigint,
    completed_at    bigint,
    primary key (instance_id, step_id)
);

create index ix_activity_executions_ready on activity_executions (status, not_before);

create table workflow_journal (
    instance_id     text    not null references workflow_instances (id),
    sequence        bigint  not null,
    step_id         text,
    activity_id     text,
    activity_name   text,
    activity_type   text,
    event_name      text    not null,
    attempt         integer,
    message         text,
    at              bigint  not null,
    primary key (instance_id, sequence)
);
