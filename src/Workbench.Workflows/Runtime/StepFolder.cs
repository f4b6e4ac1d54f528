using System.Globalization;

namespace Workbench.Workflows.Runtime;

/// <summary>The working folder of one attempt: <c>run/step/attempt</c>.</summary>
internal sealed class StepFolder
{
    private const string ProcessFile = "process.json";

    public StepFolder(string runsFolder, StepContext context)
    {
        StepPath = Path.Combine(Path.GetFullPath(runsFolder), Safe(context.RunId), Safe(context.StepId));
        AttemptPath = Path.Combine(StepPath, context.Attempt.ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(AttemptPath);
    }

    public string StepPath { get; }
    public string AttemptPath { get; }
    public string Request => Path.Combine(AttemptPath, "request.json");
    public string Result => Path.Combine(AttemptPath, "result.json");
    public string Log => Path.Combine(AttemptPath, "step.log");
    public string Process => Path.Combine(AttemptPath, ProcessFile);

    /// <summary>The processes of all attempts of this step that still run on this machine.</summary>
    public IReadOnlyList<ProcessIdentity> LivingProcesses() =>
        [.. Directory.EnumerateDirectories(StepPath)
            .Select(folder => ProcessIdentity.Read(Path.Combine(folder, ProcessFile)))
            .OfType<ProcessIdentity>().Where(process => process.IsAlive)];

    /// <summary>A name for one folder: whatever is not a letter, digit, dash, underscore, tilde or inner dot is escaped.</summary>
    private static string Safe(string id)
    {
        var name = string.Concat(id.Select((letter, at) =>
            char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '~' || (letter == '.' && at > 0)
                ? letter.ToString()
                : $"%{(int)letter:X4}"));
        return name.Length > 0 ? name : "%";
    }
}
