using System.Collections.Concurrent;
using Workbench.Features;
using Workbench.Monitoring;
using Workbench.Serving.Sessions;

namespace Workbench.Host.Serving;

/// <summary>
/// Puts every answer of a binary model into the prediction log before it leaves the host. The log keeps a probability and
/// a label of 0 or 1; answers of other models are not logged, which the host's log says once a version.
/// </summary>
internal sealed partial class LoggedPredictions(PredictionLog log, HostSettings settings, ILogger<LoggedPredictions> logger) : IPredictionSink
{
    private readonly ConcurrentDictionary<(string Model, int Version), bool> _unlogged = new();

    public async ValueTask LogAsync(ServedPrediction prediction, CancellationToken cancellationToken = default)
    {
        if (prediction.Answer.Task != PredictionTask.Binary)
        {
            if (_unlogged.TryAdd((prediction.Model, prediction.Version), true))
                WarnUnlogged(logger, prediction.Model, prediction.Version, prediction.Answer.Task);
            return;
        }
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
        Score = prediction.Answer.Numbers[row],
        Label = prediction.Answer.Labels[row] == "1" ? 1 : 0,
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

    [LoggerMessage(EventId = 5301, Level = LogLevel.Warning, Message = "Predictions of {Model} v{Version} are answered and not logged: the prediction log keeps binary answers, and this model is of the task {Task}. Its drift and performance are not watched")]
    private static partial void WarnUnlogged(ILogger logger, string model, int version, PredictionTask task);
}
