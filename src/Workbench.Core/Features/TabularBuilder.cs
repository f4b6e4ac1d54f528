using System.Globalization;
using Workbench.Data;

namespace Workbench.Features;

/// <summary>Collects rows value by value and checks each; a refused value is named with its row (1 is the first) and column.</summary>
/// <param name="schema">Columns; its task and classes are known.</param>
/// <param name="origin">Where the rows come from, for messages.</param>
/// <param name="before">Rows before the first, for messages.</param>
internal sealed class TabularBuilder(FeatureSchema schema, string origin, long before = 0)
{
    private const string ReadOnlyKnown = "Read only rows whose label is known: where {0} IS NOT NULL.";

    private readonly List<float> _numeric = [];
    private readonly List<string?> _categorical = [];
    private readonly List<float> _labels = [];
    private readonly List<string> _ids = [];
    private readonly Dictionary<string, int> _classes = schema.Classes.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index, StringComparer.Ordinal);
    private int _rows;

    private string Row => schema.Id is null || _ids.Count < _rows ? $"row {before + _rows:N0}" : $"row {before + _rows:N0} ({schema.Id} {_ids[^1]})";

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

    /// <summary>A binary label of 0 or 1, or the number of a regression.</summary>
    public void AddLabel(double? value) => _labels.Add(schema.TaskOrBinary == PredictionTask.Regression ? Number(value) : ZeroOrOne(value));

    /// <summary>The name of a class; or of a binary label, which is 1 when it is the positive one.</summary>
    public void AddLabel(string? value)
    {
        if (value is null)
            throw Refuse(schema.Label, "NULL", $"a class is needed. {string.Format(CultureInfo.InvariantCulture, ReadOnlyKnown, schema.Label)}");
        _labels.Add(schema.TaskOrBinary == PredictionTask.Binary ? value == schema.Positive ? 1 : 0
            : _classes.TryGetValue(value, out int index) ? index
            : throw Refuse(schema.Label, $"'{value}'", $"one of the schema's classes is needed: {string.Join(", ", schema.Classes)}. Leave such rows out, or train with a schema that knows the class."));
    }

    public TabularData Build() => new()
    {
        Schema = schema, Rows = _rows, Numeric = [.. _numeric], Categorical = [.. _categorical], Labels = [.. _labels], Ids = [.. _ids],
    };

    private float ZeroOrOne(double? value) => value switch
    {
        0 => 0f,
        1 => 1f,
        null => throw Refuse(schema.Label, "NULL", $"a label of 0, 1, true or false is needed. {string.Format(CultureInfo.InvariantCulture, ReadOnlyKnown, schema.Label)}"),
        _ => throw Refuse(schema.Label, value.Value.ToString("R", CultureInfo.InvariantCulture), "a label of 0, 1, true or false is needed. Mend the value, derive the label in SQL, or name the positive value or another task in the schema."),
    };

    private float Number(double? value) => value is { } number && float.IsFinite((float)number)
        ? (float)number
        : throw Refuse(schema.Label, value?.ToString("R", CultureInfo.InvariantCulture) ?? "NULL", $"a finite number of at most 3.4E+38 is needed. {string.Format(CultureInfo.InvariantCulture, ReadOnlyKnown, schema.Label)}");

    private DataException Refuse(string column, string value, string needed) =>
        new($"Column '{column}' is {value} in {Row} of {origin}; {needed}") { Origin = origin, Column = column, Value = value };
}
