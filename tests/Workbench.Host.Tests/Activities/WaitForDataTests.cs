using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Host.Activities;
using Workbench.Workflows;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Tests.Activities;

/// <summary>Looks at real files; the time is the test's.</summary>
public sealed class WaitForDataTests : IDisposable
{
    private readonly string _project = Directory.CreateTempSubdirectory("workbench-test-").FullName;
    private DateTimeOffset _now = new(2025, 4, 8, 0, 0, 0, TimeSpan.Zero);
    private JsonObject _state = [];

    public void Dispose() => Directory.Delete(_project, recursive: true);

    [Fact]
    public async Task Look_FileThatGrows_IsFoundWhenItHasBeenStable()
    {
        Assert.Contains("Nothing is at 'in/day.csv' yet", (await LookAsync("in/day.csv")).Message);
        Write("in/day.csv", "a\n1\n");
        Assert.False((await LookAsync("in/day.csv", after: 10)).IsThere);
        Assert.False((await LookAsync("in/day.csv", after: 29)).IsThere);
        Write("in/day.csv", "a\n1\n2\n"); // Grows in the last second: the time begins anew.
        var growing = await LookAsync("in/day.csv", after: 1);
        Assert.False((await LookAsync("in/day.csv", after: 29)).IsThere);
        var found = await LookAsync("in/day.csv", after: 1);

        Assert.False(growing.IsThere);
        Assert.True(found.IsThere);
        Assert.Equal([Path.Combine(_project, "in/day.csv")], found.Outputs["files"]!.AsArray().Select(file => (string?)file));
        Assert.Equal((6L, null), ((long)found.Outputs["bytes"]!, (long?)found.Outputs["rows"]));
    }

    [Theory]
    [InlineData("in/2025-04-*.csv", 2)]
    [InlineData("in", 3)] // The folder's files, without those that a writer has not finished.
    [InlineData("in/2025-05-01.csv", 1)]
    public async Task Look_GlobFolderAndFile_AreWhatTheyStandFor(string path, int files)
    {
        foreach (var name in new[] { "2025-04-01.csv", "2025-04-02.csv", "2025-05-01.csv", ".2025-04-03.csv.tmp", "_SUCCESS" })
            Write($"in/{name}", "a\n1\n");
        Assert.Equal(files, (await LookAsync(path, ("stableFor", "00:00:00"))).Outputs["files"]!.AsArray().Count);
    }

    [Fact]
    public async Task Look_TooFewRows_WaitsForMore()
    {
        (string, JsonNode?)[] inputs = [("minimumRows", 5), ("stableFor", "00:00:00")];
        Write("in/a.csv", "a\n1\n2\n");
        Assert.Equal("2 rows in 1 files; waits for 5.", (await LookAsync("in", inputs)).Message);
        Write("in/b.csv", "a\n3\n4\n5\n");
        var found = await LookAsync("in", inputs);
        Assert.Equal((true, 5L), (found.IsThere, (long)found.Outputs["rows"]!));
    }

    [Fact]
    public async Task Look_HalfAParquetFile_IsNoFaultAndIsCountedWhenItIsWhole()
    {
        using (var session = DuckSession.Open())
            session.Execute($"COPY (SELECT range AS n FROM range(1000)) TO {DuckSession.Literal(Path.Combine(_project, "whole"))} (FORMAT parquet)");
        var bytes = await File.ReadAllBytesAsync(Path.Combine(_project, "whole"));
        await File.WriteAllBytesAsync(Path.Combine(_project, "day.parquet"), bytes[..(bytes.Length / 2)]);
        (string, JsonNode?)[] inputs = [("minimumRows", 1000), ("stableFor", "00:00:00")];

        var half = await LookAsync("day.parquet", inputs);
        Assert.Contains("The rows cannot be counted", half.Message);
        Assert.Equal(half.Message, (await LookAsync("day.parquet", inputs)).Message);
        await File.WriteAllBytesAsync(Path.Combine(_project, "day.parquet"), bytes);

        Assert.Equal((true, 1000L), ((await LookAsync("day.parquet", inputs)) is var found ? (found.IsThere, (long)found.Outputs["rows"]!) : default));
    }

    [Fact]
    public async Task Look_WrongInputs_NamesAllOfThem()
    {
        var failure = await Assert.ThrowsAsync<WorkflowException>(() => LookAsync("in", ("checkEvery", "00:00:00"), ("stableFor", "-00:00:01"), ("deadline", "00:00:00")));
        foreach (var expected in new[] { "'checkEvery' is 00:00:00; allowed is 00:00:01 to 1.00:00:00", "'stableFor' is -00:00:01", "'deadline' is 00:00:00" })
            Assert.Contains(expected, failure.Message);
        Assert.Contains("'path' has no value", (await Assert.ThrowsAsync<WorkflowException>(() => LookAsync(""))).Message);
        Assert.Contains("'minimumRows' is 0", (await Assert.ThrowsAsync<WorkflowException>(() => LookAsync("in", ("minimumRows", 0)))).Message);
    }

    private Task<WaitLook> LookAsync(string path, params (string Name, JsonNode? Value)[] inputs) => LookAsync(path, 0, inputs);

    private async Task<WaitLook> LookAsync(string path, int after, params (string Name, JsonNode? Value)[] inputs)
    {
        _now += TimeSpan.FromSeconds(after);
        var look = await new WaitForData(_project).LookAsync(new()
        {
            ActivityType = "Workbench.WaitForData", State = (JsonObject)_state.DeepClone(), Now = _now,
            Inputs = new JsonObject(inputs.Select(input => KeyValuePair.Create(input.Name, input.Value?.DeepClone())).Append(new("path", path))),
        }, TestContext.Current.CancellationToken);
        _state = look.State;
        return look;
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_project, path))!);
        File.WriteAllText(Path.Combine(_project, path), text);
    }
}
