using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Promotion;

namespace Workbench.Notebooks.Tests.Promotion;

public sealed class StepAnalysisTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Of_SqlAssignmentsAndNames_FollowTheData() => AssertFlow(
        "load:  > customers,limit; score: customers,limit > best; tell: best > ", // the named argument trained: and the local limit are other things
        ("setup", "double best = 0; string Describe(int trained) => $\"{trained}\";"),
        ("step:load", "#!sql --name customers\nSELECT 1 AS id"),
        ("step:load", "int limit = 2; var unused = 5; var trained = 1;"),
        ("step:score", "#!sql --name scored\nSELECT * FROM Customers LIMIT $limit"),
        ("step:score", "best = scored.Rows.Count;"),
        ("step:tell", "Console.WriteLine(best + Describe(trained: 3));\n{ var limit = 9; Console.WriteLine(limit); }"));

    [Theory]
    [InlineData("int x = 1;", "x += 2;", "a:  > x; b: x > x; c: x > ")]
    [InlineData("int x = 1, y = 0;", "(x, y) = (2, 3);", "a:  > x,y; b: x,y > x; c: x > ")]
    [InlineData("int x = 1;", "int.TryParse(\"4\", out x);", "a:  > x; b: x > x; c: x > ")]
    [InlineData("int x = 1;", "void Inner() { x = 4; } Inner();", "a:  > x; b: x > x; c: x > ")]
    [InlineData("int x = 1;", "Action set = () => x = 4; set();", "a:  > x; b: x > x; c: x > ")]
    [InlineData("int x = 1;", "{ ref int r = ref x; r = 3; }", "a:  > x; b: x > x; c: x > ")]
    [InlineData("int x = 1;", "Console.WriteLine($\"{x:F1}\");", "a:  > x; b: x > ; c: x > ")]
    [InlineData("int x = 1;", "var n = nameof(x);", "a:  > x; b: x > ; c: x > ")] // the name must exist where the cell is compiled
    [InlineData("int x = 1;", "var q = (from x in new[] { 1 } select x).ToList();", "a:  > x; b:  > ; c: x > ")]
    [InlineData("int x = 1;", "using (var x = new MemoryStream()) { x.Flush(); }", "a:  > x; b:  > ; c: x > ")]
    [InlineData("int x = 1;", "string x = \"now\";", "a:  > ; b:  > x; c: x > ")]
    [InlineData("var x = new List<int>();", "x.Add(1);", "a:  > x; b: x > x; c: x > ")]
    [InlineData("var x = new List<int>();", "var n = x.Count; Console.WriteLine(x.IndexOf(1));", "a:  > x; b: x > ; c: x > ")]
    [InlineData("var x = new double[3];", "x[0] = 1;", "a:  > x; b: x > x; c: x > ")]
    [InlineData("var x = new double[3];", "Array.Sort(x);", "a:  > x; b: x > x; c: x > ")]
    [InlineData("var x = new double[3];", "Scale(x);", "a:  > x; b: x > x; c: x > ")]
    [InlineData("var x = new double[3];", "Sum(x);", "a:  > x; b: x > ; c: x > ")]
    [InlineData("var x = new Box();", "x.Items[2].Value++;", "a:  > x; b: x > x; c: x > ")]
    [InlineData("var x = new Box();", "x?.Fill();", "a:  > x; b: x > x; c: x > ")]
    [InlineData("var x = new DataFrame(new Int32DataFrameColumn(\"i\", 3));", "x[\"i\"][0] = 5;", "a:  > x; b: x > x; c: x > ")]
    [InlineData("var (x, z) = (1, 2);", "var y = x + z;", "a:  > x,z; b: x,z > ; c: x > ")]
    public void Of_EveryWayToUseAndChange_IsSeen(string a, string b, string expected) => AssertFlow(expected,
        ("setup", "void Scale(double[] v) { v[0] = 2; }\ndouble Sum(double[] v) => v.Sum();\npublic class Item { public int Value; }\npublic class Box { public Item[] Items = new Item[3]; public void Fill() { } }"),
        ("step:a", a), ("step:b", b), ("step:c", "Console.WriteLine(x);"));

    [Fact]
    public void Of_SetupFunctionThatCounts_CarriesItsVariable() => AssertFlow(
        "a:  > counter; b: counter > ",
        ("setup", "int counter = 0; int Next() => Twice(); int Twice() => ++counter;"),
        ("step:a", "Next();"), ("step:b", "Console.WriteLine(Next());"));

    [Fact]
    public void Of_SetupObjects_AreHandedOnOnlyWhenTheyAreData()
    {
        AssertFlow("a:  > rows; b: rows > ",
            ("setup", "public class Logger { public void Info(string text) => Console.WriteLine(text); }\nvar log = new Logger(); var rows = new List<int>();"),
            ("step:a", "log.Info(\"a\"); rows.Add(1);"), ("step:b", "log.Info(\"b\"); Console.WriteLine(rows.Count);"));
    }

    [Theory]
    [InlineData("step:a", "var f = new StringBuilder();", "f.Append(1);", "hand on its text")]
    [InlineData("step:a", "var f = new Stack<int>();", "f.Push(1);", "JSON does not keep it")]
    [InlineData("step:a", "var f = (int i) => i;", "f(1);", "it is a function")]
    [InlineData("step:a", "var f = new System.Net.Http.HttpClient();", "f.ToString();", "resource of this process")]
    [InlineData("step:a", "var f = Task.Run(() => 1);", "f.ToString();", "await it")]
    [InlineData("step:a", "var f = new[] { 1 }.Where(i => i > 0);", "f.Count();", "call .ToList()")]
    [InlineData("step:a", "IComparable f = 3;", "f.CompareTo(3);", "an interface does not say")]
    [InlineData("step:a", "var f = new List<Stream>();", "f.Count();", "it holds Stream, and it holds a resource")]
    [InlineData("step:a", "var f = TorchSharp.torch.nn.Linear(2, 1);", "f.ToString();", "state_dict()")]
    [InlineData("step:a", "record R(int V); var f = new R(1);", "Console.WriteLine(f);", "the type 'R' is declared in a step")]
    [InlineData("step:a", "using System.Globalization; var f = 1;", "Console.WriteLine(CultureInfo.InvariantCulture.Name + f);", "does not compile without the cells of other steps: CS0103")]
    [InlineData("step:a", "#!sql\nCREATE TABLE t AS SELECT 1 AS i", "#!sql\nSELECT * FROM t", "uses the table 't' that cell 1 (id c1) of step 'a' makes")]
    [InlineData("step:a", "var f = new List<(int Count, string Name)>();", "Console.WriteLine(f[0].Count);", "names of a tuple's elements do not travel")]
    [InlineData("", "var f = 1;", "Console.WriteLine(f);", "uses 'f' of cell 1 (id c1), which belongs to no step")]
    [InlineData("", "#!sql\nCREATE TABLE t AS SELECT 1 AS i", "#!sql\nSELECT * FROM t", "of no step makes")]
    public void Of_WhatCannotTravel_IsRefusedWithItsName(string tag, string a, string b, string expected) =>
        Assert.Contains(expected, Refusal((tag, a), ("step:b", b)), StringComparison.Ordinal);

    [Fact]
    public void Of_CellsOutOfOrder_AreRefused()
    {
        Assert.Contains("changes 'x' after step 'b' has used it", Refusal(("step:a", "int x = 1;"), ("step:b", "var y = x;"), ("step:a", "x = 2;")), StringComparison.Ordinal);
        Assert.Contains("uses 'y' of step 'b', which runs later", Refusal(("step:a", "int x = 1;"), ("step:b", "var y = 2;"), ("step:a", "var z = y;")), StringComparison.Ordinal);
        Assert.Contains("uses 'x', which cell 2 (id c2) changes", Refusal(("step:a", "int x = 1;"), ("", "x = 2;"), ("step:b", "var y = x;")), StringComparison.Ordinal);
        Assert.Contains("is run by every step and uses 'x' of step 'a'", Refusal(("step:a", "int x = 1;"), ("setup", "int Twice() => 2 * x;"), ("step:b", "var y = Twice();")), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_WhatMayDiffer_IsAWarning()
    {
        var path = _files.Notebook(
            ("setup", "var random = new Random(7);"),
            ("step:a", "var list = new List<int> { random.Next() };"),
            ("", "list.Add(2);"),
            ("", "this cell does not compile"),
            ("step:b", "Console.WriteLine(list.Count + random.Next());"));

        var warnings = StepAnalysis.Of(NotebookDocument.Load(path), path).Warnings;

        Assert.Contains(warnings, warning => warning.Contains("'list'") && warning.Contains("cell 3 (id c3)"));
        Assert.Contains(warnings, warning => warning.Contains("'random' is a random generator"));
    }

    private void AssertFlow(string expected, params (string, string)[] cells)
    {
        var path = _files.Notebook(cells);
        Assert.Equal(expected, string.Join("; ", StepAnalysis.Of(NotebookDocument.Load(path), path).Steps.Select(step => $"{step.Name}: {string.Join(',', step.Inputs)} > {string.Join(',', step.Outputs)}")));
    }

    private string Refusal(params (string, string)[] cells)
    {
        var path = _files.Notebook(cells);
        return Assert.Throws<DataException>(() => StepAnalysis.Of(NotebookDocument.Load(path), path)).Message;
    }
}
