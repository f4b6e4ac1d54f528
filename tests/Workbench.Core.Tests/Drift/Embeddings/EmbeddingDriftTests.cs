using DuckDB.NET.Data;
using Workbench.Data;
using Workbench.Drift;

namespace Workbench.Core.Tests.Drift.Embeddings;

public sealed class EmbeddingDriftTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("workbench-embedding-");

    public void Dispose() => _folder.Delete(true);

    [Fact]
    public void Compare_ShiftedComponents_DriftsAndNamesThem()
    {
        var column = Assert.Single(DriftReport.Compare(Vectors("a", 1, 0), Vectors("b", 2, 0.9)).Columns);

        Assert.Equal((DriftColumnKind.Embedding, true), (column.Kind, column.IsDrift));
        Assert.Equal(8, column.Embedding!.Dimensions);
        // Components 2 and 5 are shifted, of eight.
        Assert.Equal(["2", "5"], column.Embedding.Components.Take(2).Select(one => one.Component).Order());
        double Statistic(string test) => column.Tests.Single(one => one.Test == test).Statistic;
        Assert.InRange(Statistic("component-ratio"), 0.25, 0.5); // two, and the odd one by chance at 0.1
        // |Δ| = √2 · 0.9 against a spread of √8 (unit variances).
        Assert.Equal(Math.Sqrt(2) * 0.9, Statistic("mean-distance"), 0.15);
        Assert.Equal(0.45, Statistic("mean-shift"), 0.06);
        // Two normal distributions 1.27 deviations apart: Φ(1.27 / √2).
        Assert.Equal(0.816, Statistic("embedding-classifier"), 0.04);
    }

    [Fact]
    public void Compare_SameDistribution_DoesNotDrift()
    {
        var column = Assert.Single(DriftReport.Compare(Vectors("a", 1, 0), Vectors("b", 3, 0)).Columns);

        Assert.False(column.IsDrift, column.Reason);
    }

    [Fact]
    public void Compare_GroupOfColumns_IsTheSameAsTheList()
    {
        string Split(string file, string name) => Write(name, $"SELECT i, {string.Join(", ", Enumerable.Range(0, 8).Select(i => $"v[{i + 1}] AS e_{i}"))}, 'x' AS c FROM (SELECT row_number() OVER () AS i, v FROM '{file}')");
        string a = Vectors("a", 1, 0), b = Vectors("b", 2, 0.9);

        var grouped = DriftReport.Compare(Split(a, "ga"), Split(b, "gb"), new DriftOptions { Exclude = ["i"] }.Embedding("e", "e_*"));

        Assert.Equal(["c", "e"], grouped.Columns.Select(column => column.Column));
        Assert.Equal(
            DriftReport.Compare(a, b).Columns[0].Tests.Select(test => test.Statistic),
            grouped.Columns[1].Tests.Select(test => test.Statistic));
        Assert.Equal(["e_2", "e_5"], grouped.Columns[1].Embedding!.Components.Take(2).Select(one => one.Component).Order());
    }

    [Fact]
    public void Compare_OddVectors_GiveResults()
    {
        string a = Write("a", "SELECT if(i % 10 = 0, NULL, if(i % 10 = 1, [1.0, NULL], [i, i % 3])) AS v FROM range(100) t(i)"), wide = Write("wide", "SELECT [1.0, 2.0, 3.0] AS v FROM range(20)");
        string ragged = Write("ragged", "SELECT if(i % 2 = 0, [1.0, 2.0], [1.0]) AS v FROM range(20) t(i)"), none = Write("none", "SELECT NULL::DOUBLE[] AS v FROM range(3)");

        var same = DriftReport.Compare(a, a).Columns[0];

        Assert.False(same.IsDrift, same.Reason);
        Assert.Equal((0.1, "10 reference and 10 current vectors with a missing or infinite component were left out."), (same.NullShareReference, same.Note));
        Assert.Equal("the vectors changed from 2 to 3 components", DriftReport.Compare(a, wide).Columns[0].Reason);
        Assert.Contains("not of one length (2 and 1)", DriftReport.Compare(ragged, ragged).Skipped[0].Reason);
        Assert.Equal("the reference has 80 vectors, the current rows have none", DriftReport.Compare(a, none).Columns[0].Reason);
        Assert.Equal("Neither side has a vector.", DriftReport.Compare(none, none).Columns[0].Note);
    }

    [Fact]
    public void Embedding_WrongGroups_SaySo()
    {
        string file = Write("x", "SELECT 1.0 AS e_0, 2.0 AS e_1, 3.0 AS other");

        Assert.Contains("finds 0 columns for 'f_*'", Assert.Throws<DataException>(() => DriftReport.Compare(file, file, new DriftOptions().Embedding("f", "f_*"))).Message);
        Assert.Contains("'e_9' of embedding 'e' is not on both sides", Assert.Throws<DataException>(() => DriftReport.Compare(file, file, new DriftOptions().Embedding("e", "e_0", "e_9"))).Message);
        Assert.Contains("has the name of a column", Assert.Throws<DataException>(() => DriftReport.Compare(file, file, new DriftOptions().Embedding("other", "e_*"))).Message);
        Assert.Throws<ArgumentException>(() => new DriftOptions().Embedding("e", "e_0"));
    }

    [Fact]
    public void CompareNumbers_KernelTestsOfOneColumn_SeeAChangedShape()
    {
        // The same mean and deviation, two humps instead of one.
        double[] one = Samples.Bell(1, 1500), two = [.. Samples.Bell(2, 1500).Select((value, i) => (i % 2 == 0 ? -0.95 : 0.95) + 0.31 * value)];

        var changed = DriftReport.CompareNumbers("x", one, two, DriftTests.Mmd(rows: 400), DriftTests.Lsdd(rows: 400));
        var same = DriftReport.CompareNumbers("x", one, Samples.Bell(3, 1500), DriftTests.Mmd(rows: 400), DriftTests.MmdLinear(), DriftTests.Lsdd(rows: 400));

        Assert.All(changed.Tests, test => Assert.True(test.IsDrift, $"{test.Test} p {test.PValue}"));
        Assert.All(same.Tests, test => Assert.False(test.IsDrift, $"{test.Test} p {test.PValue}"));
        Assert.Equal(1 / 101.0, changed.Tests[0].PValue); // none of 100 permutations is as large
        Assert.Equal([DriftExactness.Estimated, DriftExactness.Exact, DriftExactness.Estimated], same.Tests.Select(test => test.Exactness));
        // The linear-time test is weaker row by row; a shift of 0.6 deviations of 4,000 rows is beyond its noise.
        Assert.True(DriftReport.CompareNumbers("x", Samples.Bell(4, 4000), [.. Samples.Bell(5, 4000).Select(value => value + 0.6)], DriftTests.MmdLinear()).IsDrift);
    }

    private string Vectors(string name, int seed, double shift)
    {
        double[] values = Samples.Bell(seed, 600 * 8);
        string csv = Path.Combine(_folder.FullName, name + ".csv");
        File.WriteAllLines(csv, Enumerable.Range(0, 600).Select(row => string.Join(",", Enumerable.Range(0, 8).Select(i => FormattableString.Invariant($"{values[row * 8 + i] + (i is 2 or 5 ? shift : 0)}")))));
        return Write(name, $"SELECT [{string.Join(", ", Enumerable.Range(0, 8).Select(i => $"column{i}"))}] AS v FROM read_csv('{csv}', header = false)");
    }

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
