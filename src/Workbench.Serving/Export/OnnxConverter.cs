using System.Text.Json;
using Workbench.Data;
using Workbench.Features;
using Workbench.Serving.Export.Conversion;
using Workbench.Serving.Export.Proto;
using Workbench.Serving.Sessions;

namespace Workbench.Serving.Export;

/// <summary>Makes smaller files of exported models, and says what that costs.</summary>
public static class OnnxConverter
{
    internal const string PrecisionKey = "workbench.precision", AgreementKey = "workbench.conversion.decision_agreement",
        DifferenceKey = "workbench.conversion.max_absolute_difference", MeanDifferenceKey = "workbench.conversion.mean_absolute_difference";

    /// <summary>Converts a file, compares both on the same inputs, and writes the new one in one move if it is close enough.</summary>
    /// <param name="source">A file of <see cref="OnnxExporter"/>, in float32.</param>
    /// <param name="target">The file to write; may be the source itself.</param>
    /// <param name="precision">What to convert to.</param>
    /// <param name="options">What to compare on, and how far off it may be; null for the defaults.</param>
    /// <exception cref="DataException">The source is no exported file, was converted before, has nothing to convert, or the answers differ by more than allowed; nothing was written.</exception>
    /// <example><code>
    /// var small = OnnxConverter.Convert("churn.onnx", "churn.int8.onnx", OnnxPrecision.Int8, new() { Rows = validation });
    /// Console.WriteLine($"{small.SourceBytes} -> {small.SizeBytes} bytes, {small.DecisionAgreement:P1} of decisions the same");
    /// </code></example>
    public static OnnxConversion Convert(string source, string target, OnnxPrecision precision, OnnxConversionOptions? options = null)
    {
        options ??= new();
        var model = OnnxFile.Read(source, out long sourceBytes);
        if (model.MetadataProps.FirstOrDefault(entry => entry.Key == PrecisionKey) is { } before)
            throw new DataException($"'{source}' was converted to {before.Value} before. Convert the file that was exported.") { Origin = source };
        var samples = Samples(model, source, options);
        int converted = precision == OnnxPrecision.Int8 ? new Int8Rewrite(model.Graph).Apply() : Halve(model, target, samples);
        if (converted == 0)
            throw new DataException($"'{source}' has no weight that can be converted to {precision}. Keep it as it is.") { Origin = source };
        OnnxFile.Add(model, PrecisionKey, precision.ToString().ToLowerInvariant());
        using var staged = new OnnxFile(model, target, options.ExternalData);
        var report = ConversionReport.Of(source, staged.Path, samples);
        report.Check(options, precision);
        staged.Add(DifferenceKey, report.MaxAbsoluteDifference);
        staged.Add(MeanDifferenceKey, report.MeanAbsoluteDifference);
        if (report.Agreement is { } agreement)
            staged.Add(AgreementKey, agreement);
        return new()
        {
            SizeBytes = staged.Commit(), Path = Path.GetFullPath(target), Precision = precision, SourceBytes = sourceBytes, ConvertedWeights = converted,
            MaxAbsoluteDifference = report.MaxAbsoluteDifference, MeanAbsoluteDifference = report.MeanAbsoluteDifference,
            DecisionAgreement = report.Agreement, Decisions = report.Decisions,
        };
    }

    private static int Halve(ModelProto model, string target, IReadOnlyList<IReadOnlyList<OnnxValue>> samples)
    {
        var before = model.Clone();
        var rewrite = new Float16Rewrite(model.Graph);
        int converted = rewrite.Apply();
        if (converted > 0)
            Float16Range.Check(before, rewrite.Values, target, samples);
        return converted;
    }

    private static IReadOnlyList<IReadOnlyList<OnnxValue>> Samples(ModelProto model, string source, OnnxConversionOptions options)
    {
        if (options.Rows is { } rows)
            return [Columns(model, source, rows)];
        var inputs = options.Inputs ?? Described(model, source);
        var random = new Random(20);
        var sizes = inputs.SelectMany(input => input.Shape).Select(dimension => dimension.Name).OfType<string>().Distinct()
            .ToDictionary(name => name, name => options.Sizes.TryGetValue(name, out long size) ? size : name == "batch" ? 64 : 16);
        return [.. Enumerable.Range(0, options.Runs).Select(_ => (IReadOnlyList<OnnxValue>)[.. inputs.Select(input => ModuleSample.Values(input, sizes, random))])];
    }

    private static List<OnnxInput> Described(ModelProto model, string source)
    {
        if (model.MetadataProps.Any(entry => entry.Key == OnnxModel.SchemaKey))
            throw new DataException($"'{source}' is a tabular model, which is compared on rows. Give some as {nameof(OnnxConversionOptions)}.{nameof(OnnxConversionOptions.Rows)}.") { Origin = source };
        var ranges = model.MetadataProps.FirstOrDefault(entry => entry.Key == OnnxExporter.InputsKey) is { } json
            ? JsonSerializer.Deserialize<List<InputRange>>(json.Value, JsonSerializerOptions.Web) : null;
        if (ranges is null || ranges.Find(range => range.IsOwn) is not null)
            throw new DataException($"The metadata of '{source}' do not say what values {(ranges?.Find(range => range.IsOwn) is { } own ? $"input '{own.Name}' takes" : "its inputs take")}. Give them as {nameof(OnnxConversionOptions)}.{nameof(OnnxConversionOptions.Inputs)}.") { Origin = source };
        return ranges.ConvertAll(range => range.ToInput());
    }

    private static List<OnnxValue> Columns(ModelProto model, string source, TabularData rows)
    {
        var names = model.Graph.Input.Select(input => input.Name).ToList();
        if (!names.SequenceEqual(rows.Schema.Inputs))
            throw new DataException($"'{source}' reads {string.Join(", ", names)}; the rows have {string.Join(", ", rows.Schema.Inputs)}. Read them with the model's schema.") { Origin = source };
        if (rows.Rows == 0)
            throw new DataException($"No row was given to compare '{source}' on. Give some hundred.");
        var (numeric, categorical) = (rows.Schema.Numeric.Count, rows.Schema.Categorical.Count);
        return
        [
            .. Enumerable.Range(0, numeric).Select(column => new OnnxValue(OnnxType.Float, [rows.Rows, 1],
                Enumerable.Range(0, rows.Rows).Select(row => rows.Numeric[row * numeric + column]).ToArray())),
            .. Enumerable.Range(0, categorical).Select(column => new OnnxValue(OnnxType.String, [rows.Rows, 1],
                Enumerable.Range(0, rows.Rows).Select(row => rows.Categorical[row * categorical + column] ?? OnnxModel.MissingCategory).ToArray())),
        ];
    }
}
