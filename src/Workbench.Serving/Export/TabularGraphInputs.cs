using Workbench.Features;
using Workbench.Serving.Sessions;
using static Workbench.Serving.Export.OnnxGraph;
using DataType = Workbench.Serving.Export.Proto.TensorProto.Types.DataType;

namespace Workbench.Serving.Export;

/// <summary>A tabular model's preprocessing as nodes. B batch, D numeric columns, I indicators, K categorical columns.</summary>
internal sealed class TabularGraphInputs
{
    private readonly OnnxGraph _graph;
    private readonly TabularPreprocessor _preprocessor;
    private readonly string? _numbers;                     // [B, D], NaN where missing
    private readonly IReadOnlyList<string> _codes;         // K of [B, 1]

    private TabularGraphInputs(OnnxGraph graph, TabularPreprocessor preprocessor, string? numbers, IReadOnlyList<string> codes) =>
        (_graph, _preprocessor, _numbers, _codes) = (graph, preprocessor, numbers, codes);

    /// <summary>Whether there are numeric columns.</summary>
    public bool HasNumbers => _numbers is not null;

    /// <summary>K.</summary>
    public int Categorical => _codes.Count;

    /// <summary>Number of codes of a category, bucket 0 included.</summary>
    public int CodeCount(int column) => _preprocessor.Categories[column].Count + 1;

    /// <summary>Declares the model's inputs, in the order of the schema, and codes its categories.</summary>
    public static TabularGraphInputs Declare(OnnxGraph graph, TabularPreprocessor preprocessor)
    {
        var columns = preprocessor.Schema.Numeric.Select(name => graph.Column(name, DataType.Float)).ToList();
        string? numbers = columns.Count switch
        {
            0 => null,
            1 => columns[0],
            _ => graph.Node("Concat", columns, Attribute("axis", 1)),
        };
        return new(graph, preprocessor, numbers, [.. preprocessor.Schema.Categorical.Select((name, column) => Coded(graph, graph.Column(name, DataType.String), preprocessor.Categories[column]))]);
    }

    /// <summary>[B × (D + I)]: standardised numbers with the missing ones filled, then indicators.</summary>
    public string Standardised()
    {
        string deviations = _graph.Constant("deviations", _preprocessor.StandardDeviations.ToArray(), 1, _preprocessor.Means.Count);
        string means = _graph.Constant("means", _preprocessor.Means.ToArray(), 1, _preprocessor.Means.Count);
        return WithIndicators(_graph.Node("Div", [_graph.Node("Sub", [Filled(), means]), deviations]));
    }

    /// <summary>[B × (D + I)]: numbers in their own units with the missing ones filled, then indicators.</summary>
    public string InOwnUnits() => WithIndicators(Filled());

    /// <summary>[B × 1] int64 codes of a category.</summary>
    public string Codes(int column) => _codes[column];

    /// <summary>[B] int64 codes of a category.</summary>
    public string FlatCodes(int column) => _graph.Node("Squeeze", [_codes[column], _graph.Constant($"axes.{column}", [1L], 1)]);

    /// <summary>[1] int64: B.</summary>
    public string BatchSize() => _graph.Node("Slice", [_graph.Node("Shape", [_numbers ?? _codes[0]]), _graph.Constant("batch.start", [0L], 1), _graph.Constant("batch.end", [1L], 1)]);   // a schema has an input

    private string Numbers => _numbers ?? throw new InvalidOperationException("The model has no numeric columns.");

    private string Filled()
    {
        var fills = Enumerable.Range(0, _preprocessor.Means.Count).Select(_preprocessor.Fill).ToArray();
        return _graph.Node("Where", [_graph.Node("IsNaN", [Numbers]), _graph.Constant("fills", fills, 1, fills.Length), Numbers]);
    }

    private string WithIndicators(string numbers)
    {
        if (_preprocessor.Indicators.Count == 0)
            return numbers;
        long[] indexes = [.. _preprocessor.Indicators.Select(index => (long)index)];
        string missing = _graph.Node("Gather", [_graph.Node("IsNaN", [Numbers]), _graph.Constant("indicators", indexes, indexes.Length)], Attribute("axis", 1));
        return _graph.Node("Concat", [numbers, _graph.Node("Cast", [missing], Attribute("to", (long)DataType.Float))], Attribute("axis", 1));
    }

    // The key for the missing also keeps the table from being empty, which the operator does not allow.
    private static string Coded(OnnxGraph graph, string text, IReadOnlyList<string> categories) =>
        graph.Node(MachineLearning, "LabelEncoder", [text],
            Attribute("keys_strings", [OnnxModel.MissingCategory, .. categories]),
            Attribute("values_int64s", Enumerable.Range(0, categories.Count + 1).Select(code => (long)code)),
            Attribute("default_int64", 0));
}
