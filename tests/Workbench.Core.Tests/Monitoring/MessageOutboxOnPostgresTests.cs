namespace Workbench.Core.Tests.Monitoring;

/// <summary>The same of messages in PostgreSQL.</summary>
public sealed class MessageOutboxOnPostgresTests : MessageOutboxTests
{
    protected override bool IsOnPostgres => true;
}
