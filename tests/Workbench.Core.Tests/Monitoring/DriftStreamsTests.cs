using Workbench.Core.Tests.Drift.Streams;
using Workbench.Core.Tests.Registry;
using Workbench.Data;
using Workbench.Drift.Streams;
using Workbench.Monitoring;

namespace Workbench.Core.Tests.Monitoring;

/// <summary>The errors of river's stream S2, whose rows of warning and drift under DDM are published, as a served model's.</summary>
public sealed class DriftStreamsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private PredictionLog _predictions = null!; // set before each test by InitializeAsync
    private LabelLog _labels = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _predictions = PredictionLog.Open(_folder.Data);
        _labels = LabelLog.Open(_folder.Data);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _predictions.DisposeAsync();
        await _labels.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Read_InStepsOrAtOnce_FindsThePublishedRows()
    {
        await ServeAsync(Enumerable.Range(0, 2000));
        var all = await ReadAsync(Fresh(), day: 100);

        var state = Fresh();
        var found = new List<DriftStreamDetection>();
        foreach (double day in new[] { 0.5, 30, 30, 54.7, 100 })
        {
            var step = await ReadAsync(DriftStreamState.Parse(state.ToJson()), day);
            found.AddRange(step.Detections);
            state = step.State;
        }

        Assert.Equal([(1084L, DriftState.Warning, "r1084"), (1334, DriftState.Drift, "r1334"), (1492, DriftState.Warning, "r1492")],
            all.Detections.Select(one => (one.Index, one.State, one.PredictionId)));
        Assert.Equal((2000, 0, (long)PublishedStreams.Of("S2").Sum()), (all.Rows, all.Late, all.Errors));
        Assert.Equal(Start.AddHours(1084 + 1), all.Detections[0].LabelledAt);
        Assert.Equal(all.Detections, found);
        Assert.Equal(all.State, state);
    }

    [Fact]
    public async Task Read_CorrectedAndLateLabels_ChangesNothingThatWasSeen()
    {
        await ServeAsync(Enumerable.Range(0, 100));
        var first = await ReadAsync(Fresh(), day: 2);
        await LabelAsync("r3", hour: 90, value: 1); // once more, later
        await ServeAsync([500]);
        await LabelAsync("r500", hour: 3, value: 0); // known at three o'clock, logged now
        await FlushAsync();

        var second = await ReadAsync(first.State, day: 100);

        Assert.Equal((48, 52, 1), (first.Rows, second.Rows, second.Late)); // one label an hour, up to and with hour 48; r500 is the late one
        Assert.Equal(0, (await ReadAsync(second.State, day: 100)).Late);
    }

    [Fact]
    public async Task Read_NothingThere_StaysWhereItWas()
    {
        var state = Fresh();
        var reading = await ReadAsync(state, day: 1);
        Assert.Equal((0, 0, 0), (reading.Rows, reading.Errors, reading.Late));
        Assert.Same(state, reading.State);
        Assert.Throws<DataException>(() => DriftStreamState.Parse("[]"));
    }

    private static DriftStreamState Fresh() => DriftStreamState.Start(StreamDetectors.Create("ddm"));

    private Task<DriftStreamReading> ReadAsync(DriftStreamState state, double day) => DriftStreams.ReadAsync(_folder.Data, "churn", 1, state, Start.AddDays(day), Stop);

    /// <summary>A prediction of 0 each hour, and an hour later its label.</summary>
    private async Task ServeAsync(IEnumerable<int> hours)
    {
        double[] errors = PublishedStreams.Of("S2");
        var rows = hours.ToList();
        await _predictions.AppendAsync([.. rows.Select(hour => new PredictionRecord
        {
            Id = $"r{hour}", Model = "churn", Version = 1, At = Start.AddHours(hour), Score = 0.2, Label = 0, Inputs = new Dictionary<string, object?>(),
        })], Stop);
        await _labels.AppendAsync([.. rows.Select(hour => new LabelRecord { Id = $"r{hour}", Model = "churn", Value = (int)errors[hour], At = Start.AddHours(hour + 1) })], Stop);
        await FlushAsync();
    }

    private Task LabelAsync(string id, double hour, int value) =>
        _labels.AppendAsync(new LabelRecord { Id = id, Model = "churn", Value = value, At = Start.AddHours(hour) }, Stop);

    private async Task FlushAsync()
    {
        await _predictions.FlushAsync(Stop);
        await _labels.FlushAsync(Stop);
    }
}
