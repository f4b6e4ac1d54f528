namespace Workbench.Core.Tests.Training.Tuning;

/// <summary>The same of studies in PostgreSQL.</summary>
public sealed class StudyOnPostgresTests : StudyTests
{
    protected override bool IsOnPostgres => true;
}
