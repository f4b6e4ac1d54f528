using System.Text.Json.Nodes;
using Workbench.Drift;

namespace Workbench.Host.Tests;

/// <summary><c>workbench drift</c> as a user types it, on the sample data: prices rose and the plan flex came in January 2025.</summary>
public sealed class DriftCommandTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly string Samples = Path.Combine(Checkout.Root, "data", "samples", "churn");
    private static readonly string[] Rows = [Path.Combine(Samples, "2024-1*.parquet"), Path.Combine(Samples, "2025-01.parquet")];

    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-test-").FullName;

    [Fact]
    public async Task Drift_SettingsOfFileAndLine_AreMergedAndEndWithThree()
    {
        string config = Path.Combine(_folder, "drift.json"), html = Path.Combine(_folder, "out", "drift.html"), json = Path.Combine(_folder, "out", "drift.report.json");
        await File.WriteAllTextAsync(config, """{ "exclude": ["churned"], "test": { "age_years": ["ks:0.001", "psi"], "sessions": "js" }, "correction": "bonferroni" }""");

        var (code, output, error) = await RunAsync([.. Rows, "--config", config, "--test", "sessions=wasserstein:0.5", "--kind", "support_tickets=categorical", "--html", html, "--json", json, "--fail-on-drift"]);

        Assert.True(code == ExitCode.GateSaidNo, error);
        var report = DriftReport.Parse(await File.ReadAllTextAsync(json));
        Assert.Equal(["monthly_price", "plan"], report.Drifted.Select(column => column.Column).Order());
        Assert.Equal(PValueCorrection.Bonferroni, report.Correction);
        Assert.DoesNotContain("churned", report.Columns.Select(column => column.Column));
        Assert.Equal(["ks 0.001", "psi 0.2"], Column(report, "age_years").Tests.Select(test => FormattableString.Invariant($"{test.Test} {test.Threshold}")));
        Assert.Equal(["wasserstein 0.5"], Column(report, "sessions").Tests.Select(test => FormattableString.Invariant($"{test.Test} {test.Threshold}")));
        Assert.Equal(DriftColumnKind.Categorical, Column(report, "support_tickets").Kind);
        var lines = output.Split('\n');
        Assert.StartsWith("column", lines[0]);
        Assert.Equal(["monthly_price", "plan"], lines[1..3].Select(line => line.Split(' ')[0]).Order());
        Assert.Contains("new: flex", output);
        Assert.Contains($"2 of {report.Columns.Count} columns drifted", output);
        Assert.Contains("Left out: ", output);
        Assert.Contains("#column=monthly_price", await File.ReadAllTextAsync(html));
    }

    [Fact]
    public async Task Drift_ByMonthWithQualityAndCauses_SaysSinceWhenAndWhy()
    {
        var (code, output, error) = await RunAsync([Path.Combine(Samples, "2024-0*.parquet"), Path.Combine(Samples, "2025-0*.parquet"), "--exclude", "churned", "--columns", "monthly_price,plan,sessions", "--by", "month", "--time", "event_at", "--quality", "--multivariate", "--correlations", "--precision", "exact", "--memory", "2GB", "--causes", "monthly_price"]);
        Assert.True(code == ExitCode.Done, error);
        Assert.Contains("Over 6 chunks (month)", output);
        Assert.Contains("monthly_price drifts since 2025-01", output);
        Assert.Contains("Why:", output);
    }

    [Theory]
    [InlineData("0.5", ExitCode.Done)]
    [InlineData("0.05", ExitCode.GateSaidNo)]
    public async Task Drift_ShareThatFails_DecidesTheExitCode(string share, int expected)
    {
        var (code, output, error) = await RunAsync([.. Rows, "--exclude", "churned", "--fail-share", share, "--json"]);
        Assert.True(code == expected, error);
        Assert.Equal(1, (int)JsonNode.Parse(output)!["schemaVersion"]!); // --json alone prints nothing but the report
    }

    [Theory]
    [InlineData("test", "--test of column 'price' is 'kss'. Did you mean 'ks'?", "--test", "price=kss")]
    [InlineData("threshold", "'2' is no threshold of ks. Allowed: a p-value above 0 and below 1", "--test", "price=ks:2")]
    [InlineData("pair", "--test 'price' is no pair. Give COLUMN=TEST[:X].", "--test", "price")]
    [InlineData("kind", "--kind of column 'price' is 'categoric'. Did you mean 'categorical'? Allowed: numeric", "--kind", "price=categoric")]
    [InlineData("correction", "--correction is 'bonferoni'. Did you mean 'bonferroni'?", "--correction", "bonferoni")]
    [InlineData("preset", "--preset is 'evidentli'. Did you mean 'evidently'? Allowed: workbench, evidently, nannyml.", "--preset", "evidentli")]
    [InlineData("by", "--by 'fortnight' names no chunks.", "--by", "fortnight")]
    [InlineData("limits", "--threshold is 'stdev:3'. Did you mean 'std'? Allowed: test, std:3", "--threshold", "stdev:3")]
    [InlineData("quantile", "--threshold is 'quantile:3': Quantiles lie in [0, 1]", "--threshold", "quantile:3")]
    [InlineData("season", "--season is 'weekdays'. Did you mean 'weekday'?", "--season", "weekdays")]
    [InlineData("precision", "--precision is 'exakt'. Did you mean 'exact'? Allowed: decide, sketch, exact.", "--precision", "exakt")]
    [InlineData("memory", "--memory is '2'. Allowed: a number with MB, GB, MiB or GiB such as 2GB, at least 128MiB.", "--memory", "2")]
    [InlineData("workers", "--workers is 'many'; allowed: whole numbers from 1 on.", "--workers", "many")]
    [InlineData("share", "--fail-share is '1.5'; allowed: numbers above 0 up to 1.", "--fail-share", "1.5")]
    public async Task Drift_WrongOption_IsNamedWithWhatIsAllowed(string _, string expected, params string[] options)
    {
        var (code, _, error) = await RunAsync([.. Rows, .. options]);
        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains(expected, error);
    }

    [Fact]
    public async Task Drift_PresetAndTargetOfTheFile_JudgeAsEvidently()
    {
        string config = Path.Combine(_folder, "drift.json");
        await File.WriteAllTextAsync(config, """{ "preset": "evidently", "target": "churned" }""");
        var (code, output, error) = await RunAsync([.. Rows, "--config", config, "--test", "sessions=kl_div:0.2", "--columns", "sessions,plan,churned", "--json"]);
        Assert.True(code == ExitCode.Done, error);
        var report = DriftReport.Parse(output);
        Assert.Equal((DriftPreset.EvidentlyCompatible, 0.5, PValueCorrection.None), (report.Preset, report.DriftShare!.Value, report.Correction));
        Assert.Equal(["kl_div 0.2"], Column(report, "sessions").Tests.Select(test => FormattableString.Invariant($"{test.Test} {test.Threshold}")));
        Assert.Equal("churned", report.Target!.Column);
    }

    [Fact]
    public async Task Drift_WrongFile_NamesFileSettingAndWhatIsAllowed()
    {
        string config = Path.Combine(_folder, "drift.json");
        await File.WriteAllTextAsync(config, """{ "correction": "all", "kind": { "a": "text!" } }""");
        var (code, _, error) = await RunAsync([.. Rows, "--config", config]);
        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains($"'{config}': correction is 'all'. Allowed: none, bonferroni, benjaminiHochberg.", error);
        Assert.Contains("kind of column 'a' is 'text!'", error);
    }

    [Fact]
    public async Task Drift_Schema_IsThePublishedOne()
    {
        var (code, output, error) = await RunAsync("schema");
        Assert.True(code == ExitCode.Done, error);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "docs", "drift.schema.json")), output);
    }

    private static ColumnDrift Column(DriftReport report, string name) => report.Columns.Single(column => column.Column == name);

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => WorkbenchProcess.RunAsync(_folder, Limit, ["drift", .. arguments]);
}
