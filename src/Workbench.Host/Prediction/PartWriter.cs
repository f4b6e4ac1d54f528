using System.Globalization;
using Workbench.Data;
using Workbench.Features;
using Workbench.Serving.Sessions;

namespace Workbench.Host.Prediction;

/// <summary>Makes one part: reads its rows in batches, asks the model, and writes what is kept beside what was predicted. One thread; the same rows give the same bytes.</summary>
internal sealed class PartWriter(PredictionPlan plan, IReadOnlyList<string> files, OnnxModel model)
{
    public const string IdColumn = "prediction_id";
    private const int BatchRows = 8192;
    private const int ErrorsTold = 10;

    private readonly IReadOnlyList<PredictionPlan.Column> _predicted = PredictionPlanner.Predicted(model, plan.ModelVersion);

    /// <summary>Writes the part under its name as a whole or not at all.</summary>
    /// <exception cref="DataException">A file has changed, a row is not as needed (names file, row, column and value), or the disk is full.</exception>
    public void Write(PredictionPlan.Part part, string path, CancellationToken cancellationToken)
    {
        using var output = DuckSession.Open();
        using var stop = output.CancelOn(cancellationToken);
        output.Execute("SET threads = 1");
        Keep(output, part);
        Predict(output, part, cancellationToken);
        var columns = Kept().Select(column => column.Name).Concat(_predicted.Select(column => column.Name)).Select(DuckSession.Identifier);
        AtomicFile.Replace(path, temporary => output.Execute(
            $"COPY (SELECT {string.Join(", ", columns)} FROM kept JOIN predictions USING (workbench_position) ORDER BY workbench_position) TO {DuckSession.Literal(temporary)} (FORMAT parquet, COMPRESSION zstd)"));
    }

    private IEnumerable<PredictionPlan.Column> Kept() => plan.Id is null ? plan.Keep : plan.Keep.Prepend(new(IdColumn, "VARCHAR"));

    private void Keep(DuckSession output, PredictionPlan.Part part)
    {
        output.Execute($"CREATE TABLE kept (workbench_position BIGINT{string.Concat(Kept().Select(Definition))})");
        long position = 0;
        foreach (var slice in part.Slices)
        {
            Require(slice);
            string id = plan.Id switch
            {
                null => "",
                "" => $", {DuckSession.Literal(plan.Inputs[slice.Input].Name + "#")} || (file_row_number + 1)",
                var name => $", {DuckSession.Identifier(name)}::VARCHAR",
            };
            var columns = plan.Keep.Select(column => $", {DuckSession.Identifier(column.Name)}::{column.Type}");
            output.Execute(FormattableString.Invariant($"INSERT INTO kept SELECT file_row_number - {slice.First} + {position}{id}{string.Concat(columns)} FROM {Rows(slice)}"));
            position += slice.Rows;
        }
    }

    private void Predict(DuckSession output, PredictionPlan.Part part, CancellationToken cancellationToken)
    {
        output.Execute($"CREATE TABLE predictions (workbench_position BIGINT{string.Concat(_predicted.Select(Definition))})");
        using var appender = output.Connection.CreateAppender("predictions");
        long position = 0;
        foreach (var slice in part.Slices)
        {
            using var input = DuckSession.Open();
            using var stop = input.CancelOn(cancellationToken);
            input.Execute("SET threads = 1");
            long before = position;
            try
            {
                TabularReader.Stream(input, $"SELECT * FROM {Rows(slice)}", model.Schema, BatchRows, rows =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var answer = model.Answer(rows);
                    for (int row = 0; row < rows.Rows; row++)
                        Append(appender.CreateRow().AppendValue(position++), answer, row);
                }, slice.First);
            }
            catch (DataException failure) when (Errors(slice) is { Count: > 0 } errors)
            {
                throw new DataException($"{plan.Inputs[slice.Input].Name} has values that are too large for the model, which takes finite numbers of at most 3.4E+38: {string.Join("; ", errors)}. Correct them, or write NULL where a value is missing.", failure) { Origin = files[slice.Input] };
            }
            if (position - before != slice.Rows)
                throw new DataException($"'{files[slice.Input]}' gave {position - before} rows of {slice.Rows} from row {slice.First + 1} on. It changed while it was read; start again.") { Origin = files[slice.Input] };
        }
        appender.Close();
    }

    private void Append(DuckDB.NET.Data.IDuckDBAppenderRow cells, ModelAnswer answer, int row)
    {
        if (plan.ModelVersion is { } version)
            cells.AppendValue(version);
        switch (model.Task)
        {
            case PredictionTask.Binary:
                cells.AppendValue((double)answer.Numbers[row]).AppendValue(answer.Labels[row] == "1" ? 1 : 0);
                break;
            case PredictionTask.Multiclass:
                var probabilities = answer.Numbers.AsSpan(row * model.Classes.Count, model.Classes.Count);
                float largest = System.Numerics.Tensors.TensorPrimitives.Max<float>(probabilities);
                cells.AppendValue((double)largest).AppendValue(answer.Labels[row]);
                foreach (float probability in probabilities)
                    cells.AppendValue((double)probability);
                break;
            default:
                cells.AppendValue((double)answer.Numbers[row]);
                break;
        }
        cells.EndRow();
    }

    // Looked for only when a row was refused: which ones are there.
    private List<string> Errors(PredictionPlan.Slice slice)
    {
        using var session = DuckSession.Open();
        var errors = new List<string>();
        foreach (string name in model.Schema.Numeric.Where(_ => errors.Count < ErrorsTold))
            errors.AddRange(session.Query<(long Row, double Value)>(FormattableString.Invariant(
                $"SELECT file_row_number + 1, {DuckSession.Identifier(name)}::DOUBLE AS value FROM {Rows(slice)} AND NOT isnan(value) AND abs(value) > 3.4028235e38 ORDER BY file_row_number LIMIT {ErrorsTold - errors.Count}"))
                .Select(error => string.Create(CultureInfo.InvariantCulture, $"row {error.Row:N0}, column '{name}': {error.Value:R}")));
        return errors;
    }

    private void Require(PredictionPlan.Slice slice)
    {
        var (file, input) = (new FileInfo(files[slice.Input]), plan.Inputs[slice.Input]);
        if (!file.Exists || !input.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) && !input.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) && file.Length != input.SizeBytes)
            throw new DataException($"'{file.FullName}' has {(file.Exists ? $"{file.Length} bytes" : "gone")} since the plan was made ({input.SizeBytes} bytes). Leave the data as they are until all parts are written.") { Origin = file.FullName };
    }

    private string Rows(PredictionPlan.Slice slice) => FormattableString.Invariant(
        $"read_parquet({DuckSession.Literal(files[slice.Input])}, file_row_number = true) WHERE file_row_number >= {slice.First} AND file_row_number < {slice.First + slice.Rows}");

    private static string Definition(PredictionPlan.Column column) => $", {DuckSession.Identifier(column.Name)} {column.Type}";
}
