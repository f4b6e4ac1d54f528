using CsCheck;
using Microsoft.Data.Analysis;
using Workbench.Data;
using Workbench.Notebooks.Running;

namespace Workbench.Notebooks.Tests.Running;

/// <summary>The only class that touches the variable which names a step's folder.</summary>
public sealed class StepDataTests : IDisposable
{
    private readonly TestFiles _files = new();
    private readonly StepFolder _folder;
    private string _savedType = "";

    public StepDataTests()
    {
        _folder = new(_files.Folder);
        _folder.Prepare([]);
        Environment.SetEnvironmentVariable(StepFolder.EnvironmentVariable, _files.Folder);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(StepFolder.EnvironmentVariable, null);
        _files.Dispose();
    }

    [Fact]
    public void Save_JsonValues_RoundTrip()
    {
        Assert.Equal(0.1 + 0.2, RoundTrip(0.1 + 0.2));
        Assert.Equal(double.NegativeInfinity, RoundTrip(double.NegativeInfinity));
        Assert.Equal((1, "a"), RoundTrip((1, "a")));
        Assert.Equal(new DateTimeOffset(2025, 4, 8, 0, 0, 0, TimeSpan.FromHours(2)), RoundTrip(new DateTimeOffset(2025, 4, 8, 0, 0, 0, TimeSpan.FromHours(2))));
        Assert.Equal([1, 2], RoundTrip<IReadOnlyList<int>>([1, 2]));
        Assert.Null(RoundTrip<string?>(null));
        Assert.Equal(2, RoundTrip(new Dictionary<string, int[]> { ["x"] = [1, 2] })["x"][1]);
        Assert.Equal("System.Collections.Generic.Dictionary<System.String, System.Int32[]>", _savedType);
    }

    [Fact]
    public void Save_DataFrame_KeepsTypesAndNulls()
    {
        var frame = RoundTrip(new DataFrame(
            new Int32DataFrameColumn("i", new int?[] { 1, null }),
            new DoubleDataFrameColumn("d", new double?[] { double.NaN, -0.5 }),
            new StringDataFrameColumn("s\"x", new[] { "", null! }),
            new BooleanDataFrameColumn("b", new bool?[] { true, null }),
            new DateTimeDataFrameColumn("t", new DateTime?[] { new DateTime(2025, 4, 8, 1, 2, 3), null })));

        Assert.Equal([typeof(int), typeof(double), typeof(string), typeof(bool), typeof(DateTime)], frame.Columns.Select(column => column.DataType));
        Assert.Equal([1, double.NaN, "", true, new DateTime(2025, 4, 8, 1, 2, 3)], frame.Rows[0].ToArray());
        Assert.Equal([null, -0.5, null, null, null], frame.Rows[1].ToArray());
    }

    [Fact]
    public void Save_EveryColumnType_IsExact()
    {
        var local = new DateTime(2025, 7, 1, 12, 0, 0, DateTimeKind.Local).AddTicks(3);
        AssertFrame(new DataFrame(
            new DecimalDataFrameColumn("m", new decimal?[] { 1.10m, null, decimal.MaxValue, 0.0000000000000000000000000001m }),
            new DateTimeDataFrameColumn("utc", new DateTime?[] { local, DateTime.MinValue, DateTime.MaxValue, null }),
            new DateTimeDataFrameColumn("plain", new DateTime?[] { new DateTime(2025, 1, 1), DateTime.MinValue, new DateTime(1601, 2, 3), null }),
            new CharDataFrameColumn("c", new char?[] { 'x', null, '\'', 'ß' }),
            new SingleDataFrameColumn("f", new float?[] { float.NaN, -0f, null, float.Epsilon }),
            new UInt64DataFrameColumn("u", new ulong?[] { ulong.MaxValue, null, 0, 1 }),
            new SByteDataFrameColumn("sb", new sbyte?[] { -128, null, 127, 0 }),
            new StringDataFrameColumn("M", new[] { "a\0b", null!, "", "zß🎉" })));
        AssertFrame(new DataFrame());
        AssertFrame(new DataFrame(new Int32DataFrameColumn("empty", 0), new StringDataFrameColumn("s", 0)));
    }

    [Fact]
    public void Save_DoublesAndTimes_AreExact()
    {
        Gen.Double.Array.Sample(values => Assert.Equal(values.Select(BitConverter.DoubleToInt64Bits), RoundTrip(values).Select(BitConverter.DoubleToInt64Bits)), iter: 100, threads: 1);
        Gen.Decimal.Sample(value => Assert.Equal(decimal.GetBits(value), decimal.GetBits(RoundTrip(value))), iter: 100, threads: 1);
        Gen.Select(Gen.Long[0, DateTime.MaxValue.Ticks], Gen.Bool.Select(utc => utc ? DateTimeKind.Utc : DateTimeKind.Unspecified)).Sample((ticks, kind) =>
        {
            var back = RoundTrip(new DateTime(ticks, kind));
            Assert.Equal((ticks, kind), (back.Ticks, back.Kind));
        }, iter: 100, threads: 1);
        Gen.Select(Gen.Int, Gen.String.AlphaNumeric, Gen.Double.Array[0, 5]).List[0, 5].Sample(rows =>
            Assert.Equal(rows.Select(row => (row.Item1, row.Item2, string.Join(',', row.Item3))), RoundTrip(rows).Select(row => (row.Item1, row.Item2, string.Join(',', row.Item3)))), iter: 50, threads: 1);
        Assert.Equal(new double[,] { { 1, 2, 3 }, { 4, double.NaN, -0.0 } }, RoundTrip(new double[,] { { 1, 2, 3 }, { 4, double.NaN, -0.0 } }));
        Assert.Equal(DayOfWeek.Friday, RoundTrip(DayOfWeek.Friday));
        Assert.Equal([1, 2, 3], RoundTrip(new byte[] { 1, 2, 3 }));
    }

