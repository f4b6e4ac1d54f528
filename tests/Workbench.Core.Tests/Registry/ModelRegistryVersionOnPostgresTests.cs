namespace Workbench.Core.Tests.Registry;

/// <summary>The same of versions in PostgreSQL.</summary>
public sealed class ModelRegistryVersionOnPostgresTests : ModelRegistryVersionTests
{
    protected override bool IsOnPostgres => true;
}
