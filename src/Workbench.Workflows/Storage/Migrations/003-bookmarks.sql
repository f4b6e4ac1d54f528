-- Steps that wait without a thread. A bookmark goes when its step goes on.
create table workflow_bookmarks (
    id              text    not null primary key,
    instance_id     text    not null references workflow_instances (id),
    step_id         text    not null,
    kind            text    not null,
    -- What it waits for: an event's name, an endpoint's path, a run's id; empty for a time.
    name            text    not null,
    -- When a worker looks after it; null while only someone outside can let the step go on.
    due_at          bigint,
    payload         text    not null,
    created_at      bigint  not null
);

create index ix_workflow_bookmarks_due on workflow_bookmarks (due_at);
create index ix_workflow_bookmarks_name on workflow_bookmarks (kind, name);
create index ix_workflow_bookmarks_step on workflow_bookmarks (instance_id, step_id);

-- Questions to people; they stay when they are decided. The id is that of the bookmark.
create table workflow_approvals (
    id              text    not null primary key,
    instance_id     text    not null references workflow_instances (id),
    step_id         text    not null,
    title           text    not null,
    details         text    not null,
    approvers       text    not null,
    escalate_to     text    not null,
    status          text    not null,
    deadline        bigint,
    escalated_at    bigint,
    decided_by      text,
    reason          text,
    decided_at      bigint,
    created_at      bigint  not null
);

create index ix_workflow_approvals_status on workflow_approvals (status, created_at);
create index ix_workflow_approvals_step on workflow_approvals (instance_id, step_id);

alter table workflow_instances add column name text;
alter table workflow_instances add column outputs text;
-- The run that started this one, and its step's bookmark when that waits for the end.
alter table workflow_instances add column parent_id text;
alter table workflow_instances add column parent_bookmark_id text;

create index ix_workflow_instances_parent on workflow_instances (parent_id);
