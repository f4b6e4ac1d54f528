namespace Workbench.Core.Tests.Monitoring;

/// <summary>The same of deliveries in PostgreSQL.</summary>
public sealed class AlertDispatcherOnPostgresTests : AlertDispatcherTests
{
    protected override bool IsOnPostgres => true;
}
