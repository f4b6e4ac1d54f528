-- What a step has changed of its run (outputs, name, correlation id), with the values before, so that a repair can undo it.
alter table activity_executions add column overwritten_run text;
