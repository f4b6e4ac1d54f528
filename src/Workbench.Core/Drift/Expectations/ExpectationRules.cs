using Workbench.Drift.Quality.Scanning;

namespace Workbench.Drift.Expectations;

/// <summary>All rules by name, as the JSON schema lists them too.</summary>
internal static class ExpectationRules
{
    public static IReadOnlyList<ExpectationRule> OfColumns { get; } =
    [
        new("type", ["is"], $"one of {string.Join(", ", TypeExpectation.Known)}", Type),
        new("missing", ["max"], "the part of the rows that may miss it, such as 0.02", given => given.Number("max", 0, 1) is { } max ? new MissingExpectation(max) : null) { TakesMostly = false },
        new("finite", [], "true or false", _ => new FiniteExpectation()) { IsFlag = true },
        new("range", ["min", "max"], "two bounds such as [0, 100], or {min: 0}", Range) { TakesTwo = true },
        new("values", ["allowed"], "a list such as [a, b]", given => given.List("allowed") is { Count: > 0 } allowed ? new ValuesExpectation(allowed) : null) { TakesList = true },
        new("unique", [], "true or false", _ => new UniqueExpectation()) { IsFlag = true },
        new("pattern", ["regex"], "a regular expression in single quotes", given => given.Text("regex") is { } regex ? new PatternExpectation(regex) : null),
        new("length", ["min", "max"], "two numbers of characters such as [1, 20], or {max: 20}", Length) { TakesTwo = true },
        new("increasing", ["strictly"], "true, or {strictly: true}", given => new IncreasingExpectation(given.Flag("strictly") ?? false)) { IsFlag = true },
        new("max_age", ["limit"], "a time such as 2d, 12h or 30m", given => given.Age("limit") is { } limit ? new MaxAgeExpectation(limit) : null) { TakesMostly = false },
    ];

    public static IReadOnlyList<ExpectationRule> OfTables { get; } =
    [
        new("rows", ["min", "max"], "two numbers of rows such as [100, 5000], or {min: 1}", Rows) { TakesTwo = true, TakesMostly = false },
        new("duplicates", ["max"], "the part of the rows that may be there twice, such as 0", given => given.Number("max", 0, 1) is { } max ? new DuplicatesExpectation(max) : null) { TakesMostly = false },
        new("key", ["columns"], "a list of columns such as [customer_id, day]", given => given.List("columns") is { Count: > 0 } columns ? new KeyExpectation(columns) : null) { TakesList = true },
    ];

    /// <summary>Stands once for each condition in a list.</summary>
    public static ExpectationRule Relation { get; } =
        new("relations", ["sql"], "a list of SQL conditions such as ['start <= \"end\"']", given => given.Text("sql") is { } sql ? new RelationExpectation(sql) : null);

    private static TypeExpectation? Type(RuleArguments given) =>
        given.Word("is", TypeExpectation.Known) is { } word ? new TypeExpectation(Enum.GetValues<ValueKind>().First(kind => kind.Word() == word)) : null;

    private static RangeExpectation? Range(RuleArguments given)
    {
        var (min, max) = (given.Bound("min"), given.Bound("max"));
        if (min is null && max is null)
            given.Refuse("needs 'min', 'max' or both.");
        else if (min is { } low && max is { } high && low.IsTime != high.IsTime)
            given.Refuse("has a number and a time as its bounds; give two numbers or two times.");
        else if (min?.Value > max?.Value)
            given.Refuse("has a 'min' above its 'max'.");
        else
            return new(min?.Value, max?.Value, (min ?? max)!.Value.IsTime); // one of them is set
        return null;
    }

    private static LengthExpectation? Length(RuleArguments given) => Counts(given) is var (min, max) && (min ?? max) is not null ? new(min, max) : null;

    private static RowsExpectation? Rows(RuleArguments given) => Counts(given) is var (min, max) && (min ?? max) is not null ? new(min, max) : null;

    private static (long? Min, long? Max) Counts(RuleArguments given)
    {
        var (min, max) = (given.Count("min"), given.Count("max"));
        if (min is null && max is null)
            given.Refuse("needs 'min', 'max' or both.");
        if (!(min > max))
            return (min, max);
        given.Refuse("has a 'min' above its 'max'.");
        return (null, null);
    }
}
