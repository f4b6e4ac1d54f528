namespace Workbench.Core.Tests.Monitoring;

/// <summary>The same of the alerts' state in PostgreSQL.</summary>
public sealed class AlertEngineOnPostgresTests : AlertEngineTests
{
    protected override bool IsOnPostgres => true;
}
