namespace Workbench.Workflows;

/// <summary>The databases that the engine runs on.</summary>
public enum DatabaseKind
{
    Sqlite,
    PostgreSql,
}