    [Fact]
    public void Save_ALargeValue_IsAFile()
    {
        var numbers = Enumerable.Range(0, 300_000).Select(i => i * 1.1).ToArray();
        StepData.Save("v", numbers);

        Assert.Equal(StepValueKind.Artifact, _folder.ReadOutput("v").Kind);
        Assert.Equal(numbers, RoundTrip(numbers));
    }

    [Fact]
    public void Save_FilesAndFolders_AreCopied()
    {
        var folder = Directory.CreateDirectory(_files.At("made/report"));
        File.WriteAllText(_files.At("made/report/a.txt"), "A");
        Directory.CreateDirectory(_files.At("made/report/deep/empty"));

        var file = RoundTrip(new FileInfo(_files.At("made/report/a.txt")));
        Assert.Equal(("a.txt", "A"), (file.Name, File.ReadAllText(file.FullName)));
        var back = RoundTrip(folder);
        Assert.Equal("report", back.Name);
        Assert.Equal(["a.txt", "deep", "deep/empty"], back.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Select(below => Path.GetRelativePath(back.FullName, below.FullName)).Order());
        AssertRefused(new FileInfo(_files.At("gone.bin")), "System.IO.FileInfo", "nothing at");
    }

    [Fact]
    public void Save_WhatJsonWouldChange_NamesThePlace()
    {
        AssertRefused(new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["A"] = 1 }, "Dictionary", "bad.Comparer");
        AssertRefused(new Dictionary<string, object> { ["n"] = 1 }, "Dictionary", "bad[0]");
        AssertRefused(new List<Animal> { new Dog("Rex", 3) }, "Animal", "bad[0]");
        AssertRefused(new Counter { Name = "c" }.Counted(), "Counter", "bad._count");
        AssertRefused(new Stack<int>([1, 2]), "Stack", "bad[0]");
        AssertRefused("\ud800", "System.String", "cannot go");
    }

    [Fact]
    public void Save_WhatCannotTravel_NamesVariableTypeAndReason()
    {
        AssertRefused(new Timer(_ => { }), "System.Threading.Timer", "resource");
        AssertRefused(new { A = 1 }, "Anonymous", "no name");
        AssertRefused<Func<int>>(() => 1, "System.Func<System.Int32>", "cannot go");
        AssertRefused(new Secret(), "Secret", "no public properties");
        AssertRefused(Lossy.Of(3), "Lossy", "does not give back");
        AssertRefused<IComparable>(new Version(1, 2), "System.IComparable", "cannot go");
    }

    [Fact]
    public void Load_UnknownName_ListsTheKnown()
    {
        _folder.Prepare([new("a", StepValueKind.Json, "System.Int32", Json: 1)]);

        Assert.Contains("no input 'b'. Known: a.", Assert.Throws<DataException>(() => StepData.Load<int>("b")).Message, StringComparison.Ordinal);
    }

    private void AssertFrame(DataFrame frame)
    {
        var back = RoundTrip(frame);
        Assert.Equal(frame.Columns.Select(column => (column.Name, column.DataType)), back.Columns.Select(column => (column.Name, column.DataType)));
        foreach (var (one, two) in frame.Columns.Zip(back.Columns))
            for (long row = 0; row < frame.Rows.Count; row++)
                Assert.Equal(Bits(one[row]), Bits(two[row]));
    }

    private static object? Bits(object? value) => value switch
    {
        decimal number => string.Join(',', decimal.GetBits(number)),
        DateTime time => (time.Ticks, time.Kind),
        float number => BitConverter.SingleToInt32Bits(number),
        _ => value,
    };

    private static void AssertRefused<T>(T value, string type, string why)
    {
        var message = Assert.Throws<DataException>(() => StepData.Save("bad", value)).Message;
        Assert.Contains("output 'bad' of type", message, StringComparison.Ordinal);
        Assert.Contains(type, message, StringComparison.Ordinal);
        Assert.Contains(why, message, StringComparison.Ordinal);
    }

    private T RoundTrip<T>(T value)
    {
        _folder.Prepare([]);
        StepData.Save("v", value);
        var saved = _folder.ReadOutput("v");
        _savedType = saved.Type;
        if (Directory.Exists(_files.At("moved")))
            Directory.Delete(_files.At("moved"), recursive: true);
        if (saved.Folder is not null)
            Directory.Move(saved.Folder, _files.At("moved"));
        _folder.Prepare([saved with { Folder = saved.Folder is null ? null : _files.At("moved") }]);
        return StepData.Load<T>("v");
    }

    public record Animal(string Name);

    public sealed record Dog(string Name, int Age) : Animal(Name);

    public sealed class Counter
    {
        private int _count;

        public string Name { get; init; } = "";

        public Counter Counted()
        {
            _count++;
            return this;
        }
    }

    public sealed class Secret
    {
        private readonly int _value = 3;

        public override string ToString() => $"{_value}";
    }

    public sealed class Lossy
    {
        public int Value { get; private init; }

        public static Lossy Of(int value) => new() { Value = value };
    }
}
