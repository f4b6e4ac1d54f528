using System.Globalization;

namespace Workbench.Host.Demo.Stages;

/// <summary>January and February pass: every customer is a request, every label comes thirty days later.</summary>
internal sealed class ServeStage : IDemoStage
{
    private static readonly DateTimeOffset End = new(2025, 3, 1, 0, 0, 0, TimeSpan.Zero);

    public string Title => "Serve months 13 and 14";

    public async Task<StageResult> RunAsync(DemoWorld world, IProgress<StageProgress> progress, CancellationToken cancellationToken)
    {
        var start = world.Clock.GetUtcNow();
        await world.Replay.LiveUntilAsync(End, enough: null, progress, cancellationToken);
        NoFailedRequest(world);
        var window = await world.GetAsync($"/api/models/{DemoWorld.Model}/performance?from={start:yyyy-MM-dd}&to={End:yyyy-MM-dd}", cancellationToken);
        int predictions = (int)window["predictions"]!, labelled = (int)window["labelled"]!;
        if (predictions != world.Replay.Requests)
            throw new DemoFailure($"{world.Replay.Requests} requests were answered, and {predictions} predictions are in the log.");
        if (labelled != world.Replay.Labels)
            throw new DemoFailure($"{world.Replay.Labels} labels of served customers arrived, and {labelled} were joined with their prediction.");
        double accuracy = (double)window["accuracy"]!;
        world.Story.Add(End, "serving", string.Create(CultureInfo.InvariantCulture, $"{predictions} requests answered by v1, accuracy {accuracy:F4} on {labelled} labels"));
        return new(string.Create(CultureInfo.InvariantCulture,
            $"{predictions} requests over HTTP, 0 failed; {labelled} labels joined by request id, {predictions - labelled} still to come; accuracy {accuracy:F4}"),
            new Dictionary<string, object?> { ["requests"] = predictions, ["failed"] = 0, ["labelled"] = labelled, ["accuracy"] = accuracy });
    }

    /// <exception cref="DemoFailure">A request was not answered.</exception>
    public static void NoFailedRequest(DemoWorld world)
    {
        if (world.Replay.Failures > 0)
            throw new DemoFailure($"{world.Replay.Failures} of {world.Replay.Requests} requests failed; the first with {world.Replay.FirstFailure}");
    }
}
