namespace Workbench.Host.Cli;

/// <summary>Who types the command.</summary>
internal static class Actor
{
    public static string Name => Environment.UserName is { Length: > 0 } user ? user : "unknown";
}
