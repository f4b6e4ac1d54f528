using System.Collections.Concurrent;
using System.Diagnostics;
using DuckDB.NET.Data;
using Workbench.Data;
using Workbench.Drift;

namespace Workbench.Core.Tests.Drift.Sketches;

public sealed class DriftPrecisionTests(DriftPrecisionTests.Rows rows) : IClassFixture<DriftPrecisionTests.Rows>
{
    private readonly string _reference = rows.Reference, _current = rows.Current;

    /// <summary>More rows than are always compared exactly.</summary>
    public sealed class Rows : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("workbench-precision-");

        public Rows() => (Reference, Current) = (Write(_folder, "reference", 100_001, 1), Write(_folder, "current", 120_000, 2));

        public string Reference { get; }
        public string Current { get; }

        public void Dispose() => _folder.Delete(true);
    }

    [Fact]
    public void Compare_Decide_GivesTheVerdictsOfExact()
    {
        var exact = DriftReport.Compare(_reference, _current, new() { Precision = DriftPrecision.Exact });

        var decided = DriftReport.Compare(_reference, _current, new() { Precision = DriftPrecision.Decide });

        AssertSameVerdicts(exact, decided);
        Assert.Contains(decided.Columns.SelectMany(column => column.Tests), test => test.Exactness == DriftExactness.Bounded);
    }

    [Theory, InlineData(1 - 1e-7), InlineData(1 + 1e-7), InlineData(0.99), InlineData(1.01)]
    public void Compare_DecideNearTheThreshold_GivesTheVerdictsOfExact(double factor)
    {
        var exact = DriftReport.Compare(_reference, _current, new() { Precision = DriftPrecision.Exact, Correction = PValueCorrection.None });
        // Every threshold a hair beside the exact value: no bounds of a sketch are that narrow.
        DriftOptions Near(DriftPrecision precision)
        {
            var options = new DriftOptions { Precision = precision, Correction = PValueCorrection.None };
            foreach (var column in exact.Columns.Where(column => column.Kind == DriftColumnKind.Numeric))
                options.Test(column.Column, [.. column.Tests.Select(test => Named(test.Test) with { Threshold = Math.Max(1e-9, (test.Direction == DriftDirection.PValueAtOrBelow ? test.PValue!.Value : test.Statistic) * factor) })]);
            return options;
        }

        AssertSameVerdicts(DriftReport.Compare(_reference, _current, Near(DriftPrecision.Exact)), DriftReport.Compare(_reference, _current, Near(DriftPrecision.Decide)));
    }

    [Fact]
    public void Compare_Sketch_BoundsHoldTheExactStatistic()
    {
        var exact = DriftReport.Compare(_reference, _current, new() { Precision = DriftPrecision.Exact });

        var sketched = DriftReport.Compare(_reference, _current, new() { Precision = DriftPrecision.Sketch });

        foreach (var (one, other) in exact.Columns.SelectMany(column => column.Tests).Zip(sketched.Columns.SelectMany(column => column.Tests)))
            Assert.InRange(one.Statistic, other.Lower ?? other.Statistic - 1e-9, other.Upper ?? other.Statistic + 1e-9);
        foreach (var (one, other) in exact.Columns.Zip(sketched.Columns).Where(pair => pair.First.Kind == DriftColumnKind.Categorical))
            Assert.Equal(one.Tests, other.Tests);
    }

    [Fact]
    public void Compare_SmallMemoryLimit_PlansFewerWorkersAndKeepsTheResult()
    {
        var options = new DriftOptions { MemoryLimit = 128L << 20, Workers = 64 };

        // 64 MB for the workers: 4 MB a worker leaves 16 of 64.
        Assert.Equal((16, 32L << 20), (MemoryPlan.Of(options, 1000, 0).Workers, MemoryPlan.Of(options, 1000, 0).DatabaseBytes));
        // A million values a column take 40 MB.
        Assert.Equal(1, MemoryPlan.Of(options, 1000, 1_000_000).Workers);
        AssertSameVerdicts(DriftReport.Compare(_reference, _current), DriftReport.Compare(_reference, _current, options));
    }

    [Fact]
    public void Compare_ExactBeyondTheMemoryLimit_SaysWhatToDo()
    {
        var failure = Assert.Throws<DataException>(() => MemoryPlan.Of(new() { MemoryLimit = 256L << 20 }, 10, 20_000_000));

        Assert.Equal(
            "Exact tests of 20,000,000 values a column need 762 MB, and MemoryLimit 256 MB leaves 128 MB for them. Choose Precision Decide with tests that have bounds (docs/drift.md), which gives the same verdicts, or Sketch, or raise MemoryLimit to 1525 MB.",
            failure.Message);
    }

    [Fact]
    public void Compare_TooSmallAMemoryLimit_IsRefused() =>
        Assert.Contains("MemoryLimit is 1,000 bytes; allowed: 134,217,728 and more.", Assert.Throws<DataException>(() => DriftReport.Compare(_reference, _current, new() { MemoryLimit = 1000 })).Message);

    [Fact]
    public async Task CompareAsync_WithProgress_TellsEveryColumnAndTheTimeLeft()
    {
        var told = new ConcurrentBag<DriftProgress>();

        var report = await DriftReport.CompareAsync(_reference, _current, new() { Progress = new Told(told.Add) }, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(1, report.Columns.Count), told.Select(one => one.Done).Order());
        Assert.Equal(report.Columns.Select(column => column.Column).Order(), told.Select(one => one.Column).Order());
        Assert.All(told, one => Assert.Equal((report.Columns.Count, 220_001L), (one.Total, one.Rows)));
        Assert.Equal(TimeSpan.Zero, told.Single(one => one.Done == one.Total).Left);
        Assert.Equal(TimeSpan.FromSeconds(30), new DriftProgress(2, 8, "x", 1, TimeSpan.FromSeconds(10)).Left);
    }

    [Fact]
    public void Compare_CancelledInALongScan_StopsWithinASecond()
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        // A sketch of two billion values takes far longer than until it is cancelled; counting them does not.
        var endless = DriftSource.Query(connection, "SELECT i::DOUBLE AS x FROM range(2000000000) t(i)");
        using var input = endless.Open();
        using var cancel = new CancellationTokenSource();
        var clock = new Stopwatch();
        using var noted = cancel.Token.Register(clock.Start);
        cancel.CancelAfter(TimeSpan.FromMilliseconds(500));

        Assert.ThrowsAny<OperationCanceledException>(() => new DriftComparison(input, input, new()).Run(cancel.Token));

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    private static DriftTest Named(string name) => DriftTests.Named(name);

    private static void AssertSameVerdicts(DriftReport expected, DriftReport actual)
    {
        Assert.Equal(expected.Columns.Select(column => (column.Column, column.IsDrift)), actual.Columns.Select(column => (column.Column, column.IsDrift)));
        foreach (var (one, other) in expected.Columns.Zip(actual.Columns))
            Assert.Equal(one.Tests.Select(test => (one.Column, test.Test, test.IsDrift)), other.Tests.Select(test => (other.Column, test.Test, test.IsDrift)));
    }

    private static string Write(DirectoryInfo folder, string name, int rows, int seed)
    {
        string path = Path.Combine(folder.FullName, name + ".parquet");
        string u(int k) => $"((hash(i * 31 + {seed * 1000 + k}) >> 11)::DOUBLE / 9007199254740992.0)";
        string normal(int k) => $"(sqrt(-2 * ln(1e-18 + {u(2 * k)})) * cos(6.283185307179586 * {u(2 * k + 1)}))";
        using var session = DuckSession.Open();
        session.Execute($"""
            COPY (SELECT
                {normal(1)} AS same, {normal(2)} + {0.01 * seed} AS little, {normal(3)} * {1 + 0.1 * seed} AS wider, exp({normal(4)}) AS skewed,
                round(exp({normal(5)} + {0.02 * seed}), 2) AS cents, floor({u(12)} * 5) AS counts, 1.7e9 + floor({u(13)} * 1e6) + {seed * 50_000} AS clock,
                if({u(14)} < 0.6, 0, {normal(8)}) AS zeros, if({u(18)} < 0.1, NULL, if({u(19)} < 0.01, 'inf'::DOUBLE, {u(20)})) AS holes,
                'v' || floor({u(21)} * {20 + seed}) AS plan
                FROM range({rows}) t(i)) TO {DuckSession.Literal(path)} (FORMAT parquet)
            """);
        return path;
    }

    private sealed class Told(Action<DriftProgress> onReport) : IProgress<DriftProgress>
    {
        public void Report(DriftProgress value) => onReport(value);
    }
}
