using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using Microsoft.Data.Analysis;
using Workbench.Notebooks.Tables;

namespace Workbench.Notebooks.Kernel.Languages;

/// <summary>
/// The kernel's DuckDB database, in memory. DataFrames in C# variables are tables by their names, and <c>$name</c> in
/// SQL is the value of the C# variable <c>name</c>.
/// </summary>
internal sealed partial class SqlSession : IDisposable
{
    private readonly Lazy<DuckDBConnection> _connection = new(DataFrameTables.OpenMemory);
    private readonly HashSet<string> _published = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Runs the statements and returns the last result, or null when the last statement returns no rows.</summary>
    /// <param name="sql">One or more statements.</param>
    /// <param name="variables">C# variables by name.</param>
    /// <param name="cancellationToken">Interrupts the query.</param>
    /// <exception cref="DuckDBException">DuckDB refused the statement; its message has the line.</exception>
    /// <exception cref="ArgumentException">A <c>$name</c> has no C# variable.</exception>
    public DataFrame? Run(string sql, IReadOnlyDictionary<string, object?> variables, CancellationToken cancellationToken)
    {
        PublishFrames(sql, variables);
        using var command = _connection.Value.CreateCommand();
        command.CommandText = sql;
        foreach (var name in ParameterNames(sql))
            command.Parameters.Add(new DuckDBParameter(name, Value(name, variables)));
        using var interrupt = cancellationToken.Register(command.Cancel);
        try
        {
            return LastResult(command);
        }
        catch (DuckDBException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The query was interrupted.", cancellationToken);
        }
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

    /// <summary>The statements without text and comments.</summary>
    internal static string Code(string sql) => TextAndComments().Replace(sql, " ");

    private static DataFrame? LastResult(DuckDBCommand command)
    {
        DataFrame? last = null;
        using var reader = command.ExecuteReader();
        do
            last = reader.FieldCount > 0 ? DataFrameReader.Read(reader) : null;
        while (reader.NextResult());
        return last;
    }

    private static object Value(string name, IReadOnlyDictionary<string, object?> variables) => variables.TryGetValue(name, out var value)
        ? value ?? DBNull.Value
        : throw new ArgumentException($"The SQL names ${name}, but there is no C# variable '{name}'. Declare it in a C# cell before.");

    private void PublishFrames(string sql, IReadOnlyDictionary<string, object?> variables)
    {
        var words = Words(sql);
        foreach (var (name, value) in variables)
        {
            if (value is not DataFrame frame || !words.Contains(name) || (!_published.Contains(name) && IsTable(name)))
                continue; // a table that SQL itself created keeps its name
            DataFrameTables.Write(_connection.Value, name, frame);
            _published.Add(name);
        }
    }

    private bool IsTable(string name)
    {
        using var command = _connection.Value.CreateCommand();
        command.CommandText = "SELECT count(*) FROM information_schema.tables WHERE lower(table_name) = lower($name)";
        command.Parameters.Add(new DuckDBParameter("name", name));
        return command.ExecuteScalar() is long and > 0;
    }

    [GeneratedRegex(@"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/|\$(\w*)\$.*?\$\1\$", RegexOptions.Singleline)]
    private static partial Regex TextAndComments();

    [GeneratedRegex(@"\$([A-Za-z_]\w*)")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"[A-Za-z_]\w*")]
    private static partial Regex Word();
}
