using Workbench.Features;
using Workbench.Monitoring;
using Workbench.Serving.Sessions;

namespace Workbench.Host.Serving;

/// <summary>Puts every answer into the prediction log before it leaves the host.</summary>
internal sealed class LoggedPredictions(PredictionLog log, HostSettings settings) : IPredictionSink
{
    public async ValueTask LogAsync(ServedPrediction prediction, CancellationToken cancellationToken = default)
    {
        var now = settings.Clock.GetUtcNow();
        await log.AppendAsync([.. Enumerable.Range(0, prediction.Rows.Rows).Select(row => Record(prediction, row, now))], cancellationToken);
    }

    private static PredictionRecord Record(ServedPrediction prediction, int row, DateTimeOffset now) => new()
    {
        Id = prediction.RowIds[row],
        Model = prediction.Model,
        Version = prediction.Version,
        At = now,
        Inputs = Inputs(prediction.Rows, row),
        Score = prediction.Probabilities[row],
        Label = (int)prediction.Labels[row],
    };

    private static Dictionary<string, object?> Inputs(TabularData rows, int row)
    {
        var (numeric, categorical) = (rows.Schema.Numeric, rows.Schema.Categorical);
        var inputs = new Dictionary<string, object?>(numeric.Count + categorical.Count);
        for (int column = 0; column < numeric.Count; column++)
            inputs[numeric[column]] = rows.Numeric[row * numeric.Count + column] is var value && float.IsNaN(value) ? null : (double)value;
        for (int column = 0; column < categorical.Count; column++)
            inputs[categorical[column]] = rows.Categorical[row * categorical.Count + column];
        return inputs;
    }
}
