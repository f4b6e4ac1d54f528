namespace Workbench.Notebooks.Tests.Kernel;

[Collection("kernel")]
public sealed class FSharpTests(KernelFixture kernel)
{
    [Theory]
    [InlineData("6 * 7", "42")]
    [InlineData("let x = 5", "")]
    [InlineData("printf \"\"", "")]
    [InlineData("let y = 2\ny + 1", "3")]
    [InlineData("open Workbench.Data\nDataFolder(\"x\").Database = System.IO.Path.Combine(\"x\", \"workbench.db\")", "True")]
    public async Task Execute_Expression_GivesItsValue(string code, string expected)
    {
        var run = await kernel.RunAsync("#!fsharp\n" + code);

        Assert.True(run.Reply.IsOk, run.Traceback);
        Assert.Equal(expected, run.Result);
    }

    [Fact]
    public async Task Execute_Prints_GoToTheCell()
    {
        var run = await kernel.RunAsync("#!f#\nprintfn \"a%d\" 1\nSystem.Console.WriteLine(\"b\")\neprintfn \"e\"");

        Assert.Equal("a1\nb\n", run.Stdout);
        Assert.Equal("e\n", run.Stream("stderr"));
    }

    [Fact]
    public async Task Execute_Records_AreATable() =>
        Assert.Contains("Name  Age", (await kernel.RunAsync("#!fsharp\ntype P = { Name: string; Age: int }\n[ { Name = \"a\"; Age = 1 }; { Name = \"b\"; Age = 2 } ]")).Result, StringComparison.Ordinal);

    [Fact]
    public async Task Execute_DoesNotCompile_GivesPlaceInTheCell()
    {
        var run = await kernel.RunAsync("#!fsharp\nlet a = 1\nlet b = nowhere + 1");

        Assert.Equal("CompilationError", run.Reply.ErrorName);
        Assert.Contains($"Cell[{run.Reply.ExecutionCount}](3,9): error FS0039", run.Traceback, StringComparison.Ordinal);
        Assert.Contains("\n            ~~~~~~~", run.Traceback, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_Throws_NamesFunctionCellAndLine()
    {
        var run = await kernel.RunAsync("#!fsharp\nlet boom (q: int) : int =\n    invalidOp (string q)\n\nboom 3");

        Assert.Equal("System.InvalidOperationException", run.Reply.ErrorName);
        Assert.Equal("3", run.Reply.ErrorMessage);
        Assert.True(run.Traceback.Contains($"at Cell[{run.Reply.ExecutionCount}]:line 5", StringComparison.Ordinal), run.Traceback);
        Assert.Contains($"at boom(Int32 q) in Cell[{run.Reply.ExecutionCount}]:line 3", run.Traceback, StringComparison.Ordinal);
        Assert.DoesNotContain("FSI_", run.Traceback, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Share_BothWays_KeepsTheValue()
    {
        await kernel.RunAsync("var numbers = new List<int> { 1, 2 }; var table = new DataFrame(new Int32DataFrameColumn(\"n\", new[] { 4, 5 }));");
        var added = await kernel.RunAsync("#!fsharp\n#!share numbers --from csharp\nnumbers.Add 3\nnumbers.Count");
        Assert.True(added.Reply.IsOk, added.Traceback);
        Assert.Equal("3", added.Result);
        Assert.Equal("3", (await kernel.RunAsync("numbers.Count")).Result); // the same list
        Assert.Equal("2", (await kernel.RunAsync("#!fsharp\n#!share table --from csharp\ntable.Rows.Count")).Result);

        await kernel.RunAsync("int limit = 3; string word = \"w\";");
        Assert.Equal("4w", (await kernel.RunAsync("#!fsharp\n#!share limit --from csharp\n#!share word --from csharp\nsprintf \"%d%s\" (limit + 1) word")).Result);
        await kernel.RunAsync("#!fsharp\nlet squares = [ for i in 1 .. 4 -> i * i ]");
        Assert.Equal("30", (await kernel.RunAsync("#!share squares --from fsharp --as fromFSharp\nfromFSharp.Sum()")).Result);
        Assert.Contains("squares", (await kernel.RunAsync("#!fsharp\n#!who")).Data("display_data", "text/plain"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_CarriedPackage_IsUsed()
    {
        var run = await kernel.RunAsync("#!fsharp\n#r \"nuget: MathNet.Numerics\"\nMathNet.Numerics.SpecialFunctions.Factorial 5");

        Assert.True(run.Reply.IsOk, run.Traceback);
        Assert.Equal("120", run.Result);
    }

    [Theory]
    [InlineData("while true do ()")]
    [InlineData("System.Threading.Thread.Sleep 60000")]
    public async Task Interrupt_RunningCell_EndsItAndTheSessionGoesOn(string code)
    {
        await kernel.RunAsync("#!fsharp\nlet kept = 7");
        var run = await kernel.RunAsync($"#!fsharp\nprintfn \"started\"\nSystem.Console.Out.Flush()\n{code}", kernel.Client.Interrupt);

        Assert.Equal("KeyboardInterrupt", run.Reply.ErrorName);
        Assert.Equal("8", (await kernel.RunAsync("#!fsharp\nkept + 1")).Result);
    }
}
