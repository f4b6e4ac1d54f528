namespace Workbench.Workflows.Runtime;

/// <summary>How <see cref="ProcessStepExecutor"/> starts the process of a step.</summary>
public sealed class ProcessStepOptions
{
    /// <summary>Placeholder in <see cref="Arguments"/> for the request file.</summary>
    public const string RequestPlaceholder = "{request}";
    /// <summary>Placeholder in <see cref="Arguments"/> for the result file.</summary>
    public const string ResultPlaceholder = "{result}";

    /// <summary>The program.</summary>
    public required string Command { get; init; }
    /// <summary>Its arguments, for example <c>step run --request {request} --result {result}</c>.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }
    /// <summary>Folder of working folders; a step gets <c>run/step/attempt</c> below it.</summary>
    public required string RunsFolder { get; init; }
    /// <summary>Environment variables beside the host's own; null takes one away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();
    /// <summary>Environment variables read when a step starts, for values that change, such as a replayed time; null for none.</summary>
    public Func<StepContext, IReadOnlyDictionary<string, string?>>? StepEnvironment { get; init; }
    /// <summary>How long a process has to end after SIGTERM before it is killed. Default 5 s.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(5);
    /// <summary>How many characters of an attempt's output its file keeps, the first third and the last two. Default 10,000,000.</summary>
    public long MaxLogLength { get; init; } = 10_000_000;
    /// <summary>Exit codes after which trying again is useless. Default 2 (wrong use), 126 and 127 (no such program).</summary>
    public IReadOnlyList<int> PermanentExitCodes { get; init; } = [2, 126, 127];
}
