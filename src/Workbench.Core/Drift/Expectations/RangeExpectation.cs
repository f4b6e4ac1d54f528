using Workbench.Drift.Quality;
using Workbench.Drift.Quality.Scanning;

namespace Workbench.Drift.Expectations;

/// <summary>Numbers, or times in microseconds since 1970, between two bounds that both belong to it.</summary>
internal sealed record RangeExpectation(double? Min, double? Max, bool IsTime) : Expectation
{
    public override string Rule => "range";
    public override string Expected => YamlText.Between(Text(Min), Text(Max));
    public override string Advice => "Look for another unit, a typing error or a new group of rows, or widen the range.";
    public override IReadOnlyList<(string, string)> Arguments => YamlText.Bounds(Yaml(Min), Yaml(Max));
    public override string? Short => YamlText.Pair(Yaml(Min), Yaml(Max));

    public override ExpectationTest Test(CheckedTable table)
    {
        var column = table.Column(Column!); // its column is always set
        if (column.Kind == ValueKind.Time != IsTime && column.Kind != ValueKind.Text)
            return new RowTest(column.IsPresent, "true") { Found = $"{column.Type}, which is no {(IsTime ? "time" : "number")}" };
        string value = IsTime ? column.Time : column.Number;
        // A text that is no number lies nowhere.
        return new RowTest(column.IsFinite, $"coalesce(NOT ({YamlText.Condition(value, Yaml(Min, sql: true), Yaml(Max, sql: true))}), true)")
        {
            Extremes = IsTime ? $"make_timestamp({value})" : value,
        };
    }

    public override SettledTest? Settle(ColumnProfile column) =>
        (IsTime ? column.Kind == ValueKind.Time : column.Kind.IsNumeric()) && !(column.Least < Min) && !(column.Greatest > Max) ? new(column.Present - column.Infinite, 0) : null;

    private string? Text(double? bound) => bound is not { } value ? null : IsTime ? QualityText.Time(value) : YamlText.Number(value);

    private string? Yaml(double? bound, bool sql = false) => bound is not { } value ? null
        : IsTime ? sql ? YamlText.Number((long)value) : YamlText.Time(value)
        : YamlText.Number(value) + (sql ? "::DOUBLE" : "");
}
