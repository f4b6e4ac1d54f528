namespace Workbench.Core.Tests.Registry;

/// <summary>The same of experiments and runs in PostgreSQL.</summary>
public sealed class ModelRegistryRunOnPostgresTests : ModelRegistryRunTests
{
    protected override bool IsOnPostgres => true;
}
