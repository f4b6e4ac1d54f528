using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using Microsoft.Data.Analysis;
using Workbench.Data;
using Workbench.Notebooks.Tables;

namespace Workbench.Notebooks.Kernel.Languages;

/// <summary>A DuckDB database in this process; what a statement names and a variable holds is made a table before it runs.</summary>
/// <param name="open">Opens the database, when it is first used.</param>
internal sealed partial class SqlSession(Func<DuckDBConnection> open) : IDisposable
{
    private readonly Lazy<DuckDBConnection> _connection = new(open);
    private readonly HashSet<string> _published = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A private database in memory.</summary>
    public SqlSession() : this(() => DuckSession.Open().Connection)
    {
    }

    /// <summary>Runs the statements and returns the last result, or null when the last statement returns no rows, and whether it has no more rows than asked for.</summary>
    /// <param name="sql">One or more statements.</param>
    /// <param name="variables">Variables by name.</param>
    /// <param name="maximumRows">Rows of the last result to read.</param>
    /// <param name="cancellationToken">Interrupts the query.</param>
    /// <exception cref="DuckDBException">DuckDB refused the statement; its message has the line.</exception>
    /// <exception cref="ArgumentException">A <c>$name</c> has no variable.</exception>
    public (DataFrame? Frame, bool IsWhole) Run(string sql, IReadOnlyDictionary<string, object?> variables, long maximumRows, CancellationToken cancellationToken)
    {
        Publish(sql, variables);
        using var command = _connection.Value.CreateCommand();
        command.CommandText = sql;
        foreach (var name in ParameterNames(sql))
            command.Parameters.Add(new DuckDBParameter(name, Value(name, variables)));
        using var interrupt = cancellationToken.Register(command.Cancel);
        try
        {
            return LastResult(command, maximumRows);
        }
        catch (DuckDBException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The query was interrupted.", cancellationToken);
        }
    }

    /// <summary>Names of its tables and views, in order.</summary>
    public IReadOnlyList<string> Tables()
    {
        if (!_connection.IsValueCreated)
            return [];
        using var command = _connection.Value.CreateCommand();
        command.CommandText = "SELECT table_name FROM information_schema.tables WHERE table_catalog = current_database() ORDER BY table_name";
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
            names.Add(reader.GetString(0));
        return names;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_connection.IsValueCreated)
            _connection.Value.Dispose();
    }

    /// <summary>Names used as <c>$name</c> outside text and comments.</summary>
    internal static IReadOnlyList<string> ParameterNames(string sql) =>
        Parameter().Matches(TextAndComments().Replace(sql, " ")).Select(match => match.Groups[1].Value).Distinct().ToList();

    /// <summary>Words outside text and comments: what may be a table.</summary>
    internal static IReadOnlySet<string> Words(string sql) =>
        Word().Matches(TextAndComments().Replace(sql, " ")).Select(match => match.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static (DataFrame?, bool) LastResult(DuckDBCommand command, long maximumRows)
    {
        (DataFrame?, bool) last;
        using var reader = command.ExecuteReader();
        do
            last = reader.FieldCount > 0 && !IsCount(reader) ? DataFrameReader.Read(reader, maximumRows) : (null, true);
        while (reader.NextResult());
        return last;
    }

    // What CREATE, INSERT and their like answer is a count of rows for the driver, not a result.
    private static bool IsCount(DuckDBDataReader reader) => reader.RecordsAffected >= 0;

    private static object Value(string name, IReadOnlyDictionary<string, object?> variables) => variables.TryGetValue(name, out var value)
        ? value ?? DBNull.Value
        : throw new ArgumentException($"The SQL names ${name}, but there is no C# variable '{name}'. Declare it in a C# cell before, or #!share it.");

    private void Publish(string sql, IReadOnlyDictionary<string, object?> variables)
    {
        var words = Words(sql);
        foreach (var (name, value) in variables)
        {
            if (value is null || !words.Contains(name) || !TableWriter.CanWrite(value) || (!_published.Contains(name) && IsTable(name)))
                continue; // a table that SQL itself created keeps its name
            TableWriter.Write(_connection.Value, name, value);
            _published.Add(name);
        }
    }

    private bool IsTable(string name) => Tables().Contains(name, StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(@"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/|\$(\w*)\$.*?\$\1\$", RegexOptions.Singleline)]
    private static partial Regex TextAndComments();

    [GeneratedRegex(@"\$([A-Za-z_]\w*)")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"[A-Za-z_]\w*")]
    private static partial Regex Word();
}
