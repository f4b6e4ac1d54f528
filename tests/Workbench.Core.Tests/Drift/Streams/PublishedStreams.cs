namespace Workbench.Core.Tests.Drift.Streams;

/// <summary>The streams of river's documentation and tests; streams.txt says how they were made.</summary>
internal static class PublishedStreams
{
    private static readonly Dictionary<string, double[]> ByName = Read();

    public static double[] Of(string name) => ByName[name];

    private static Dictionary<string, double[]> Read()
    {
        using var reader = new StreamReader(typeof(PublishedStreams).Assembly.GetManifestResourceStream("streams.txt")!); // embedded by the project
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')
            .ToDictionary(line => line[..2], line => line[3..].Select(digit => (double)(digit - '0')).ToArray());
    }
}
