using System.Dynamic;

namespace Workbench.Notebooks.Tests.Kernel.Formatting;

public sealed class SequenceTests
{
    private sealed record Person(string Name, int? Age, DateTime Born);

    private abstract record Shape(string Name);

    private sealed record Circle(double Radius) : Shape("circle");

    private sealed record Square(double Side) : Shape("square");

    [Theory]
    [InlineData(new[] { 1, 2, 3 }, "[1, 2, 3] (3 items)")]
    [InlineData(new int[0], "[] (0 items)")]
    [InlineData(new[] { "a", null }, "[\"a\", null] (2 items)")]
    public void Format_Scalars_IsAListWithItsCount(object value, string expected) => Assert.Equal(expected, Shown.Text(value));

    [Fact]
    public void Format_EndlessSequence_IsBounded()
    {
        static IEnumerable<int> Endless()
        {
            for (int i = 0; ; i++)
                yield return i;
        }

        Assert.EndsWith("99, …] (first 100 items, there are more)", Shown.Text(Endless()), StringComparison.Ordinal);
        Assert.EndsWith("first 20 rows, there are more × 1 column of anonymous type", Shown.Text(Endless().Select(i => new { Id = i })), StringComparison.Ordinal);
    }

    [Fact]
    public void Format_SequenceThatThrows_ShowsTheRowsBefore()
    {
        static IEnumerable<Circle> Failing()
        {
            yield return new(1.5);
            throw new InvalidDataException("line 2 is bad");
        }

        Assert.Equal(["Radius|Name", "1.5|circle"], Shown.Rows(Failing())[..2]);
        Assert.Equal("The sequence ended after 1 items: InvalidDataException: line 2 is bad", Shown.Lines(Failing())[^1]);
        Assert.Contains("line 2 is bad", Shown.Html(Failing()), StringComparison.Ordinal);
    }

    [Fact]
    public void Format_Records_AreColumnsWithTypesAndMarkedNulls()
    {
        Person?[] people = [new("Ann", 31, new(1990, 5, 1)), new("<b>", null, new(2000, 1, 1)), null];
        var html = Shown.Html(people);

        Assert.Equal(["Name|Age|Born", "Ann|31|1990-05-01", "<b>|null|2000-01-01", "null|null|null"], Shown.Rows(people)[..4]);
        Assert.Contains("<th class=\"n\"><span>Age</span><small>Int32?</small></th>", html, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.EndsWith("3 rows × 3 columns of Person", Shown.Text(people), StringComparison.Ordinal);
    }

    [Fact]
    public void Format_SubclassesOfOneBase_ShowItsColumns() =>
        Assert.Equal("Name", Shown.Lines(new List<Shape> { new Circle(1), new Square(2) })[0]);

    [Fact]
    public void Format_MixedObjects_ShowTypeAndValue()
    {
        var lines = Shown.Lines(new object[] { 1, "two", new Circle(3) });

        Assert.Equal("type    value", lines[0]);
        Assert.StartsWith("Int32   1", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("Circle  Circle {", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Format_DictionaryRows_HaveTheUnionOfTheirKeys()
    {
        dynamic expando = new ExpandoObject();
        expando.A = 1;
        var rows = new List<IDictionary<string, object?>> { new Dictionary<string, object?> { ["A"] = 1, ["B"] = "x" }, expando };

        Assert.Equal(["A|B", "1|x", "1|null"], Shown.Rows(rows)[..3]);
    }

    [Fact]
    public void Format_Dictionaries_AreKeysAndValues()
    {
        Assert.Equal(["key|value", "a|1"], Shown.Rows(new Dictionary<string, int> { ["a"] = 1 })[..2]);
        Assert.Equal(["key|Radius|Name", "a|1.5|circle"], Shown.Rows(new Dictionary<string, Circle> { ["a"] = new(1.5) })[..2]);
    }

    [Fact]
    public void Format_Groups_AreKeyCountAndItems() =>
        Assert.Equal(["key|count|items", "odd|2|[1, 3]"], Shown.Rows(new[] { 1, 2, 3 }.GroupBy(n => n % 2 == 0 ? "even" : "odd"))[..2]);

    [Fact]
    public void Format_Tuples_HaveItems() => Assert.Equal(["Item1|Item2", "1|a"], Shown.Rows(new[] { (1, "a") })[..2]);

    [Fact]
    public void Format_JaggedAndRectangularArrays_AreColumns()
    {
        Assert.Equal(["0|1", "1|2", "3"], Shown.Rows(new[] { new[] { 1, 2 }, [3] })[..3]);
        Assert.Equal(["0|1", "1|2", "3|4", "2 rows × 2 columns of Int32"], Shown.Rows(new[,] { { 1, 2 }, { 3, 4 } }));
    }

    [Fact]
    public void Format_CubicArray_IsNestedBrackets() =>
        Assert.Equal("Int32 [1, 2, 2]\n[[[1, 2],\n  [3, 4]]]", Shown.Text(new[,,] { { { 1, 2 }, { 3, 4 } } }));

    [Fact]
    public void Format_GetterThrows_MarksTheCell()
    {
        var html = Shown.Html(new[] { new Uri("relative", UriKind.Relative) }.Select(uri => new Address(uri)));

        Assert.Contains("<td class=\"e\">InvalidOperationException", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Format_WideTable_CutsColumnsAndSaysSo()
    {
        var rows = new[] { Enumerable.Range(0, 130).ToDictionary(i => "c" + i, i => i) };

        Assert.EndsWith("1 row × 130 columns of Dictionary<String, Int32>, the first 100 columns shown", System.Net.WebUtility.HtmlDecode(Shown.Html(rows).Split("<div class=\"f\"><span>")[1].Split('<')[0]), StringComparison.Ordinal);
        Assert.All(Shown.Lines(rows), line => Assert.True(line.Length <= 165));
    }

    [Fact]
    public void Format_LongText_IsCutWithATitle()
    {
        var text = new string('x', 300);
        var html = Shown.Html(new[] { new { Text = text } });

        Assert.Contains($"title=\"{text}\">{new string('x', 100)}…<", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Format_ManyRows_ShowsAPageAndCarriesTheRest()
    {
        var html = System.Net.WebUtility.HtmlDecode(Shown.Html(Enumerable.Range(0, 1500).Select(i => new { Id = i, Text = "</script>" }).ToList()));

        Assert.Equal(20, html.Split("<script>")[0].Split("<tr>").Length - 2); // the header is a row as well
        Assert.Contains("1,500 rows × 2 columns of anonymous type, the first 20 shown", html, StringComparison.Ordinal);
        Assert.Contains("the first 1,000 shown", html, StringComparison.Ordinal);
        Assert.Contains("[\"999\",", html, StringComparison.Ordinal);
        Assert.DoesNotContain("\"</script>\"", html.Split("<script>")[1], StringComparison.Ordinal); // no text ends the script
        Assert.True(html.Length < 600_000);
    }

    private sealed class Address(Uri uri)
    {
        public string Host => uri.Host;
    }
}
