-- Whose turn it is, repair of runs, cached steps, logs.
alter table workflow_instances add column priority integer not null default 0;
-- Where a run begins that waits for room, as JSON; null once it has begun.
alter table workflow_instances add column queued_start text;
-- Grows with every repair.
alter table workflow_instances add column generation integer not null default 1;

create index ix_workflow_instances_active on workflow_instances (definition_id, sub_status) where status = 'Running';
create index ix_workflow_instances_queued on workflow_instances (definition_id, priority desc, created_at, id) where sub_status = 'Pending';

alter table activity_executions add column priority integer not null default 0;
alter table activity_executions add column run_created_at bigint not null default 0;
-- The generation of the run that the step belongs to, and whether a repair has put another in its place.
alter table activity_executions add column generation integer not null default 1;
alter table activity_executions add column is_replaced integer not null default 0;
-- Whether it was cancelled because the run stopped, so that a repair starts it again.
alter table activity_executions add column is_stopped integer not null default 0;
-- Sequence of the run's journal when the step's turn came and when it ended.
alter table activity_executions add column created_sequence bigint not null default 0;
alter table activity_executions add column ended_sequence bigint;
-- Variables that the step has written, with the values before.
alter table activity_executions add column overwritten text;
-- Type, inputs and pinned content as one hash, for steps that may be cached, and the step whose result was taken.
alter table activity_executions add column cache_key text;
alter table activity_executions add column cached_from text;

drop index ix_activity_executions_ready;
create index ix_activity_executions_pending on activity_executions (priority desc, run_created_at, instance_id, ordinal)
    where status = 'Pending';
create index ix_activity_executions_leased on activity_executions (lease_until) where owner is not null;
create index ix_activity_executions_cached on activity_executions (cache_key) where cache_key is not null;

-- What may be in use at once: 'runs/<definition>', 'steps/<definition>', 'resource/<tag>'.
create table workflow_limits (
    name        text    not null primary key,
    capacity    integer not null
);

-- What a step takes of the limits while a worker holds it.
create table activity_needs (
    instance_id     text    not null,
    step_id         text    not null,
    name            text    not null,
    amount          integer not null,
    primary key (instance_id, step_id, name),
    foreign key (instance_id, step_id) references activity_executions (instance_id, step_id)
);

-- Whole lines of a step's output. The position of the first character counts from the attempt's first.
create table activity_logs (
    instance_id     text    not null,
    step_id         text    not null,
    attempt         integer not null,
    position        bigint  not null,
    content         text    not null,
    at              bigint  not null,
    primary key (instance_id, step_id, attempt, position),
    foreign key (instance_id, step_id) references activity_executions (instance_id, step_id)
);
