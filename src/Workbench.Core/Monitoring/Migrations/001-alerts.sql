-- Times are milliseconds since 1970 UTC, on the business clock; those of alert_delivery on the system's.
create table alert_state (
    rule            text   not null primary key,
    model           text   not null,
    version         bigint,
    state           text   not null,
    active_at       bigint,
    fired_at        bigint,
    value           double precision,
    row_count       bigint not null,
    evaluated_at    bigint not null,
    note            text   not null
);

-- Every change of state, oldest first by sequence; dispatched is 0 until each channel has it.
create table alert_event (
    event_id        text   not null primary key,
    sequence        bigint not null unique,
    rule            text   not null,
    model           text   not null,
    version         bigint,
    state           text   not null,
    metric          text   not null,
    value           double precision,
    threshold       double precision not null,
    fires_below     integer not null,
    row_count       bigint not null,
    at              bigint not null,
    starts_at       bigint,
    actions         text   not null,
    note            text   not null,
    dispatched      integer not null
);

create index ix_alert_event_dispatched on alert_event (dispatched, sequence);

create table alert_delivery (
    event_id        text   not null references alert_event (event_id),
    channel         text   not null,
    attempts        bigint not null,
    attempted_at    bigint not null,
    delivered_at    bigint,
    retry_at        bigint,
    error           text,
    primary key (event_id, channel)
);
