using System.Globalization;
using Workbench.Data;

namespace Workbench.Features;

/// <summary>Collects rows value by value and checks each; a refused value is named with its row (1 is the first) and column.</summary>
internal sealed class TabularBuilder(FeatureSchema schema, string origin)
{
    private readonly List<float> _numeric = [];
    private readonly List<string?> _categorical = [];
    private readonly List<float> _labels = [];
    private readonly List<string> _ids = [];
    private int _rows;

    private string Row => schema.Id is null || _ids.Count < _rows ? $"row {_rows:N0}" : $"row {_rows:N0} ({schema.Id} {_ids[^1]})";

    public void Begin(string? id)
    {
        _rows++;
        if (schema.Id is not null)
            _ids.Add(id ?? throw Refuse(schema.Id, "NULL", "an id is needed to split and to join labels. Filter such rows out."));
    }

    public void AddNumber(double value)
    {
        float narrow = (float)value;
        if (float.IsInfinity(narrow))
            throw Refuse(
                schema.Numeric[_numeric.Count % schema.Numeric.Count], value.ToString("R", CultureInfo.InvariantCulture),
                "a finite number of at most 3.4E+38 is needed. Write NULL when the value is missing.");
        _numeric.Add(narrow);
    }

    public void AddCategory(string? value) => _categorical.Add(value);

    public void AddLabel(double? value) => _labels.Add(value switch
    {
        0 => 0f,
        1 => 1f,
        null => throw Refuse(schema.Label, "NULL", $"a label of 0, 1, true or false is needed. Read only rows whose label is known: where {schema.Label} IS NOT NULL."),
        _ => throw Refuse(schema.Label, value.Value.ToString("R", CultureInfo.InvariantCulture), "a label of 0, 1, true or false is needed. Mend the value, or derive the label in SQL."),
    });

    public TabularData Build() => new()
    {
        Schema = schema, Rows = _rows, Numeric = [.. _numeric], Categorical = [.. _categorical], Labels = [.. _labels], Ids = [.. _ids],
    };

    private DataException Refuse(string column, string value, string needed) =>
        new($"Column '{column}' is {value} in {Row} of {origin}; {needed}") { Origin = origin, Column = column, Value = value };
}
