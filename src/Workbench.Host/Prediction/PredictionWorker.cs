using System.Diagnostics;
using System.Globalization;
using Workbench.Serving.Sessions;

namespace Workbench.Host.Prediction;

/// <summary>Takes part after part that nobody has, until each is written or has failed; a part whose worker dies becomes free again.</summary>
internal sealed class PredictionWorker(PredictionFolder folder, PredictionPlan plan, PredictionFolder.Call call, Action<string> say)
{
    private const int MostAttempts = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var open = Enumerable.Range(0, plan.Parts.Count).Where(part => !IsSettled(part)).ToList();
        if (open.Count == 0)
            return;
        using var model = OnnxModel.Load(folder.Model(plan), plan.Model);
        var writer = new PartWriter(plan, call.Files, model);
        while (open.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int before = open.Count;
            foreach (int part in open.ToList())
                if (IsSettled(part) || await Task.Run(() => Work(writer, part, cancellationToken), CancellationToken.None))
                    open.Remove(part);
            if (open.Count == before)
                await Task.Delay(Pause, cancellationToken); // others have them; one that dies leaves its part
        }
    }

    // False when another has the part.
    private bool Work(PartWriter writer, int part, CancellationToken cancellationToken)
    {
        using var claim = folder.TryClaim(part, call.Name);
        if (claim is null)
            return false;
        if (IsSettled(part))
            return true;
        if (claim.Attempt > MostAttempts)
        {
            folder.Fail(part, $"{MostAttempts} workers died at it. Give the machine more memory, or make parts smaller with --rows-per-part in a new folder.");
            return true;
        }
        long started = Stopwatch.GetTimestamp();
        try
        {
            writer.Write(plan.Parts[part], folder.Part(part), cancellationToken);
        }
        catch (Exception failure) when (ExpectedFailure.Is(failure)) // The edge of a part: the others go on.
        {
            folder.Fail(part, failure.Message);
            say($"{PredictionFolder.Name(part)} failed: {failure.Message}");
            return true;
        }
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        say(string.Create(CultureInfo.InvariantCulture, $"{PredictionFolder.Name(part)}: {plan.Parts[part].Rows:N0} rows in {seconds:F1} s, {plan.Parts[part].Rows / Math.Max(seconds, 1e-3):N0} rows/s"));
        return true;
    }

    private bool IsSettled(int part) => folder.IsDone(part) || folder.Failure(part) is not null;
}
