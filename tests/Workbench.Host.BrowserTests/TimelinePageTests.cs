using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Workbench.Host.Activities;
using Workbench.Registry;

namespace Workbench.Host.BrowserTests;

/// <summary>The page of a training's timeline: what it draws, and what a pointer is told.</summary>
public sealed class TimelinePageTests(PagesBelowAPath host) : IClassFixture<PagesBelowAPath>
{
    private const int Ranks = 8, Steps = 200;
    private const string Markup = "<img src=x onerror=alert(1)>";

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task Open_TimelineOfEightRanks_DrawsItAndTellsWhatIsPointedAt(int width)
    {
        host.Require();
        var (run, json) = await KeepAsync();
        await using var page = await host.OpenAsync($"training-runs/{run.Value}", width);
        var view = page.Page;
        await view.Locator("#timeline").ClickAsync();
        await page.UntilAtAsync($"**/training-runs/{run.Value}/timeline");
        // The last steps: step 199 of rank 0 is blue where it goes forward.
        var canvas = view.Locator(".timeline canvas");
        await Assertions.Expect(canvas).ToHaveCSSAsync("height", "720px");   // the axis, 4 rows of 19 pixels and a gap a rank
        await Assertions.Expect(view.Locator("section[aria-label='Where the time went'] tbody tr")).ToHaveCountAsync(Ranks);
        await Assertions.Expect(view.Locator("section[aria-label='Where the time went'] tbody tr").First).ToContainTextAsync("40.0 %");
        Assert.True(await view.EvaluateAsync<int>(CountOf, new[] { 0x00, 0x72, 0xb2 }) > 100, "Nothing of the forward pass is drawn.");

        // Rows: axis 24 pixels, then 19 each: steps, work, waits, collective.
        var box = (await canvas.BoundingBoxAsync())!;
        var tip = view.Locator(".timeline [role=tooltip]");
        await canvas.ScrollIntoViewIfNeededAsync();
        await canvas.HoverAsync(new() { Position = new() { X = box.Width * 0.6f, Y = 24 + 9 } });
        await Assertions.Expect(tip).ToContainTextAsync("rank 0, step 19");
        await Assertions.Expect(tip).ToContainTextAsync("took 10 ms");
        await Assertions.Expect(tip).ToContainTextAsync("256 rows");
        await canvas.DblClickAsync(new() { Position = new() { X = box.Width * 0.6f, Y = 24 + 9 } });
        await canvas.HoverAsync(new() { Position = new() { X = box.Width * 0.95f, Y = 24 + 3 * 19 + 9 } });
        await Assertions.Expect(tip).ToContainTextAsync(Markup);
        await Assertions.Expect(tip).ToContainTextAsync("1,048,576 bytes");
        Assert.Equal(0, await view.Locator("img").CountAsync());
        await page.PictureAsync($"timeline-{width}");

        var before = await view.EvaluateAsync<string>(Picture);
        foreach (string name in new[] { "First steps", "All", "Zoom in", "Later" })
        {
            await view.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
            before = await ChangedAsync(view, before);
        }
        Assert.True(await view.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
        Assert.Equal(json, await host.Client.GetStringAsync(await view.Locator("#download").GetAttributeAsync("href")));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Open_RunWithoutATimeline_SaysWhoKeepsOne()
    {
        host.Require();
        var run = await ModelRegistry.Open(host.Folder).StartRunAsync("tries", Markup);
        await using var training = await host.OpenAsync($"training-runs/{run.Id.Value}");
        await Assertions.Expect(training.Page.Locator("main")).ToContainTextAsync(Markup);
        Assert.Equal(0, await training.Page.Locator("#timeline, img").CountAsync());
        await using var page = await host.OpenAsync($"training-runs/{run.Id.Value}/timeline");
        await Assertions.Expect(page.Page.Locator(".failure")).ToContainTextAsync("keeps no timeline");
        await using var unknown = await host.OpenAsync("training-runs/nope/timeline");
        await Assertions.Expect(unknown.Page.Locator(".failure")).ToContainTextAsync("Unknown run 'nope'");
    }

    // Playwright's own wait for a condition is a script made from text, which the pages' policy forbids.
    private static async Task<string> ChangedAsync(IPage view, string before)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await view.EvaluateAsync<string>(Picture) is var now)
        {
            if (now != before)
                return now;
            await timer.WaitForNextTickAsync(deadline.Token);
        }
        return before;
    }

    private const string Picture = "document.querySelector('.timeline canvas').toDataURL()";

    // Pixels of a colour.
    private const string CountOf = """
        wanted => {
          const canvas = document.querySelector('.timeline canvas'), { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          let count = 0;
          for (let i = 0; i < data.length; i += 4) if (wanted.every((value, at) => data[i + at] === value)) count++;
          return count;
        }
        """;

    private async Task<(RunId Run, string Json)> KeepAsync()
    {
        var registry = ModelRegistry.Open(host.Folder);
        var run = await registry.StartRunAsync("tries", "eight ranks");
        var json = Trace().ToJsonString();
        await RunTimeline.KeepAsync(registry, run.Id, Encoding.UTF8.GetBytes(json), CancellationToken.None);
        await registry.EndRunAsync(run.Id);
        return (run.Id, json);
    }

    // Steps of 10 ms: 4 forward, 3 backward, 3 of exchange, of which 2 are waited for; the engine is at work for 2.5.
    private static JsonObject Trace()
    {
        var events = new JsonArray();
        for (int rank = 0; rank < Ranks; rank++)
        {
            for (int step = 0; step < Steps; step++)
            {
                void Add(string name, string kind, int lane, double from, double length, string? amount = null, long value = 0)
                {
                    var arguments = new JsonObject { ["step"] = step };
                    if (amount is not null)
                        arguments[amount] = value;
                    events.Add(new JsonObject { ["name"] = name, ["cat"] = kind, ["ph"] = "X", ["ts"] = step * 10_000 + from, ["dur"] = length, ["pid"] = rank, ["tid"] = lane, ["args"] = arguments });
                }
                Add("step", "step", 0, 0, 10_000, "rows", 256);
                Add("forward", "forward", 0, 0.5, 4_000);
                Add("backward", "backward", 0, 4_001, 3_000);
                Add("exchange gradients", "gradients", 0, 7_001, 2_998);
                Add("wait for it", "wait", 0, 7_500, 2_000);
                Add(Markup, "collective", 1, 7_400, 2_500, "bytes", 1 << 20);
            }
        }
        var seconds = new (string Kind, double Value)[] { ("data", 0), ("forward", 0.8), ("backward", 0.6), ("gradients", 0.2), ("optimizer", 0), ("wait", 0.4), ("validation", 0), ("checkpoint", 0) };
        return new JsonObject
        {
            ["displayTimeUnit"] = "ms",
            ["otherData"] = new JsonObject
            {
                ["ranks"] = Ranks, ["ranksShown"] = Ranks, ["engine"] = "Open MPI 4.1.4", ["startedAt"] = DateTimeOffset.UnixEpoch.ToString("O", CultureInfo.InvariantCulture), ["stepsLeftOut"] = null,
                ["summary"] = new JsonArray([.. Enumerable.Range(0, Ranks).Select(rank => new JsonObject
                {
                    ["rank"] = rank, ["steps"] = Steps, ["rows"] = Steps * 256, ["wall"] = 2.0, ["seconds"] = new JsonObject(seconds.Select(one => KeyValuePair.Create(one.Kind, (JsonNode?)one.Value))),
                })]),
            },
            ["traceEvents"] = events,
        };
    }
}
