-- Messages of pipelines to people, and the channels that are to have them. Times are milliseconds since 1970 UTC: of a message
-- on the business clock, of a delivery on the system's.
create table notification_message (
    message_id      text   not null primary key,
    subject         text   not null,
    body            text   not null,
    severity        text   not null,
    source          text   not null,
    run_id          text   not null,
    at              bigint not null
);

create table notification_delivery (
    message_id      text   not null references notification_message (message_id),
    channel         text   not null,
    attempts        bigint not null,
    attempted_at    bigint,
    delivered_at    bigint,
    retry_at        bigint,
    error           text,
    primary key (message_id, channel)
);

create index ix_notification_delivery_open on notification_delivery (retry_at) where delivered_at is null;
