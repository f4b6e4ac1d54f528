using DuckDB.NET.Data;
using Workbench.Data;
using Workbench.Drift;
using Workbench.Drift.Multivariate;

namespace Workbench.Core.Tests.Drift.Multivariate;

/// <summary>Reports over many columns together, on rows whose drift is put in by hand.</summary>
public sealed class TogetherTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("workbench-together-");

    public void Dispose() => _folder.Delete(true);

    [Fact]
    public void Compare_DependenceTurnsAround_OnlyTogetherDrifts()
    {
        string reference = Rows("a", 1, 1), current = Rows("b", 2, -1);

        var report = DriftReport.Compare(reference, current, new DriftOptions { Multivariate = new() { Tests = [DriftTests.Mmd(rows: 300), DriftTests.Lsdd(rows: 300)] }, Correlations = new() });

        // Every column for itself has the same distribution.
        Assert.False(report.IsDataDrift, string.Join("; ", report.Drifted.Select(column => $"{column.Column}: {column.Reason}")));
        var together = report.Multivariate!;
        Assert.True(together.IsDrift);
        Assert.True(together.Reconstruction!.IsDrift);
        Assert.True(together.Classifier!.IsDrift);
        // u and v turned around; the trees need both, and the other columns are noise.
        Assert.Equal(["u", "v"], together.Classifier.Importances.Take(2).Select(one => one.Column).Order());
        Assert.True(together.Classifier.Importances.Take(2).Sum(one => one.Share) > 0.8);
        Assert.Equal(["mmd", "lsdd"], together.Tests.Select(test => test.Test));
        Assert.True(together.Tests[0].IsDrift);
        var change = report.Correlations!.Changes[0];
        Assert.Equal(("u", "v", true), (change.First, change.Second, change.IsDrift));
        Assert.Equal((0.95, -0.95), (change.Reference, change.Current), (x, y) => Math.Abs(x.Item1 - y.Item1) < 0.02 && Math.Abs(x.Item2 - y.Item2) < 0.02);
        Assert.Contains("u and v went from 0.9", report.Correlations.Sentence);
        Assert.Equal(2, report.Correlations.DriftedPairs); // Pearson and Spearman of the one pair
        Assert.Equal(report.ToJson(), DriftReport.Parse(report.ToJson()).ToJson());
        Assert.Equal(1 + report.Columns.Count + 2 + 6, report.ToFigures().Count);
    }

    [Fact]
    public void Compare_SameDistribution_NothingDriftsTogether()
    {
        var report = DriftReport.Compare(Rows("a", 1, 1), Rows("b", 3, 1), new DriftOptions
        {
            Multivariate = new() { Tests = [DriftTests.Mmd(rows: 300), DriftTests.MmdLinear(), DriftTests.Lsdd(rows: 300)] },
            Correlations = new(),
        });

        Assert.False(report.Multivariate!.IsDrift, report.Multivariate.Sentence);
        Assert.False(report.Correlations!.IsDrift, report.Correlations.Sentence);
        Assert.InRange(report.Multivariate.Classifier!.Area, 0.45, 0.55);
    }

    [Theory]
    [InlineData(DomainLearner.BoostedTrees)]
    [InlineData(DomainLearner.LogisticRegression)]
    public void Compare_WithItself_IsChance(DomainLearner learner)
    {
        // Every row has its twin on the other side.
        string rows = Rows("a", 1, 1);

        var classifier = DriftReport.Compare(rows, rows, new DriftOptions { Multivariate = new() { Classifier = learner } }).Multivariate!.Classifier!;

        Assert.False(classifier.IsDrift, classifier.Sentence);
        Assert.InRange(classifier.Area, 0.45, 0.55);
    }

    [Fact]
    public void Compare_LogisticRegression_SeesAShiftAndNamesIt()
    {
        string reference = Write("a", "SELECT random() AS x, random() AS y, ['p', 'q'][1 + (i % 2)] AS c FROM range(1500) t(i)");
        string current = Write("b", "SELECT random() + 0.8 AS x, random() AS y, ['p', 'q'][1 + (i % 2)] AS c FROM range(1500) t(i)");

        var together = DriftReport.Compare(reference, current, new DriftOptions { Multivariate = new() { Classifier = DomainLearner.LogisticRegression, Reconstruction = false } }).Multivariate!;

        // Uniform on [0, 1] against [0.8, 1.8]: a current value is the smaller one with chance 0.2² / 2.
        Assert.Equal(0.98, together.Classifier!.Area, 0.01);
        Assert.Equal("x", together.Classifier.Importances[0].Column);
        Assert.Null(together.Reconstruction);
    }

    [Fact]
    public void Compare_CategoriesThatPartCompany_ChangeCramersV()
    {
        string reference = Write("a", "SELECT ['p', 'q'][1 + (i % 2)] AS c, ['r', 's'][1 + (i % 2)] AS d FROM range(1000) t(i)");
        string current = Write("b", "SELECT ['p', 'q'][1 + (i % 2)] AS c, ['r', 's'][1 + (i // 2 % 2)] AS d FROM range(1000) t(i)");

        var change = Assert.Single(DriftReport.Compare(reference, current, new DriftOptions { Correlations = new() }).Correlations!.Changes);

        // Perfect dependence has a V of 1, none of 0.
        Assert.Equal((CorrelationMeasure.CramersV, 0, true), (change.Measure, change.Current, change.IsDrift));
        Assert.Equal(1, change.Reference, 1e-9);
    }

    [Fact]
    public void Compare_MoreRowsThanTheSample_IsEstimatedAndTheSameTwice()
    {
        var options = new DriftOptions { Multivariate = new() { SampleRows = 300 }, Correlations = new() { SampleRows = 300 } };
        string reference = Rows("a", 1, 1), current = Rows("b", 2, 1);

        var report = DriftReport.Compare(reference, current, options);

        Assert.Equal((DriftExactness.Estimated, 300L), (report.Multivariate!.Exactness, report.Multivariate.ReferenceRows));
        Assert.Equal(report.ToJson(), DriftReport.Compare(reference, current, options).ToJson());
    }

    [Fact]
    public void Compare_OddTables_GiveResults()
    {
        string few = Write("few", "SELECT i::DOUBLE AS x, NULL::DOUBLE AS empty, 3.0 AS constant FROM range(3) t(i)"), ids = Write("ids", "SELECT 1 AS order_id");

        var report = DriftReport.Compare(few, few, new DriftOptions { Multivariate = new() { Tests = [DriftTests.Mmd(), DriftTests.Lsdd()] }, Correlations = new() });
        var none = DriftReport.Compare(ids, ids, new DriftOptions { Multivariate = new(), Correlations = new() });

        Assert.Null(report.Multivariate!.Classifier);
        Assert.False(report.Multivariate.IsDrift, report.Multivariate.Sentence);
        Assert.Equal(0, report.Correlations!.Pairs); // the only pair has a constant column
        Assert.Equal("There is no column to compare.", none.Multivariate!.Sentence);
        Assert.Equal("There is no pair of columns to compare.", none.Correlations!.Sentence);
    }

    [Fact]
    public void Compare_WrongOptions_ListsThemAll()
    {
        string file = Write("a", "SELECT 1 AS x");
        var options = new DriftOptions
        {
            Multivariate = new() { VarianceShare = 1, Tests = [DriftTests.Psi()] }, Correlations = new() { Threshold = 0 }, Text = new() { LeastRows = 0 },
        };

        string message = Assert.Throws<DataException>(() => DriftReport.Compare(file, file, options)).Message;

        Assert.Contains("VarianceShare is 1", message);
        Assert.Contains("'psi', which compares no rows", message);
        Assert.Contains("Threshold is 0", message);
        Assert.Contains("LeastRows is 0", message);
    }

    // u and v go together or against each other; w and c are noise. Each column is the same with either sign.
    private string Rows(string name, int seed, int sign)
    {
        const int Count = 2000;
        double[] u = Samples.Bell(seed * 10, Count), e = Samples.Bell(seed * 10 + 1, Count), w = Samples.Bell(seed * 10 + 2, Count);
        var lines = Enumerable.Range(0, Count).Select(i => FormattableString.Invariant($"{u[i]},{sign * (0.95 * u[i] + 0.31 * e[i])},{w[i]},{(w[i] + e[i] > 0 ? "p" : "q")}{i % 3}"));
        string csv = Path.Combine(_folder.FullName, name + ".csv");
        File.WriteAllLines(csv, ["u,v,w,c", .. lines]);
        return Write(name, $"SELECT * FROM read_csv('{csv}')");
    }

    private string Write(string name, string sql)
    {
        string path = Path.Combine(_folder.FullName, name + ".parquet");
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT setseed(0.{name[0] - 'a' + 1}); COPY ({sql}) TO '{path}' (FORMAT parquet)";
        command.ExecuteNonQuery();
        return path;
    }
}
