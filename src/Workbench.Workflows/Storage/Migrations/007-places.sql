-- How many of its node's places a step takes while a worker holds it.
alter table activity_executions add column places integer not null default 1;
