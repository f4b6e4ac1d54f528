using System.Diagnostics;
using System.Text.Json;
using Workbench.Core.Tests.Data;
using Workbench.Drift.Categorical;
using Workbench.Drift.Numeric;

namespace Workbench.Core.Tests.Drift;

/// <summary>Seeded cases and what scipy, numpy and the definitions give for them (drift_reference.py, run once by Debian's python3).</summary>
internal static class DriftReference
{
    private const string Python = "/usr/bin/python3";

    public static readonly IReadOnlyDictionary<string, (double[] A, double[] B)> Numbers = new Dictionary<string, (double[], double[])>
    {
        ["few"] = (Bell(1, 7), Bell(2, 6, 0.4)),
        ["few tied"] = ([1, 1, 2, 2, 3], [2, 3, 3, 4, 4]),
        ["unequal few"] = (Bell(3, 5), Bell(4, 400, 0.5)),
        ["twenty"] = (Bell(5, 20), Bell(6, 18, 0.8)),
        ["small"] = (Bell(7, 20), Bell(8, 25, 0.3)),
        ["equal"] = (Bell(9, 400), Bell(10, 333)),
        ["shifted"] = (Bell(11, 1200), Bell(12, 1500, 0.15)),
        ["tied"] = (Bell(13, 300).Select(value => Math.Round(value, 1)).ToArray(), Bell(14, 200, 0.1).Select(value => Math.Round(value, 1)).ToArray()),
        ["counts"] = (Counts(15, 500, 1), Counts(16, 300, 1.2)),
        ["many counts"] = (Counts(17, 2500, 1), Counts(18, 1800, 1.05)),
        ["two values"] = (Samples.Uniform(19, 50).Select(u => u < 0.4 ? 0.0 : 1).ToArray(), Samples.Uniform(20, 70).Select(u => u < 0.6 ? 0.0 : 1).ToArray()),
        ["heavy tails"] = (Heavy(21, 700, 0), Heavy(22, 900, 0.2)),
        ["zeros"] = (Inflated(23, 2000, 0.6), Inflated(24, 1500, 0.55)),
        ["one row"] = ([0.3], Bell(25, 8)),
        ["constant reference"] = (Enumerable.Repeat(2.0, 40).ToArray(), Bell(26, 30, 2)),
        ["same"] = (Bell(27, 50), Bell(27, 50)),
        ["apart"] = (Bell(28, 60), Bell(29, 50, 30)),
        ["large"] = (Skewed(30, 10_500, 1), Skewed(31, 4000, 1.1).Select(value => value - 0.05).ToArray()),
        ["far from zero"] = (Bell(32, 300, 1e9), Bell(33, 400, 1e9 + 0.3)),
    };

    public static readonly IReadOnlyDictionary<string, (long[] A, long[] B)> Categories = new Dictionary<string, (long[], long[])>
    {
        ["three"] = ([50, 30, 20], [40, 20, 40]),
        ["three few"] = ([9, 4, 2], [3, 6, 5]),
        ["two"] = ([12, 5], [3, 9]),
        ["two equal sides"] = ([8, 12], [13, 7]),
        ["two many"] = ([520_000, 480_000], [251_000, 249_000]),
        ["unseen"] = ([5000, 5000, 0], [500, 499, 1]),
        ["vanished"] = ([600, 300, 100], [330, 170, 0]),
        ["same"] = ([10, 20, 30], [20, 40, 60]),
        ["thirty"] = (Enumerable.Range(1, 30).Select(i => 10L * i).ToArray(), Enumerable.Range(1, 30).Select(i => 7L * i + i % 5).ToArray()),
        ["rare"] = ([99_999, 1, 0], [40_000, 3, 2]),
    };

    /// <summary>(t, degrees of freedom).</summary>
    public static readonly IReadOnlyList<(double T, double Degrees)> Students = [(0.5, 1), (3, 2.5), (1.2, 17.3), (8, 40), (2, 900), (2, 1001), (0.01, 5000), (6, 123_456.7), (30, 1e6), (1e-5, 2e6)];

    /// <summary>Values of the Cramér-von Mises statistic.</summary>
    public static readonly IReadOnlyList<double> Limits = [0.02, 0.05, 0.1, 0.2, 0.4614, 0.7435, 1.2];

    private static readonly Lazy<Dictionary<string, JsonElement>?> Answers = new(Ask);

    /// <summary>The numbers under <paramref name="key"/>; null where the reference refuses. Skips the test where Python lacks scipy.</summary>
    public static double[]? Expected(string kind, string name, string key)
    {
        Assert.SkipWhen(Answers.Value is null, "python3-scipy is not installed; apt-get install python3-scipy.");
        var value = Answers.Value[$"{kind} {name}"].GetProperty(key);
        return value.ValueKind == JsonValueKind.Null ? null : value.Deserialize<double[]>();
    }

    public static NumericPair Pair(string name) => new(NumericColumn.Of(Numbers[name].A), NumericColumn.Of(Numbers[name].B));

    public static CategoryPair Table(string name) => Table(Categories[name].A, Categories[name].B);

    public static CategoryPair Table(IReadOnlyList<long> a, IReadOnlyList<long> b) => new(Column(a), Column(b));

    private static CategoryColumn Column(IReadOnlyList<long> counts) =>
        new(counts.Select((rows, i) => (Name: $"c{i:D3}", Rows: rows)).Where(one => one.Rows > 0).ToDictionary(one => one.Name, one => one.Rows), 0);

    private static double[] Bell(int seed, int count, double shift = 0) => Samples.Bell(seed, count).Select(value => value + shift).ToArray();

    private static double[] Counts(int seed, int count, double scale) => Samples.Uniform(seed, count).Select(u => Math.Min(4, Math.Floor(-scale * Math.Log(1 - u)))).ToArray();

    private static double[] Heavy(int seed, int count, double shift) => Samples.Uniform(seed, count).Select(u => Math.Tan(Math.PI * (u - 0.5)) + shift).ToArray();

    private static double[] Skewed(int seed, int count, double scale) => Samples.Uniform(seed, count).Select(u => -scale * Math.Log(1 - u)).ToArray();

    private static double[] Inflated(int seed, int count, double zeros) => Samples.Uniform(seed, count).Select(u => u < zeros ? 0 : u).ToArray();

    private static Dictionary<string, JsonElement>? Ask()
    {
        if (!File.Exists(Python) || Run(["-c", "import scipy.stats"], "").ExitCode != 0)
            return null;
        var cases = Numbers.Select(one => ($"numeric {one.Key}", (object)new { kind = "numeric", a = one.Value.A, b = one.Value.B }))
            .Concat(Categories.Select(one => ($"categorical {one.Key}", (object)new { kind = "categorical", a = one.Value.A, b = one.Value.B })))
            .Concat(Students.Select((one, i) => ($"student {i}", (object)new { kind = "student", t = one.T, df = one.Degrees })))
            .Concat(Limits.Select((x, i) => ($"limit {i}", (object)new { kind = "limit", x })))
            .ToList();
        string script = Path.Combine(SampleFolder.Root, "tests", "Workbench.Core.Tests", "Drift", "drift_reference.py");
        var (exitCode, output, error) = Run([script], JsonSerializer.Serialize(cases.Select(one => one.Item2)));
        Assert.True(exitCode == 0, error);
        return cases.Select(one => one.Item1).Zip(JsonSerializer.Deserialize<JsonElement[]>(output)!).ToDictionary(one => one.First, one => one.Second);
    }

    private static (int ExitCode, string Output, string Error) Run(IEnumerable<string> arguments, string input)
    {
        var start = new ProcessStartInfo(Python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
