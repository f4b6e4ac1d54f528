using DuckDB.NET.Data;
using Workbench.Drift.Sources;

namespace Workbench.Drift;

/// <summary>Rows to compare: files, or a query of an open DuckDB session. A string is taken for <see cref="File"/>.</summary>
public sealed record DriftSource
{
    private readonly Func<string, DriftInput> _open;

    private DriftSource(string name, Func<string, DriftInput> open)
    {
        Name = name;
        _open = open;
    }

    /// <summary>What the report calls the rows: the path, or the name given.</summary>
    public string Name { get; }

    /// <summary>
    /// Parquet (<c>.parquet</c>) or text (<c>.csv</c>, <c>.tsv</c>, also gzipped) by path or glob, such as
    /// <c>churn/2024-*.parquet</c>; a folder means all Parquet files below it. Text is read into memory once.
    /// </summary>
    public static DriftSource File(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return path.EndsWith(DriftProfile.Extension, StringComparison.OrdinalIgnoreCase) ? Profile(path) : new(path, DuckInput.OpenFiles);
    }

    /// <summary>
    /// A profile that <see cref="DriftProfile.Save"/> wrote, in place of its rows; <see cref="File"/> takes a path that ends in
    /// <c>.wbprofile</c> for one. Statistics come with bounds, except of columns that the profile holds exactly.
    /// </summary>
    public static DriftSource Profile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new(path, ProfileInput.Open);
    }

    /// <summary>A profile in place of its rows.</summary>
    public static DriftSource Profile(DriftProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return new(profile.Name, name => new ProfileInput(profile) { Name = name });
    }

    /// <summary>
    /// The rows of <paramref name="sql"/>, a SELECT, in the database of <paramref name="connection"/>, which must stay open
    /// while the rows are compared. It runs once a column and over further connections to the same database, which do not
    /// see temporary tables.
    /// </summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="sql">A SELECT that gives the same rows each time.</param>
    /// <param name="name">What the report calls the rows.</param>
    public static DriftSource Query(DuckDBConnection connection, string sql, string name = "query")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sql);
        return new(name, given => DuckInput.OpenQuery(connection, sql, given));
    }

    /// <summary>Same as <see cref="File"/>.</summary>
    public static implicit operator DriftSource(string path) => File(path);

    internal DriftInput Open() => _open(Name);
}
