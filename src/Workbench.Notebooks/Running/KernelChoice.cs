using System.Globalization;
using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Kernel;
using Workbench.Notebooks.Parameters;
using Workbench.Notebooks.Protocol;

namespace Workbench.Notebooks.Running;

/// <summary>Which kernel runs a notebook.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Language">Language of its cells, in which parameters are written.</param>
/// <param name="Launch">How it is started.</param>
internal sealed record KernelChoice(string Name, ParameterLanguage Language, KernelLaunch Launch)
{
    // As .NET does by itself in a container: the rest is for native memory.
    private const double HeapShare = 0.75;

    /// <summary>The kernel that the request names, else the one that the notebook names, else ours for a .NET notebook.</summary>
    /// <exception cref="DataException">No such kernel is installed, or the working folder does not exist.</exception>
    public static KernelChoice For(NotebookDocument document, NotebookRunRequest request)
    {
        var folder = Path.GetFullPath(request.WorkingDirectory ?? Directory.GetCurrentDirectory());
        if (!Directory.Exists(folder))
            throw new DataException($"The working folder '{folder}' does not exist. Create it or name another.") { Origin = folder };
        var name = request.KernelName ?? document.KernelName ?? DefaultName(document, request);
        var spec = IsOurs(name) && request.KernelCommand is { Count: > 0 } own ? Ours(own) : Installed(name, document, request);
        return new(spec.Name, spec.Name == KernelSpec.WorkbenchName ? ParameterLanguage.OfDotNet(document) : ParameterLanguage.Of(spec.Language, spec.Name), new(spec.Command, folder, Environment(spec, request))
        {
            InterruptsBySignal = spec.InterruptsBySignal,
            StartTimeout = request.StartTimeout,
            Limits = new(request.MemoryLimitBytes, request.CpuLimit),
        });
    }

    private static KernelSpec Ours(IReadOnlyList<string> command) => new(KernelSpec.WorkbenchName, "Workbench (C#)", "C#", command, new Dictionary<string, string>());

    private static KernelSpec Installed(string name, NotebookDocument document, NotebookRunRequest request)
    {
        if (KernelSpec.TryFind(name) is { } found)
            return found;
        if (name.ToLowerInvariant() is ".net-powershell" or ".net-pwsh" or "powershell" or "pwsh")
            throw new DataException($"Notebook '{request.InputPath}' asks for the PowerShell kernel '{name}', which is not installed, and our kernel runs no PowerShell. Install that kernel, or write the cells in C#.") { Origin = request.InputPath, Value = name };
        if (!IsDotNet(name))
            return KernelSpec.Find(name);
        return request.KernelCommand is { Count: > 0 } own ? Ours(own) : KernelSpec.Find(KernelSpec.WorkbenchName);
    }

    // A notebook that names no kernel: its language decides.
    private static string DefaultName(NotebookDocument document, NotebookRunRequest request) => document.Language switch
    {
        "c#" or "csharp" or "f#" or "fsharp" or "polyglot-notebook" => KernelSpec.WorkbenchName,
        "python" => "python3",
        var language => throw new DataException($"Notebook '{request.InputPath}' names no kernel, and its language is '{language}'. Choose an installed kernel by its name.") { Origin = request.InputPath, Value = language },
    };

    private static bool IsOurs(string name) => string.Equals(name, KernelSpec.WorkbenchName, StringComparison.OrdinalIgnoreCase);

    // What .NET Interactive and others call their kernels; ours takes their place where they are not installed.
    private static bool IsDotNet(string name) => name.ToLowerInvariant() is ".net-csharp" or ".net-fsharp" or "csharp" or "fsharp" or "c#" or "f#" or "polyglot-notebook" or "dotnet-interactive";

    private static Dictionary<string, string> Environment(KernelSpec spec, NotebookRunRequest request)
    {
        var environment = new Dictionary<string, string>(KernelProcess.Environment) { [KernelProcess.HeadlessVariable] = "1" };
        if (request.MemoryLimitBytes is { } bytes)
            environment["DOTNET_GCHeapHardLimit"] = ((long)(bytes * HeapShare)).ToString("X", CultureInfo.InvariantCulture);
        foreach (var (name, value) in spec.Environment.Concat(request.Environment))
            environment[name] = value;
        return environment;
    }
}
