using Workbench.Host.Pages.Runs;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Tests.Pages;

public sealed class RunSpansTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void OfSteps_RetriedStep_HasABarForEachAttempt()
    {
        var row = Row(StepStatus.Completed, Entry(1, "Started", 1), Entry(4, "Retrying", 1), Entry(9, "Started", 2), Entry(11, "Completed", 2));
        Assert.Equal([("Retrying", 1.0, 4.0), ("Completed", 9.0, 11.0)], row.Spans.Select(span => (span.State, (span.From - Start).TotalSeconds, (span.To!.Value - Start).TotalSeconds)));
        Assert.Contains("attempt 2", row.Spans[1].Title);
        Assert.Equal("runs/r%201?step=s", row.Spans[1].Href);
    }

    [Fact]
    public void OfSteps_StepThatWaits_HasAnOpenBar()
    {
        var row = Row(StepStatus.Suspended, Entry(2, "Suspended", null));
        Assert.Equal(("Suspended", null), (row.Spans.Single().State, row.Spans.Single().To));
    }

    [Fact]
    public void OfSteps_DecidedWait_StaysAWait()
    {
        var row = Row(StepStatus.Completed, Entry(2, "Suspended", null), Entry(60, "Completed", null));
        Assert.Equal(("Suspended", 58.0), (row.Spans.Single().State, (row.Spans.Single().To!.Value - row.Spans.Single().From).TotalSeconds));
    }

    [Fact]
    public void OfSteps_KilledWorker_LeavesAnInterruptedBar()
    {
        var row = Row(StepStatus.Running, Entry(1, "Started", 1), Entry(5, "Interrupted", 1), Entry(6, "Started", 2));
        Assert.Equal(["Interrupted", "Running"], row.Spans.Select(span => span.State));
    }

    [Fact]
    public void OfSteps_WhatTheEngineDoesItself_BeginsWithItsTurn()
    {
        var row = Row(StepStatus.Completed, Entry(3, "Completed", null));
        Assert.Equal((0.0, 3.0), ((row.Spans.Single().From - Start).TotalSeconds, (row.Spans.Single().To!.Value - Start).TotalSeconds));
    }

    private static Host.Pages.GanttRow Row(StepStatus status, params JournalEntry[] journal) => Assert.Single(RunSpans.OfSteps(new()
    {
        Id = "r 1", DefinitionId = "d", DefinitionVersionId = "v", Version = 1, Status = RunStatus.Running, SubStatus = RunSubStatus.Executing, Reason = "", Actor = "", Inputs = [], Variables = [],
        Outputs = [], IncidentCount = 0, CreatedAt = Start, UpdatedAt = Start,
        Steps = [new() { StepId = "s", ActivityId = "s", NodeId = "n", ActivityName = "Step", ActivityType = "t", Status = status, Attempt = 1, Inputs = [], CreatedAt = Start }],
    }, journal));

    private static JournalEntry Entry(double seconds, string name, int? attempt) => new((long)seconds, "s", "s", "Step", "t", name, attempt, null, Start.AddSeconds(seconds));
}
