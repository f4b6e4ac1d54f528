using System.Globalization;
using System.Text.Json;
using Workbench.Data;

namespace Workbench.Host.Prediction;

/// <summary>A folder of predictions: the plan, its parts, and what is under way in <c>.work</c>.</summary>
internal sealed class PredictionFolder(string path)
{
    /// <summary>What the workers of one call on one machine need beside the plan.</summary>
    /// <param name="Name">Name of the call.</param>
    /// <param name="Files">The inputs on this machine, as Parquet.</param>
    public sealed record Call(string Name, IReadOnlyList<string> Files);

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    private string Work => In(".work");

    private string PlanFile => In("plan.json");

    public PredictionPlan? Plan() => File.Exists(PlanFile) ? PredictionPlan.Read(PlanFile) : null;

    /// <summary>Makes the folder this plan's; the first of several calls says how the rows are cut.</summary>
    /// <exception cref="CommandException">The folder holds something else.</exception>
    public PredictionPlan Adopt(PredictionPlan plan, Func<PredictionPlan> cut)
    {
        if (Plan() is null)
        {
            EnsureEmpty();
            Begin(cut());
        }
        var there = Plan() ?? throw new CommandException($"'{PlanFile}' went away while it was read. Start again.");
        var differences = there.Differences(plan).ToList();
        return differences.Count == 0 ? there : throw new CommandException(
            $"'{Path}' holds predictions of another plan: {string.Join("; ", differences)}. Name another folder with --out, or delete this one.");
    }

    public static string Name(int part) => string.Create(CultureInfo.InvariantCulture, $"part-{part:D5}.parquet");

    public string Part(int part) => In(Name(part));

    /// <summary>A part has its name only when it is whole.</summary>
    public bool IsDone(int part) => File.Exists(Part(part));

    public PartClaim? TryClaim(int part, string call)
    {
        if (PartClaim.Try(Marker("claim", part), call) is not { } claim)
            return null;
        // What a worker that was killed had begun; nobody else writes while the claim is held.
        foreach (string left in Directory.EnumerateFiles(Path, $".{Name(part)}.*.tmp"))
            File.Delete(left);
        return claim;
    }

    public void Fail(int part, string why) => AtomicFile.WriteAllText(Marker("failed", part), why);

    public string? Failure(int part)
    {
        try
        {
            return File.Exists(Marker("failed", part)) ? File.ReadAllText(Marker("failed", part)) : null;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException) // another call tries the part again
        {
            return null;
        }
    }

    public void ForgetFailures()
    {
        foreach (string marker in Directory.EnumerateFiles(Directory.CreateDirectory(Work).FullName, "failed-*"))
            File.Delete(marker);
    }

    public void Save(PredictionModel model) => AtomicFile.WriteAllBytes(System.IO.Path.Combine(Work, ".model.onnx"), model.Bytes);

    /// <exception cref="DataException">It is not the plan's.</exception>
    public byte[] Model(PredictionPlan plan)
    {
        byte[] bytes = File.ReadAllBytes(System.IO.Path.Combine(Work, ".model.onnx"));
        return PredictionModel.HashOf(bytes) == plan.ModelHash ? bytes : throw new DataException($"The model in '{Work}' is not the plan's. Start 'workbench predict' again.") { Origin = Work };
    }

    /// <summary>Where a CSV file lies as Parquet; the name starts with a dot, so that no reader of the folder takes it for output.</summary>
    public string Staged(int input) => System.IO.Path.Combine(Work, string.Create(CultureInfo.InvariantCulture, $".input-{input:D5}.parquet"));

    public void Save(Call call) => AtomicFile.WriteAllText(CallFile(call.Name), JsonSerializer.Serialize(call));

    /// <exception cref="CommandException">There is no such call.</exception>
    public Call ReadCall(string name) => File.Exists(CallFile(name)) && JsonSerializer.Deserialize<Call>(File.ReadAllText(CallFile(name))) is { } call ? call
        : throw new CommandException($"'{Path}' has no call '{name}'. Workers are started by 'workbench predict'.");

    /// <summary>Takes away what was under way: all parts are there.</summary>
    public void TidyUp()
    {
        try
        {
            if (Directory.Exists(Work))
                Directory.Delete(Work, recursive: true);
        }
        catch (DirectoryNotFoundException) // another call that has finished at the same time took it away
        {
        }
    }

    // What begins with a dot is another call's that begins at the same time, or of one that was killed as it began.
    private void EnsureEmpty()
    {
        if (File.Exists(Path))
            throw new CommandException($"'{Path}' is a file; the parts need a folder. Name another with --out.");
        if (Directory.Exists(Path) && Directory.EnumerateFileSystemEntries(Path).Any(entry => !System.IO.Path.GetFileName(entry).StartsWith('.')) && Plan() is null)
            throw new CommandException($"'{Path}' is not empty and holds no plan of predictions. Name another folder with --out, or empty this one.");
    }

    private void Begin(PredictionPlan plan)
    {
        string temporary = In($".plan.json.{Guid.NewGuid():N}.tmp");
        AtomicFile.WriteAllText(temporary, plan.ToJson());
        try
        {
            File.Move(temporary, PlanFile, overwrite: false);
        }
        catch (IOException) when (File.Exists(PlanFile)) // another call was first; whether its plan is the same is seen next
        {
            File.Delete(temporary);
        }
    }

    private string CallFile(string name) => System.IO.Path.Combine(Work, $"call-{name}.json");

    private string Marker(string kind, int part) => System.IO.Path.Combine(Work, string.Create(CultureInfo.InvariantCulture, $"{kind}-{part:D5}"));

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
