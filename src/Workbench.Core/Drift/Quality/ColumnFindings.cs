using Workbench.Drift.Quality.Scanning;

namespace Workbench.Drift.Quality;

/// <summary>What is wrong with the values of one column.</summary>
internal static class ColumnFindings
{
    // From this share on most of a column is not there.
    private const double Mostly = 0.5;
    // A few values beyond the reference's are what chance brings.
    private const double FewOutOfRange = 0.001;

    public static IEnumerable<DataQualityFinding> Of(ColumnProfile column, ColumnProfile? usual, DataQualityOptions options) => new[]
    {
        Missing(column, usual, options.MissingShare), Constant(column, usual, options.AlmostConstantShare), Infinite(column, usual),
        OutOfRange(column, usual, options.OutOfRangeShare), Uniqueness(column, usual), NumericText(column, usual),
    }.OfType<DataQualityFinding>();

    private static DataQualityFinding? Missing(ColumnProfile column, ColumnProfile? usual, double allowed)
    {
        double before = usual?.MissingShare ?? 0, most = Math.Min(before + allowed, 1);
        if (column.Missing == 0 || column.MissingShare <= most && column.Present > 0 || usual is { Present: 0 } && column.Present == 0)
            return null;
        bool isGone = column.Present == 0 || usual is not null && column.MissingShare - before >= Mostly;
        return new()
        {
            Severity = isGone ? QualitySeverity.Error : usual is not null || column.MissingShare >= Mostly ? QualitySeverity.Warning : QualitySeverity.Information,
            Column = column.Column, Check = QualityCheck.MissingValues, Rows = column.Missing, Value = QualityText.Share(column.MissingShare), Allowed = $"at most {QualityText.Share(most)}",
            What = $"{(column.Present == 0 ? $"'{column.Column}' has no value at all" : $"{QualityText.Rows(column.Missing)} miss '{column.Column}'")}{Kinds(column)}{(usual is null ? "" : $"; {QualityText.Share(before)} of the reference's do")}.",
            Advice = column.Present == 0 ? "Ask the source for it, or leave the column out." : "Look for the cause at the source, or fill the values and say so to the model.",
        };
    }

    private static string Kinds(ColumnProfile column)
    {
        var kinds = new[] { (column.Nulls, "NULL"), (column.NotNumbers, "NaN"), (column.Blanks, "blank") }.Where(kind => kind.Item1 > 0).ToList();
        return kinds.Count == 1 ? $" ({kinds[0].Item2})" : $" ({string.Join(", ", kinds.Select(kind => FormattableString.Invariant($"{kind.Item1:N0} {kind.Item2}")))})";
    }

    private static DataQualityFinding? Constant(ColumnProfile column, ColumnProfile? usual, double almost)
    {
        if (column.Present < 2 || column.Usual is not { } most || most.Rows < almost * column.Present)
            return null;
        bool isWhole = most.Rows == column.Present;
        bool wasSo = usual?.Usual is { } before && before.Rows >= almost * usual.Present;
        string value = QualityText.Quote(most.Value);
        return new()
        {
            Severity = wasSo || !isWhole && usual is null ? QualitySeverity.Information : QualitySeverity.Warning,
            Column = column.Column, Check = isWhole ? QualityCheck.Constant : QualityCheck.AlmostConstant, Rows = most.Rows, Value = QualityText.Share((double)most.Rows / column.Present),
            Allowed = $"below {QualityText.Share(almost)}",
            What = isWhole ? $"'{column.Column}' is {value} in every row." : $"'{column.Column}' is {value} in {QualityText.Share((double)most.Rows / column.Present)} of the rows.",
            Advice = usual is null || wasSo ? "Leave it out of the features: it tells a model next to nothing." : "The reference varies: look for a filter or a default at the source.",
        };
    }

