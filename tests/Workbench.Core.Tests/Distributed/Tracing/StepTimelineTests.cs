using System.Text;
using System.Text.Json.Nodes;
using Workbench.Core.Tests.Registry;
using Workbench.Data;
using Workbench.Distributed.Tracing;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.Core.Tests.Distributed.Tracing;

/// <summary>The timeline of a training in this process; the format is Google's "Trace Event Format", as chrome://tracing and Perfetto read it.</summary>
public sealed class StepTimelineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Training_WithATimeline_WritesCompleteEventsThatNest()
    {
        string path = Path.Combine(_folder.Path, "new", "trace.json");
        Train(path, null, epochs: 3);
        var root = JsonNode.Parse(File.ReadAllText(path))!;
        var events = root["traceEvents"]!.AsArray().Select(item => item!.AsObject()).ToList();
        Assert.All(events, item => Assert.Contains((string?)item["ph"], (string[])["X", "M"]));
        Assert.All(events, item => Assert.Equal((0, 0), ((int)item["pid"]!, (int)item["tid"]! == 1 && (string?)item["ph"] == "M" ? 0 : (int)item["tid"]!)));
        var spans = events.Where(item => (string?)item["ph"] == "X").ToList();
        Assert.All(spans, item => Assert.True((double)item["ts"]! >= 0 && (double)item["dur"]! >= 0 && ((string)item["name"]!).Length > 0));
        Assert.Equal(["process_name", "thread_name", "thread_name"], events.Where(item => (string?)item["ph"] == "M").Select(item => (string?)item["name"]));

        // On one thread a span lies within another, or apart from it: viewers draw them below each other.
        var open = new Stack<double>();
        foreach (var item in spans)
        {
            double from = (double)item["ts"]!, to = from + (double)item["dur"]!;
            while (open.Count > 0 && open.Peek() <= from + 0.002)   // written in microseconds with three places
                open.Pop();
            Assert.True(open.Count == 0 || to <= open.Peek() + 0.002, item.ToJsonString());
            open.Push(to);
        }

        // 50 rows in batches of 16 are 4 steps an epoch; each epoch ends with a validation and a checkpoint.
        var trace = TimelineTrace.Parse(File.ReadAllBytes(path));
        Assert.Equal(Enumerable.Range(0, 12).Select(step => (long)step), trace.Spans.Where(span => span.Kind == TimelineKind.Step).Select(span => span.Step));
        Assert.Equal([16L, 16, 16, 2], trace.Spans.Where(span => span.Kind == TimelineKind.Step).Take(4).Select(span => span.Rows!.Value));
        foreach (var kind in new[] { TimelineKind.Data, TimelineKind.Forward, TimelineKind.Backward, TimelineKind.Optimizer })
            Assert.Equal(12, trace.Spans.Count(span => span.Kind == kind));
        foreach (var kind in new[] { TimelineKind.Validation, TimelineKind.Checkpoint })
            Assert.Equal([4L, 8, 12], trace.Spans.Where(span => span.Kind == kind).Select(span => span.Step));
        Assert.DoesNotContain(trace.Spans, span => span.Kind is TimelineKind.Collective or TimelineKind.Wait or TimelineKind.Gradients);

        var summary = Assert.Single(trace.Summaries);
        Assert.Equal((12L, 150L), (summary.Steps, summary.Rows));
        foreach (var kind in TimelineSummary.Kinds)   // each kind's spans add up to its sum: one rank waits for nobody
            Assert.Equal(trace.Spans.Where(span => span.Kind == kind).Sum(span => span.Duration.TotalMilliseconds), summary.Times[kind].TotalMilliseconds, 0.01);
        Assert.InRange(summary.Other, TimeSpan.Zero, summary.Wall);
    }

    [Fact]
    public void Training_OfManySteps_LeavesAnExcerptOfItsFirstAndLast()
    {
        string path = Path.Combine(_folder.Path, "trace.json"), excerpt = Path.Combine(_folder.Path, "excerpt.json");
        Train(path, excerpt, epochs: 600);
        var (whole, part) = (TimelineTrace.Parse(File.ReadAllBytes(path)), TimelineTrace.Parse(File.ReadAllBytes(excerpt)));
        Assert.Null(whole.StepsLeftOut);
        Assert.Equal(2_400, whole.Spans.Count(span => span.Kind == TimelineKind.Step));
        Assert.InRange(part.Spans.Count, TimelineOptions.MostSpansOfAnExcerpt / 2, TimelineOptions.MostSpansOfAnExcerpt);
        Assert.InRange(new FileInfo(excerpt).Length, 1, 1_300_000);
        var (from, to) = part.StepsLeftOut!.Value;
        Assert.Equal(whole.Spans.Where(span => span.Step < from || span.Step > to), part.Spans);
        Assert.Equal(whole.Summaries[0].Times, part.Summaries[0].Times);   // of all steps
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"traceEvents\":[]}")]
    [InlineData("{\"otherData\":{\"ranks\":\"many\"}}")]
    public void Parse_AnotherFile_SaysWhatWritesOne(string text) =>
        Assert.Contains("workbench train --timeline", Assert.Throws<DataException>(() => TimelineTrace.Parse(Encoding.UTF8.GetBytes(text))).Message);

    private void Train(string path, string? excerpt, int epochs)
    {
        TorchRuntime.EnsureAvailable();
        using var scope = NewDisposeScope();
        using var network = nn.Linear(3, 1);
        var (inputs, targets) = (randn(50, 3), randn(50, 1));
        new TrainingLoop(network, batch => nn.functional.mse_loss(network.forward(batch[0]), batch[1]), new()
        {
            MaxEpochs = epochs, Threads = 1, Checkpoints = epochs < 10 ? new() { Folder = Path.Combine(_folder.Path, "checkpoints") } : null,
            Distributed = new() { Timeline = new() { Path = path, ExcerptPath = excerpt } },
        }).Run(new TensorBatches([inputs, targets], 16), new TensorBatches([inputs, targets], 50));
    }

    public void Dispose() => _folder.Dispose();
}
