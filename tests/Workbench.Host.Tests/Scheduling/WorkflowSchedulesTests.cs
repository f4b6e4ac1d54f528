using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Workbench.Data;

namespace Workbench.Host.Tests.Scheduling;

public sealed class WorkflowSchedulesTests
{
    // A trigger that were made anew at each start would have forgotten what it missed.
    [Fact]
    public async Task Serve_StartedAgain_KeepsAnUnchangedScheduleAndReplacesAChangedOne()
    {
        var folder = TinyModel.NewFolder();
        var first = await ScheduledAsync(folder, "0 2 * * *", before: null);
        var again = await ScheduledAsync(folder, "0 2 * * *", before: null);
        Assert.Equal(first, again);
        var changed = await ScheduledAsync(folder, "0 3 * * *", before: first);
        Assert.Contains("0 0 3 * * ?", changed);
    }

    // Publishes, and waits for a schedule other than before: start time and expression as Quartz keeps them.
    private static async Task<string> ScheduledAsync(DataFolder folder, string cron, string? before)
    {
        await using var host = await WorkbenchHost.StartAsync(new HostSettings { Folder = folder, Url = "http://127.0.0.1:0", Clock = TimeProvider.System, MonitoringInterval = null, LogLevel = LogLevel.None });
        using var client = new HttpClient { BaseAddress = new Uri(host.Url) };
        (await client.PostAsJsonAsync("/api/workflows", Definition(cron))).EnsureSuccessStatusCode();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        // Longer than the service's interval, so that a start that replaced the trigger would show.
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(3));
        while (true)
        {
            await timer.WaitForNextTickAsync(deadline.Token);
            if (Read(folder) is { } kept && kept != before)
                return kept;
        }
    }

    private static string? Read(DataFolder folder)
    {
        using var database = new SqliteConnection($"Data Source={folder.Database};Mode=ReadOnly");
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = "select t.START_TIME || ' ' || c.CRON_EXPRESSION from QRTZ_TRIGGERS t join QRTZ_CRON_TRIGGERS c using (SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP)";
        return command.ExecuteScalar() as string;
    }

    private static JsonObject Definition(string cron) => new()
    {
        ["definitionId"] = "nightly", ["name"] = "nightly",
        ["root"] = new JsonObject
        {
            ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart", ["version"] = 1,
            ["activities"] = new JsonArray(
                new JsonObject
                {
                    ["id"] = "cron", ["type"] = "Elsa.Cron", ["version"] = 1, ["customProperties"] = new JsonObject { ["canStartWorkflow"] = true },
                    ["cronExpression"] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = cron } },
                }),
            ["connections"] = new JsonArray(),
        },
    };
}
