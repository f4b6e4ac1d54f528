namespace Workbench.Core.Tests.Data;

/// <summary>Finds the checked-out tree that the tests were built from.</summary>
internal static class SampleFolder
{
    public static string Root { get; } = Find();

    public static string Churn(string pattern) => Path.Combine(Root, "data", "samples", "churn", pattern);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Workbench.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No Workbench.sln above {AppContext.BaseDirectory}.");
    }
}
