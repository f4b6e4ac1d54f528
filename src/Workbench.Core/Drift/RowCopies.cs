using Workbench.Drift.Sources;
using Workbench.Drift.Text;

namespace Workbench.Drift;

/// <summary>
/// Both sides with the rows that the options ask for. A side whose rows can be read one by one only from a copy (PostgreSQL) is
/// copied once: all columns that are needed when chunks, seasons, causes and the like ask for rows, else those of texts and
/// embeddings; without either it stays as it is. The sides stay the caller's, the copies are gone with this.
/// </summary>
internal sealed class RowCopies : IDisposable
{
    private readonly List<DriftInput> _owned = [];

    private RowCopies(DriftInput reference, DriftInput current) => (Reference, Current) = (reference, current);

    public DriftInput Reference { get; private set; }
    public DriftInput Current { get; private set; }

    /// <exception cref="Data.DataException">The options do not fit, or a side cannot be read.</exception>
    public static RowCopies Of(DriftInput reference, DriftInput current, DriftOptions options, CancellationToken cancellationToken)
    {
        var copies = new RowCopies(reference, current);
        try
        {
            if ((reference.NeedsCopy || current.NeedsCopy) && reference.HasRows && current.HasRows)
                copies.Make(options, cancellationToken);
            (copies.Reference, copies.Current) = FlagColumns.Align(copies.Reference, copies.Current, options, cancellationToken);
            return copies;
        }
        catch
        {
            copies.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var copy in _owned)
            copy.Dispose();
    }

    private void Make(DriftOptions options, CancellationToken cancellationToken)
    {
        // What does not fit is said before anything is copied.
        var common = ColumnMatch.Common(Reference, Current);
        options.Validate([.. common.Select(column => column.Name)], [.. Reference.Columns.Concat(Current.Columns).Select(column => column.Name).Distinct(StringComparer.Ordinal)]);
        var grouped = options.Embeddings([.. common.Select(column => column.Name)]).Values.SelectMany(columns => columns);
        HashSet<string> needed = [.. grouped, .. options.ReadsRows ? [] : Texts(Reference, common, options, cancellationToken)];
        Reference = Copy(Reference, needed, options, cancellationToken);
        Current = Copy(Current, needed, options, cancellationToken);
    }

    private DriftInput Copy(DriftInput side, HashSet<string> needed, DriftOptions options, CancellationToken cancellationToken)
    {
        if (!side.NeedsCopy || side.Rows == 0)
            return side;
        List<string> columns = [.. side.Columns.Where(column => needed.Contains(column.Name) || options.ReadsRows && IsNeeded(column.Name, column.Type, options)).Select(column => column.Name)];
        if (columns.Count == 0)
            return side;
        var copy = side.Copy(columns, (options.MemoryLimit ?? MemoryPlan.DefaultBytes) / 4, cancellationToken);
        var input = options.ReadsRows ? copy : (DriftInput)new CopiedInput(side, copy) { Name = side.Name };
        _owned.Add(input);
        return input;
    }

    private static bool IsNeeded(string column, string type, DriftOptions options) =>
        options.IsChosen(column) || column == options.Target || column == options.Prediction
        || (options.Chunks ?? (object?)options.Season) is not null && IsTime(column, type, options)
        || options.Causes is { } causes && ((causes.Columns?.Contains(column) ?? true) && !causes.Exclude.Contains(column) || causes.Quantities.Any(quantity => quantity.Column == column));

    // When none is named, the only date or timestamp is the time.
    private static bool IsTime(string column, string type, DriftOptions options) => (options.Chunks?.TimeColumn ?? options.TimeColumn) is { } named
        ? column == named
        : ColumnKinds.OfType(type) == DriftColumnKind.DateTime;

    private static List<string> Texts(
        DriftInput reference, IReadOnlyList<CommonColumn> common, DriftOptions options, CancellationToken cancellationToken)
    {
        using var reader = reference.Connect();
        return [.. common.Where(column => options.IsChosen(column.Name) && ReadsRows(column.Name, column.ReferenceType, column.CurrentType)).Select(column => column.Name)];

        bool ReadsRows(string column, string referenceType, string currentType) => (options.KindOf(column) ?? Inferred(column, referenceType, currentType)) switch
        {
            DriftColumnKind.Text or DriftColumnKind.Embedding => true,
            DriftColumnKind.Categorical when options.KindOf(column) is null && options.RoleOf(column) == ColumnRole.Feature => options.TestsOf(column) is { } tests
                ? tests.All(test => test.Compares(DriftColumnKind.Text) && !test.Compares(DriftColumnKind.Categorical))
                : TextComparison.IsText(reader, column, cancellationToken),
            _ => false,
        };
    }

    private static DriftColumnKind Inferred(string column, string referenceType, string currentType) => ColumnKinds.OfType(referenceType) == ColumnKinds.OfType(currentType)
        ? ColumnKinds.Infer(column, referenceType)
        : DriftColumnKind.Other;
}
