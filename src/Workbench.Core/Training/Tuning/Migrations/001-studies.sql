-- Times are milliseconds since 1970 UTC by the database's clock: workers on several hosts are judged by them.
create table tuning_study (
    study_id        text   not null primary key,
    name            text   not null unique,
    options         text   not null,
    created_at      bigint not null,
    last_number     bigint not null
);

-- attempt is the fencing token: whoever holds an earlier one may write no more. losses are the attempts whose worker died.
-- heartbeat_at is 0 where a worker gave the trial back, and 1 where it was reported dead; it may write no more then.
create table tuning_trial (
    study_id        text   not null references tuning_study (study_id),
    number          bigint not null,
    state           text   not null,
    parameters      text   not null,
    value           double precision,
    attempt         integer not null,
    losses          integer not null,
    worker          text   not null,
    heartbeat_at    bigint not null,
    started_at      bigint not null,
    ended_at        bigint,
    note            text,
    error           text,
    primary key (study_id, number)
);

create index ix_tuning_trial_running on tuning_trial (study_id, heartbeat_at) where state = 'Running';

create table tuning_step (
    study_id        text   not null,
    number          bigint not null,
    step            bigint not null,
    value           double precision not null,
    primary key (study_id, number, step),
    foreign key (study_id, number) references tuning_trial (study_id, number)
);
