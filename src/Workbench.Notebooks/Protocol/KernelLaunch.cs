namespace Workbench.Notebooks.Protocol;

/// <summary>How to start a kernel process.</summary>
internal sealed record KernelLaunch(IReadOnlyList<string> Command, string WorkingDirectory, IReadOnlyDictionary<string, string> Environment);
