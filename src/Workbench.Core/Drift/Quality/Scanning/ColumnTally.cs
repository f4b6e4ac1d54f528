using Workbench.Data;

namespace Workbench.Drift.Quality.Scanning;

/// <summary>Counts one column while its vectors pass; memory does not grow with the rows.</summary>
internal abstract class ColumnTally(string column, string type)
{
    // A text column with more values than this, most of them different, names rows: its values are nobody's category.
    private const int NameDistinct = 20;

    public string Column => column;
    public string Type => type;
    protected string Quoted => DuckSession.Identifier(column);
    protected ValueKind Kind { get; } = ValueKinds.Of(type);

    /// <summary>What stands in the SELECT list.</summary>
    public abstract string Select { get; }

    public abstract void Add(DuckVectors vectors, int index);

    public abstract ColumnProfile Build();

    public static ColumnTally Of(string column, string type, ColumnProfile? reference, bool findsShapes) => ValueKinds.Of(type) switch
    {
        ValueKind.Text => new TextTally(column, type, findsShapes),
        ValueKind.Other => new HashTally(column, type),
        _ => new NumberTally(column, type, reference),
    };

    /// <summary>Whether the values are few enough of the rows to be categories.</summary>
    protected static bool AreCategories(long distinct, long present) => distinct <= NameDistinct || distinct <= present / 2;

    protected static bool IsValid(ReadOnlySpan<ulong> validity, int i) => validity.Length == 0 || (validity[i >> 6] >> (i & 63) & 1) != 0;
}
