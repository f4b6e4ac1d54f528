namespace Workbench.Core.Tests.Training.Tuning;

/// <summary>The same of processes that share a PostgreSQL database.</summary>
public sealed class StudyProcessesOnPostgresTests : StudyProcessesTests
{
    protected override bool IsOnPostgres => true;
}
