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
        if (saved.Folder is not null)
            Directory.Move(saved.Folder, _files.At("moved"));
        _folder.Prepare([saved with { Folder = saved.Folder is null ? null : _files.At("moved") }]);
        return StepData.Load<T>("v");
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
