using System.Text.RegularExpressions;

namespace Workbench.Host.Cluster;

/// <summary>How a host is called among those that share a database.</summary>
internal static partial class NodeName
{
    /// <summary>Environment variable with the node's name; steps find in it who runs them.</summary>
    public const string EnvironmentVariable = "WORKBENCH_NODE";

    /// <summary>Machine and process: unique, and new with every start.</summary>
    public static string Default => $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>The name that was given, or the default one.</summary>
    /// <exception cref="CommandException">The name cannot be used; says what is allowed.</exception>
    public static string Check(string? name) => name is null or "" ? Default
        : Allowed().IsMatch(name) ? name
        : throw new CommandException($"'{name}' is no name for a node. Allowed: up to 60 letters, digits, '-', '_' and '.', as in host-1.");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
    private static partial Regex Allowed();
}
