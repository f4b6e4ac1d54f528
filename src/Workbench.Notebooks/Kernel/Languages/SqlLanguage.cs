using Microsoft.Data.Analysis;
using Workbench.Notebooks.Tables;

namespace Workbench.Notebooks.Kernel.Languages;

/// <summary>
/// SQL cells on a DuckDB database. DataFrames, DataTables and sequences of records in variables of <paramref name="variables"/>
/// are tables under their names; <c>$name</c> is a variable's value; <c>--name x</c> makes the result a variable.
/// </summary>
/// <param name="name">Name of the language: <c>sql</c>, or that of a connected database.</param>
/// <param name="session">The database.</param>
/// <param name="variables">The variables of C#.</param>
internal sealed class SqlLanguage(string name, SqlSession session, IVariableStore variables) : ICellLanguage, IVariableStore
{
    /// <summary>Rows that a query shows when its result has no name.</summary>
    private const int ShownRows = 10_000;

    // What #!share and #!set put here; C# variables of the same name come second.
    private readonly SortedDictionary<string, object?> _own = new(StringComparer.Ordinal);

    public string Name => name;

    public IReadOnlyList<string> Options { get; } = ["name"];

    public object? Run(CellSegment segment, CellRun cell)
    {
        if (string.IsNullOrWhiteSpace(segment.Source))
            throw new ArgumentException($"#!{name} has no SQL below it.");
        var target = segment.Options["name"];
        var (frame, isWhole) = session.Run(segment.Source, Visible(), target is null ? ShownRows : long.MaxValue, cell.CancellationToken);
        if (!isWhole)
            Console.Error.WriteLine($"The result has more rows; the first {ShownRows:N0} are shown. '#!{name} --name x' keeps all of them.");
        if (target is not null)
            variables.Set(target, frame ?? throw new ArgumentException($"#!{name} --name {target}: the last statement returns no rows, so there is nothing to name. End with a SELECT."));
        return frame;
    }

    public IReadOnlyList<CellVariable> List() =>
    [
        .. session.Tables().Select(table => new CellVariable(table, "table", null)),
        .. _own.Select(pair => new CellVariable("$" + pair.Key, pair.Value?.GetType().Name ?? "null", pair.Value)),
    ];

    public bool TryGet(string name, out object? value)
    {
        if (_own.TryGetValue(name, out value))
            return true;
        if (session.Tables().Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            value = session.Run($"FROM {DataFrameTables.Quote(name)}", Visible(), long.MaxValue, CancellationToken.None).Frame;
            return true;
        }
        return variables.TryGet(name, out value) && value is DataFrame; // a named result lives in C#
    }

    public void Set(string name, object? value) => _own[name] = value;

    public void Dispose() => session.Dispose();

    private Dictionary<string, object?> Visible()
    {
        var visible = variables.List().ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal);
        foreach (var (own, value) in _own)
            visible[own] = value;
        return visible;
    }
}
