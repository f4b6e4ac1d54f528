namespace Workbench.Drift.Dialects;

/// <summary>An engine that <see cref="DriftSql"/> writes statements for.</summary>
public enum SqlDialect
{
    /// <summary>DuckDB 1.5; the tests run it.</summary>
    DuckDb,
    /// <summary>PostgreSQL 15; the tests run it, and <see cref="DriftSource.Postgres"/> uses it.</summary>
    Postgres,
    /// <summary>Trino. Untested: written from its documentation, never run on a server.</summary>
    Trino,
    /// <summary>Spark SQL 3. Untested: written from its documentation, never run on a cluster.</summary>
    Spark,
}
