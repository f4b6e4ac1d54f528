using System.Text.RegularExpressions;
using Workbench.Data;
using Workbench.Data.Samples;
using Workbench.Core.Tests.Registry;

namespace Workbench.Core.Tests.Data;

/// <summary>Holds the committed samples to what their README says.</summary>
public sealed class SampleDataTests : IDisposable
{
    // The formulas of data/samples/README.md, as a second implementation.
    private const string Before = """
        (-5.5 - 6.5 * (usage_hours - 42) / 12 + 7.0 * (days_since_login - 12) / 5 - 3.0 * (sessions - 20) / 5
         + 2.5 * (late_payments - 1) + CASE plan WHEN 'basic' THEN 0.6 WHEN 'premium' THEN -0.6 ELSE 0 END)
        """;

    private const string After = """
        (-5.0 + 5.5 * (usage_hours - 42) / 12 + 6.5 * (monthly_price - 43) / 8 + 3.5 * (support_tickets - 3)
         - 4.0 * (discount_percent - 10) / 6 + 1.5 * (late_payments - 1))
        """;

    private static readonly string Committed = Path.Combine(SampleFolder.Root, "data", "samples");

    private readonly DuckSession _session = DuckSession.Open();

    public SampleDataTests() => _session.Execute($"""
        CREATE VIEW churn AS
        SELECT *, 1 + datediff('month', DATE '2024-01-01', event_at) AS month
        FROM read_parquet({DuckSession.Literal(Path.Combine(Committed, "churn", "*.parquet"))})
        """);

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Generate_SameSeed_WritesTheCommittedBytes()
    {
        using var folder = new TemporaryFolder();
        var expected = Regex.Matches(File.ReadAllText(Path.Combine(Committed, "README.md")), "^(?<hash>[0-9a-f]{64})  (?<name>.+)$", RegexOptions.Multiline)
            .ToDictionary(match => match.Groups["name"].Value, match => "sha256:" + match.Groups["hash"].Value);
        var files = SampleData.Generate(folder.Path);
        Assert.Equal(ChurnGenerator.Months + 2, files.Count);
        Assert.Equal(expected, files.ToDictionary(file => Path.GetRelativePath(folder.Path, file), DataSnapshot.HashFile));
        Assert.Equal(expected, expected.Keys.ToDictionary(name => name, name => DataSnapshot.HashFile(Path.Combine(Committed, name))));
    }

    [Fact]
    public void Generate_OtherSeed_WritesOtherRows()
    {
        using var folder = new TemporaryFolder();
        var files = SampleData.Generate(folder.Path, seed: 7);
        Assert.NotEqual(DataSnapshot.Hash(files), DataSnapshot.Hash(files.Select(file => Path.Combine(Committed, Path.GetRelativePath(folder.Path, file)))));
    }

    [Fact]
    public void Churn_EachMonth_HasItsRowsIdsAndRate()
    {
        var months = _session.Query<(int Month, int Rows, int Customers, double Rate)>("SELECT month, count(*), count(DISTINCT customer_id), avg(churned) FROM churn GROUP BY month ORDER BY month");
        Assert.Equal(Enumerable.Range(1, 18), months.Select(month => month.Month));
        Assert.All(months, month =>
        {
            Assert.InRange(month.Rows, 1950, 2050);
            Assert.Equal(month.Rows, month.Customers);
            Assert.InRange(month.Rate, 0.25, 0.35);
        });
        Assert.Equal(0, _session.Scalar<int>("SELECT count(*) FROM churn WHERE row_id <> customer_id || '@' || strftime(event_at, '%Y-%m') OR label_at <> event_at + INTERVAL 30 DAY"));
        Assert.Equal(0, _session.Scalar<int>("SELECT count(*) FROM churn a JOIN churn b USING (customer_id) WHERE a.churned = 1 AND b.month > a.month"));
    }

    /// <summary>Bounds: the project's demo needs a champion above 0.925 that falls below 0.90, and a concept that can be learned again.</summary>
    [Fact]
    public void Churn_BestRules_AreRightAsOftenAsTheReadmeSays()
    {
        var months = _session.Query<(int Month, double Before, double After)>($"SELECT month, avg((({Before} > 0)::INT = churned)::INT), avg((({After} > 0)::INT = churned)::INT) FROM churn GROUP BY month ORDER BY month");
        Assert.All(months.Take(14), month => Assert.InRange(month.Before, 0.94, 0.97));
        Assert.All(months.Skip(14), month => Assert.InRange(month.Before, 0.40, 0.80));
        Assert.All(months.Skip(14), month => Assert.InRange(month.After, 0.94, 0.97));
        Assert.InRange(months.Take(14).Average(month => month.Before), 0.95, 0.96);
    }

    [Fact]
    public void Churn_DataDrift_StartsInMonth13AndStaysAlike()
    {
        var parts = _session.Query<(double Price, double Flex, double Usage, double Tickets)>("""
            SELECT avg(monthly_price), avg((plan = 'flex')::INT), avg(usage_hours), avg(support_tickets)
            FROM churn GROUP BY CASE WHEN month < 13 THEN 1 WHEN month < 15 THEN 2 ELSE 3 END ORDER BY min(month)
            """);
        Assert.Equal(0, parts[0].Flex);
        Assert.InRange(parts[1].Price / parts[0].Price, 1.18, 1.26);
        Assert.All(parts.Skip(1), part => Assert.InRange(part.Flex, 0.12, 0.17));
        // Concept drift leaves the inputs alone: means within 5 % of those before.
        Assert.InRange(parts[2].Price / parts[1].Price, 0.95, 1.05);
        Assert.InRange(parts[2].Usage / parts[1].Usage, 0.95, 1.05);
        Assert.InRange(parts[2].Tickets / parts[1].Tickets, 0.95, 1.05);
    }

    [Fact]
    public void Chat_Slang_OccursOnlyInYearB()
    {
        string a = File.ReadAllText(Path.Combine(Committed, "chat", "year-a.txt")), b = File.ReadAllText(Path.Combine(Committed, "chat", "year-b.txt"));
        Assert.Equal((3000, 3000), (a.Count(letter => letter == '\n'), b.Count(letter => letter == '\n')));
        Assert.All(ChatGenerator.Slang, word =>
        {
            Assert.DoesNotContain(word, a);
            Assert.True(Regex.Count(b, $@"\b{word}\b") > 100, word);
        });
    }

    [Fact]
    public void Samples_AllFiles_AreSmall() =>
        Assert.InRange(Directory.EnumerateFiles(Committed, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length), 1, 3_000_000);
}