    private static DataQualityFinding? Infinite(ColumnProfile column, ColumnProfile? usual) => column.Infinite == 0 ? null : new()
    {
        Severity = usual is { Infinite: > 0 } ? QualitySeverity.Information : QualitySeverity.Warning,
        Column = column.Column, Check = QualityCheck.Infinite, Rows = column.Infinite, Value = QualityText.Rows(column.Infinite), Allowed = "none",
        What = $"{QualityText.Rows(column.Infinite)} of '{column.Column}' are infinite.", Advice = "Look for a division by zero or an overflow; make them NULL where there is no value.",
    };

    private static DataQualityFinding? OutOfRange(ColumnProfile column, ColumnProfile? usual, double allowed)
    {
        long outside = column.Below + column.Above, numbers = column.Present - column.Infinite;
        // Numbers that name rows go on and on.
        if (usual is not { Least: { } least, Greatest: { } greatest } || usual is { Kind: ValueKind.Integer, IsUnique: true } || outside == 0 || column.Far == 0 && outside < FewOutOfRange * numbers)
            return null;
        double share = (double)outside / numbers;
        return new()
        {
            Severity = share > allowed || column.Far > 0 ? QualitySeverity.Warning : QualitySeverity.Information,
            Column = column.Column, Check = QualityCheck.OutOfRange, Rows = outside, Value = $"{QualityText.Number(column.Least!.Value)} to {QualityText.Number(column.Greatest!.Value)}", // a number is outside, so there are numbers
            Allowed = $"{QualityText.Number(least)} to {QualityText.Number(greatest)}",
            What = $"{QualityText.Rows(outside)} of '{column.Column}' ({QualityText.Share(share)}) lie outside the reference's range{(column.Far > 0 ? FormattableString.Invariant($", {column.Far:N0} of them by more than its whole width") : "")}.",
            Advice = "Look for another unit, a typing error or a new group of rows; a model guesses beyond what it has seen.",
        };
    }

    private static DataQualityFinding? Uniqueness(ColumnProfile column, ColumnProfile? usual)
    {
        if (usual is not { IsUnique: true, Present: > 1 } || !column.IsDistinctExact || column.IsUnique || column.Present == 0)
            return null;
        // Measured numbers may be unique by chance.
        if (column.Kind is ValueKind.Number or ValueKind.Time or ValueKind.Boolean)
            return null;
        return Repeated(column, ColumnKinds.Infer(column.Column, column.Type) == DriftColumnKind.Id ? QualitySeverity.Error : QualitySeverity.Warning);
    }

    private static DataQualityFinding Repeated(ColumnProfile column, QualitySeverity severity) => new()
    {
        Severity = severity, Column = column.Column, Check = QualityCheck.Uniqueness, Rows = column.Present - column.Distinct,
        Value = FormattableString.Invariant($"{column.Distinct:N0} different in {QualityText.Rows(column.Present)}"), Allowed = "each value once",
        What = $"'{column.Column}' was unique in the reference; {QualityText.Rows(column.Present - column.Distinct)} repeat a value now.",
        Advice = "Look for rows that were loaded twice, or for a join that multiplied them.",
    };

    private static DataQualityFinding? NumericText(ColumnProfile column, ColumnProfile? usual)
    {
        const double nearlyAll = 0.95;
        if (column.Kind != ValueKind.Text || column.Present < 2 || column.NumericShare < nearlyAll)
            return null;
        bool isAll = column.NumericShare == 1;
        return new()
        {
            Severity = usual is { Kind: ValueKind.Text, NumericShare: >= nearlyAll } ? QualitySeverity.Information : QualitySeverity.Warning,
            Column = column.Column, Check = QualityCheck.NumericText, Value = QualityText.Share(column.NumericShare), Allowed = "texts, or a column of numbers",
            What = isAll ? $"'{column.Column}' is a text column, and every text is a number." : $"'{column.Column}' is a text column, and {QualityText.Share(column.NumericShare)} of its texts are numbers.",
            Advice = isAll ? "Cast it (TRY_CAST), unless it names something." : "Find the texts that are none (n/a, a unit, a comma), mend them, and cast the column.",
        };
    }
}
