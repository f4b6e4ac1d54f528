using DuckDB.NET.Data;
using Workbench.Data;
using Workbench.Drift;

namespace Workbench.Core.Tests.Drift;

/// <summary>Roles, tests for a kind, corrections and presets in a whole report.</summary>
public sealed class DriftRolesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("workbench-roles-");

    public void Dispose() => _folder.Delete(true);

    [Fact]
    public void Compare_TargetAndPrediction_AreReportedApart()
    {
        string reference = Write("a", "SELECT i % 100 AS x, i % 2 AS label, (i % 100) / 100.0::DOUBLE AS score FROM range(2000) t(i)");
        string current = Write("b", "SELECT i % 100 AS x, 1 AS label, 0.5 + (i % 100) / 200.0::DOUBLE AS score FROM range(2000) t(i)");

        var report = DriftReport.Compare(reference, current, new DriftOptions { Target = "label", Prediction = "score" });

        Assert.Equal((ColumnRole.Target, DriftColumnKind.Categorical, true), (report.Target!.Role, report.Target.Kind, report.Target.IsDrift));
        Assert.Equal(("score", DriftColumnKind.Numeric, true), (report.Prediction!.Column, report.Prediction.Kind, report.Prediction.IsDrift));
        // The only feature is stable: the verdict on the data is, too.
        Assert.Equal((0.0, false, 2), (report.DriftedShare, report.IsDataDrift, report.Drifted.Count));
        Assert.Equal(report.ToJson(), DriftReport.Parse(report.ToJson()).ToJson());
    }

    [Theory]
    [InlineData("i % 2", DriftColumnKind.Categorical)]
    [InlineData("(i % 2)::DOUBLE", DriftColumnKind.Categorical)] // labels in a column of doubles
    [InlineData("(i % 4) / 4.0::DOUBLE", DriftColumnKind.Numeric)] // scores of a small tree
    [InlineData("i % 5", DriftColumnKind.Categorical)]
    [InlineData("i % 6", DriftColumnKind.Numeric)]
    [InlineData("'c' || i % 3", DriftColumnKind.Categorical)]
    [InlineData("i % 2 = 0", DriftColumnKind.Boolean)]
    public void Compare_Prediction_IsAScoreOrALabel(string sql, DriftColumnKind kind)
    {
        string file = Write("a", $"SELECT i AS x, {sql} AS y_id FROM range(100) t(i)");
        Assert.Equal(kind, DriftReport.Compare(file, file, new DriftOptions { Prediction = "y_id" }).Prediction!.Kind);
    }

    [Fact]
    public void Compare_LabelsNotThereYet_AreAMissingColumn()
    {
        var report = DriftReport.Compare(Write("a", "SELECT 1 AS x, 1 AS label"), Write("b", "SELECT 1 AS x"), new DriftOptions { Target = "label" });
        Assert.Null(report.Target);
        Assert.Equal(["label"], report.MissingColumns);
    }

    [Fact]
    public void Compare_WrongRolesAndShare_AreAllListed()
    {
        string file = Write("a", "SELECT 1 AS x, 1 AS label");
        var failure = Assert.Throws<DataException>(() => DriftReport.Compare(file, file, new DriftOptions { Target = "lable", Prediction = "lable", DriftShare = 1.5 }));
        Assert.Contains("DriftShare is 1.5; allowed: above 0 up to 1", failure.Message);
        Assert.Contains("Target and Prediction are both 'lable'", failure.Message);
        Assert.Contains("Column 'lable' is on neither side. Did you mean 'label'? Columns: x, label.", failure.Message);
    }

    [Fact]
    public void Tests_OfAKind_JudgeItsColumnsUnlessOneHasItsOwn()
    {
        string file = Write("a", "SELECT i AS x, i AS y, 'c' || i % 3 AS c, i % 2 = 0 AS flag FROM range(100) t(i)");
        var options = new DriftOptions()
            .Tests(DriftColumnKind.Numeric, DriftTests.Energy()).Tests(DriftColumnKind.Categorical, DriftTests.GTest(), DriftTests.CramersV()).Test("y", "welch");

        var columns = DriftReport.Compare(file, file, options).Columns.ToDictionary(column => column.Column, column => string.Join(" ", column.Tests.Select(test => test.Test)));

        Assert.Equal(("energy", "welch", "g cramers-v", "g cramers-v"), (columns["x"], columns["y"], columns["c"], columns["flag"]));
        var failure = Assert.Throws<ArgumentException>(() => new DriftOptions().Tests(DriftColumnKind.Numeric, DriftTests.ChiSquared()));
        Assert.StartsWith("Drift test 'chi2' does not compare Numeric columns. Those that do: ks, psi,", failure.Message);
    }

    [Fact]
    public void Compare_EvidentlyPreset_ChoosesTestsAndJudgesTheShare()
    {
        const string same = "i % 50 AS a, 'v' || i % 3 AS b, i % 3 AS c, i::DOUBLE AS d FROM range(2000) t(i)";
        string reference = Write("a", $"SELECT {same}");
        string half = Write("b", "SELECT i % 50 + 20 AS a, 'w' || i % 3 AS b, i % 3 AS c, i::DOUBLE AS d FROM range(2000) t(i)");
        string quarter = Write("c", "SELECT i % 50 + 20 AS a, 'v' || i % 3 AS b, i % 3 AS c, i::DOUBLE AS d FROM range(2000) t(i)");
        var options = new DriftOptions { Preset = DriftPreset.EvidentlyCompatible };

        var (two, one) = (DriftReport.Compare(reference, half, options), DriftReport.Compare(reference, quarter, options));

        // Integers with at most ten values are categories there; no p-value is adjusted; half of the columns is enough.
        Assert.Equal(["wasserstein", "jensenshannon", "jensenshannon", "wasserstein"], two.Columns.Select(column => column.Tests.Single().Test));
        Assert.Equal(DriftColumnKind.Categorical, two.Columns[2].Kind);
        Assert.Equal((PValueCorrection.None, 0.5, true, false), (two.Correction, two.DriftedShare, two.IsDataDrift, one.IsDataDrift));
        Assert.True(DriftReport.Parse(two.ToJson()).IsDataDrift);
        Assert.False(DriftReport.Parse(one.ToJson()).IsDataDrift);
        Assert.Equal("wasserstein 1.39 ≥ 0.1", one.Columns[0].Reason); // 20 / √(50² - 1)/12
    }

    [Fact]
    public void Compare_NewCategory_IsDriftByItselfInWorkbenchAlone()
    {
        string reference = Write("a", "SELECT 'v' || i % 3 AS c FROM range(3000) t(i)"), current = Write("b", "SELECT if(i < 40, 'new', 'v' || i % 3) AS c FROM range(3000) t(i)");
        Assert.True(DriftReport.Compare(reference, current).IsDataDrift);
        Assert.False(DriftReport.Compare(reference, current, new DriftOptions { Preset = DriftPreset.NannyMlCompatible }).IsDataDrift);
        Assert.True(DriftReport.Compare(reference, current, new DriftOptions { Preset = DriftPreset.NannyMlCompatible, NewCategoryShare = 0.01 }).IsDataDrift);
    }

    [Fact]
    public void Compare_InformingTests_DoNotMakeTheOthersStricter()
    {
        string reference = Write("a", "SELECT i::DOUBLE AS x, i::DOUBLE AS y FROM range(200) t(i)"), current = Write("b", "SELECT i + 28.0 AS x, i::DOUBLE AS y FROM range(200) t(i)");
        var shown = DriftTests.MannWhitney() with { Role = DriftRole.Informs };
        DriftOptions Options(params DriftTest[] tests) => new DriftOptions { Correction = PValueCorrection.Bonferroni }.Tests(DriftColumnKind.Numeric, tests);

        var alone = DriftReport.Compare(reference, current, Options(DriftTests.Ks())).Columns[0].Tests[0];
        var beside = DriftReport.Compare(reference, current, Options(DriftTests.Ks(), shown)).Columns[0].Tests;
        var both = DriftReport.Compare(reference, current, Options(DriftTests.Ks(), DriftTests.MannWhitney())).Columns[0].Tests;

        // Two columns: twice the p-value; with a second deciding test four times.
        Assert.Equal(2 * alone.PValue!.Value, alone.AdjustedPValue!.Value, 1e-15);
        Assert.Equal(alone.AdjustedPValue, beside[0].AdjustedPValue);
        Assert.Equal(2 * beside[1].PValue!.Value, beside[1].AdjustedPValue!.Value, 1e-15);
        Assert.Equal(4 * alone.PValue.Value, both[0].AdjustedPValue!.Value, 1e-15);
    }

    [Theory]
    [InlineData(DriftDirection.StatisticAtOrAbove, 0.2, true)]
    [InlineData(DriftDirection.StatisticAbove, 0.2, false)]
    [InlineData(DriftDirection.PValueAtOrBelow, 0.05, true)]
    [InlineData(DriftDirection.PValueBelow, 0.05, false)]
    public void IsDrift_AtTheThreshold_IsAsTheDirectionSays(DriftDirection direction, double threshold, bool isDrift) =>
        Assert.Equal(isDrift, direction.IsDrift(0.2, 0.05, threshold));

    private string Write(string name, string sql)
    {
        string path = Path.Combine(_folder.FullName, name + ".parquet");
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"COPY ({sql}) TO '{path}' (FORMAT parquet)";
        command.ExecuteNonQuery();
        return path;
    }
}
