-- Concepts and names follow MLflow's tracking store. Times are milliseconds since 1970 UTC; ids are text.
create table experiments (
    experiment_id   text   not null primary key,
    name            text   not null unique,
    created_at      bigint not null
);

insert into experiments (experiment_id, name, created_at) values ('0', 'Default', 0);

create table runs (
    run_id          text   not null primary key,
    experiment_id   text   not null references experiments (experiment_id),
    name            text   not null,
    status          text   not null,
    started_at      bigint not null,
    ended_at        bigint
);

create index ix_runs_experiment on runs (experiment_id, started_at);

create table params (
    run_id          text   not null references runs (run_id),
    key             text   not null,
    value           text   not null,
    primary key (run_id, key)
);

-- value is 0 where is_nan is 1: a database may store NaN as null.
create table metrics (
    run_id          text   not null references runs (run_id),
    key             text   not null,
    sequence        bigint not null,
    value           double precision not null,
    is_nan          integer not null,
    step            bigint not null,
    logged_at       bigint not null,
    primary key (run_id, key, sequence)
);

create table tags (
    run_id          text   not null references runs (run_id),
    key             text   not null,
    value           text   not null,
    primary key (run_id, key)
);

create table registered_models (
    name            text   not null primary key,
    created_at      bigint not null,
    last_version    bigint not null
);

create table model_versions (
    name            text   not null references registered_models (name),
    version         bigint not null,
    created_at      bigint not null,
    run_id          text   references runs (run_id),
    description     text,
    data_hash       text,
    notebook_hash   text,
    metrics         text   not null,
    parameters      text   not null,
    environment     text   not null,
    idempotency_key text,
    primary key (name, version),
    unique (name, idempotency_key)
);

create table model_version_files (
    name            text   not null,
    version         bigint not null,
    path            text   not null,
    artifact_id     text   not null,
    size_bytes      bigint not null,
    primary key (name, version, path),
    foreign key (name, version) references model_versions (name, version)
);

create table model_version_tags (
    name            text   not null,
    version         bigint not null,
    key             text   not null,
    value           text   not null,
    primary key (name, version, key),
    foreign key (name, version) references model_versions (name, version)
);

create table model_aliases (
    name            text   not null,
    alias           text   not null,
    version         bigint not null,
    primary key (name, alias),
    foreign key (name, version) references model_versions (name, version)
);

-- Append-only: a row is never changed nor removed.
create table model_history (
    name            text   not null,
    sequence        bigint not null,
    alias           text   not null,
    from_version    bigint,
    to_version      bigint not null,
    at              bigint not null,
    actor           text   not null,
    reason          text   not null,
    forced          integer not null,
    is_rollback     integer not null,
    idempotency_key text,
    primary key (name, sequence),
    unique (name, alias, idempotency_key),
    foreign key (name, to_version) references model_versions (name, version)
);
