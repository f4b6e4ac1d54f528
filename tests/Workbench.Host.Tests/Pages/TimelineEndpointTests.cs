using System.Net;
using System.Text;
using Workbench.Host.Activities;
using Workbench.Host.Tests.Designer;
using Workbench.Registry;

namespace Workbench.Host.Tests.Pages;

/// <summary>The file of a training's timeline, as it is asked for by its page and by hand.</summary>
public sealed class TimelineEndpointTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_TimelineOfARun_IsTheFileThatItKeeps()
    {
        await using var host = await DesignerHost.StartAsync();
        var registry = ModelRegistry.Open(host.Folder);
        var run = (await registry.StartRunAsync("tries", "one", cancellationToken: Stop)).Id;
        var address = $"/training-runs/{run.Value}/timeline.json";
        await AssertMissingAsync(host, address, "keeps no timeline");
        await AssertMissingAsync(host, "/training-runs/nope/timeline.json", "Unknown run 'nope'");

        await RunTimeline.KeepAsync(registry, run, null, Stop);
        await AssertMissingAsync(host, address, "keeps no timeline");
        await RunTimeline.KeepAsync(registry, run, Encoding.UTF8.GetBytes("{\"traceEvents\":[]}"), Stop);
        using var answer = await host.Client.GetAsync(address, Stop);
        Assert.Equal("{\"traceEvents\":[]}", await answer.Content.ReadAsStringAsync(Stop));
        Assert.Equal(("application/json", "nosniff", $"timeline-{run.Value}.json"),
            (answer.Content.Headers.ContentType!.MediaType, answer.Headers.GetValues("X-Content-Type-Options").Single(), answer.Content.Headers.ContentDisposition!.FileName));

        var file = registry.Artifacts.PathOf(new ArtifactId((await registry.GetRunAsync(run, Stop)).Tags[RunTimeline.Tag]));
        await File.WriteAllTextAsync(file, "{}", Stop);
        await AssertMissingAsync(host, address, "is damaged");
    }

    private static async Task AssertMissingAsync(DesignerHost host, string address, string words)
    {
        using var answer = await host.Client.GetAsync(address, Stop);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains(words, await answer.Content.ReadAsStringAsync(Stop));
    }
}
