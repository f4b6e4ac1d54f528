namespace Workbench.Core.Tests.Registry;

/// <summary>The same of aliases in PostgreSQL.</summary>
public sealed class ModelRegistryAliasOnPostgresTests : ModelRegistryAliasTests
{
    protected override bool IsOnPostgres => true;
}
