using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Notebooks.Kernel.Formatting;

namespace Workbench.Notebooks.Tests.Kernel.Formatting;

public sealed class SimpleValueTests
{
    public static TheoryData<object, string> Scalars => new()
    {
        { 0.1 + 0.2, "0.30000000000000004" },
        { 1f / 3, "0.33333334" },
        { 12345.678m, "12345.678" },
        { true, "True" },
        { 'x', "x" },
        { DayOfWeek.Friday, "Friday" },
        { new DateTime(2024, 1, 2, 3, 4, 5), "2024-01-02 03:04:05" },
        { new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc), "2024-01-02 03:04:05Z" },
        { new DateTime(2024, 1, 2, 3, 4, 5, 250), "2024-01-02 03:04:05.25" },
        { new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)), "2024-01-02 03:04:05 +02:00" },
        { new DateOnly(2024, 2, 29), "2024-02-29" },
        { TimeSpan.FromSeconds(90), "00:01:30" },
        { BigInteger.Pow(10, 30), "1000000000000000000000000000000" },
        { new Complex(1, -2), "1 - 2i" },
        { (Half)0.5, "0.5" },
        { 1..^2, "1..^2" },
        { typeof(List<int>), "System.Collections.Generic.List`1[System.Int32]" },
        { new byte[] { 1, 255 }, "Byte[2] 01 FF" },
        { new Func<int, string>(n => "x" + n), "Func<Int32, String>" },
    };

    [Theory]
    [MemberData(nameof(Scalars))]
    public void Format_Scalar_IsItsInvariantText(object value, string expected) => Assert.StartsWith(expected, Shown.Text(value), StringComparison.Ordinal);

    [Fact]
    public void Format_Json_IsJsonAndIndentedText()
    {
        var bundle = OutputFormatter.Format(JsonNode.Parse("""{"a":[1,null]}"""));

        Assert.Equal("""{"a":[1,null]}""", bundle.Data["application/json"]!.ToJsonString());
        Assert.Contains("\n  \"a\": [", bundle.Data["text/plain"]!.ToString(), StringComparison.Ordinal);
        using var document = JsonDocument.Parse("[1]");
        Assert.Equal("[1]", OutputFormatter.Format(document).Data["application/json"]!.ToJsonString());
        Assert.Equal("2", Shown.Text(JsonDocument.Parse("2").RootElement));
    }

    [Fact]
    public void Format_Exception_NamesItsCauses()
    {
        var text = Shown.Text(new AggregateException("all", new InvalidOperationException("one"), new ArgumentException("two")));

        Assert.StartsWith("System.AggregateException: all", text, StringComparison.Ordinal);
        Assert.Contains("caused by System.InvalidOperationException: one", text, StringComparison.Ordinal);
        Assert.Contains("caused by System.ArgumentException: two", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Format_PngBytes_IsAnImage()
    {
        byte[] png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2];

        Assert.Equal(Convert.ToBase64String(png), OutputFormatter.Format(png).Data["image/png"]!.ToString());
    }

    [Fact]
    public void Format_Task_SaysThatItIsNotAwaited()
    {
        Assert.Contains("Task<Int32>, not done yet. Write 'await'", Shown.Text(new TaskCompletionSource<int>().Task), StringComparison.Ordinal);
        Assert.Contains("failed with InvalidOperationException: no", Shown.Text(Task.FromException(new InvalidOperationException("no"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Format_Lazy_DoesNotComputeIt()
    {
        var lazy = new Lazy<int>(() => 7);

        Assert.Contains("not computed yet", Shown.Text(lazy), StringComparison.Ordinal);
        Assert.False(lazy.IsValueCreated);
        Assert.Equal(7, lazy.Value);
        Assert.Equal("Lazy<Int32>: 7", Shown.Text(lazy));
    }

    [Fact]
    public void Format_AsyncSequence_SaysHowToReadIt() => Assert.Contains("IAsyncEnumerable<Int32>: go through it with 'await foreach'", Shown.Text(Numbers()), StringComparison.Ordinal);

    [Fact]
    public void Format_ToStringThrows_ShowsTheErrorAndNotTheCell()
    {
        var text = Shown.Text(new Failing());

        Assert.Contains("no text", text, StringComparison.Ordinal);
        Assert.Contains("Failing", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Format_RestrictedToAForm_GivesOnlyThat()
    {
        Assert.Equal(["text/html"], OutputFormatter.Format(new[] { new { A = 1 } }, ["text/html"]).Data.Select(form => form.Key));
        Assert.Equal("**b**", OutputFormatter.Format("**b**", ["text/markdown"]).Data["text/markdown"]!.ToString());
        var failure = Assert.Throws<ArgumentException>(() => OutputFormatter.Format(new[] { new { A = 1 } }, ["text/htm"]));
        Assert.Contains("Did you mean 'text/html'?", failure.Message, StringComparison.Ordinal);
    }

    private static async IAsyncEnumerable<int> Numbers()
    {
        await Task.Yield();
        yield return 1;
    }

    private sealed class Failing
    {
        public override string ToString() => throw new InvalidOperationException("no text");
    }
}
