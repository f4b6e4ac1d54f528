using Workbench.Notebooks.Kernel.Jupyter;

namespace Workbench.Notebooks.Tests.Kernel;

[Collection("kernel")]
public sealed class PythonTests(KernelFixture kernel)
{
    [Fact]
    public async Task Execute_Cell_GivesOutputsInOrderAndTheValue()
    {
        var run = await RunAsync("import sys\nprint('a')\nfrom IPython.display import display, HTML\nh = display(HTML('<b>x</b>'), display_id='d')\nh.update(HTML('<i>y</i>'))\nprint('e', file=sys.stderr)\n6 * 7");

        Assert.True(run.Reply.IsOk, run.Traceback);
        Assert.Equal("42", run.Result);
        Assert.Equal("a\n", run.Stdout);
        Assert.Equal("e\n", run.Stream("stderr"));
        Assert.Equal("<b>x</b>", run.Data("display_data", "text/html"));
        Assert.Equal("<i>y</i>", run.Data("update_display_data", "text/html"));
        Assert.Equal(["execute_input", "stream", "display_data", "update_display_data", "stream", "execute_result"], run.Messages.Select(message => message.Type));
    }

    [Fact]
    public async Task Execute_Error_IsPythons()
    {
        var run = await RunAsync("def f(x):\n    return 1 / x\nf(0)");

        Assert.Equal("ZeroDivisionError", run.Reply.ErrorName);
        Assert.Equal("division by zero", run.Reply.ErrorMessage);
        Assert.Contains("return 1 / x", System.Text.RegularExpressions.Regex.Replace(run.Traceback, @"\e\[[0-9;]*m", ""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3", "int", "3")]
    [InlineData("3.0", "float", "3.0")]
    [InlineData("double.NaN", "float", "nan")]
    [InlineData("long.MaxValue", "int", "9223372036854775807")]
    [InlineData("\"é 𝄞\"", "str", "'é 𝄞'")]
    [InlineData("true", "bool", "True")]
    [InlineData("new[] { 1, 2 }", "list", "[1, 2]")]
    [InlineData("new List<string> { \"a\", null }", "list", "['a', None]")]
    [InlineData("new Dictionary<string, object> { [\"a\"] = 1.5, [\"$kind\"] = \"x\" }", "dict", "{'a': 1.5, '$kind': 'x'}")]
    [InlineData("new DateTime(2024, 2, 3, 4, 5, 6)", "datetime", "datetime.datetime(2024, 2, 3, 4, 5, 6)")]
    [InlineData("new byte[] { 1, 2 }", "bytes", "b'\\x01\\x02'")]
    [InlineData("System.Text.Json.Nodes.JsonNode.Parse(\"[1,{\\\"a\\\":null}]\")", "list", "[1, {'a': None}]")]
    [InlineData("new double[,] { { 1, 2 }, { 3, 4 } }", "list", "[[1.0, 2.0], [3.0, 4.0]]")]
    public async Task Share_CSharpToPython_KeepsTypeAndValue(string expression, string type, string expected)
    {
        await kernel.RunAsync($"object given = {expression};");
        var run = await RunAsync("#!share given --from csharp\nimport datetime\nprint(type(given).__name__, repr(given))");

        Assert.True(run.Reply.IsOk, run.Traceback);
        Assert.Equal($"{type} {expected}\n", run.Stdout);
    }

    [Theory]
    [InlineData("3", "Int32 3")]
    [InlineData("2**40", "Int64 1099511627776")]
    [InlineData("3.0", "Double 3")]
    [InlineData("float('inf')", "Double Infinity")]
    [InlineData("'é'", "String é")]
    [InlineData("[1, 2, 3]", "Int32[] [1,2,3]")]
    [InlineData("[1, 2.5]", "Double[] [1,2.5]")]
    [InlineData("('a', 'b')", "String[] [\"a\",\"b\"]")]
    [InlineData("{'a': [1, 'x'], 'b': None}", "JsonObject {\"a\":[1,\"x\"],\"b\":null}")]
    [InlineData("__import__('numpy').array([1.5, 2])", "Double[] [1.5,2]")]
    [InlineData("__import__('numpy').int64(5)", "Int32 5")]
    [InlineData("__import__('datetime').datetime(2024, 2, 3)", "DateTime \"2024-02-03T00:00:00\"")]
    public async Task Share_PythonToCSharp_KeepsTypeAndValue(string expression, string expected)
    {
        await RunAsync($"given = {expression}");
        var run = await kernel.RunAsync("#!share given --from python --as got\nobject boxed = got;\nboxed.GetType().Name + \" \" + (boxed is string or double ? $\"{boxed}\" : System.Text.Json.JsonSerializer.Serialize(boxed))");

        Assert.True(run.Reply.IsOk, run.Traceback);
        Assert.Equal(expected, run.Result.Replace("\\u0022", "\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Share_DataFrameWithoutPandas_IsADictOfLists()
    {
        await kernel.RunAsync("#!sql --name pt\nSELECT i AS n, CASE WHEN i = 1 THEN NULL ELSE 'x' END AS s FROM range(2) r(i)");
        var run = await RunAsync("#!share pt --from csharp\ntry:\n    import pandas\n    pt = pt.where(pt.notna(), None).to_dict(orient='list')\nexcept ImportError:\n    pass\nprint(pt)");

        Assert.Equal("{'n': [0, 1], 's': ['x', None]}\n", run.Stdout);
    }

    [Theory]
    [InlineData("object()", "builtins.object cannot be shared")]
    [InlineData("{1: 2}", "keys must be texts")]
    [InlineData("2**70", "does not fit 64 bits")]
    public async Task Share_WhatCannotTravel_SaysWhy(string expression, string expected)
    {
        await RunAsync($"odd = {expression}");

        Assert.Contains(expected, (await kernel.RunAsync("#!share odd --from python")).Reply.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Share_WrongNames_AreRefused()
    {
        await RunAsync("present = 1");
        Assert.Contains("no variable 'presen'. Did you mean 'present'?", (await kernel.RunAsync("#!share presen --from python")).Reply.ErrorMessage, StringComparison.Ordinal);
        await kernel.RunAsync("var lambda1 = 1;");
        Assert.Contains("no name for a Python variable", (await kernel.RunAsync("#!python\n#!share lambda1 --from csharp --as lambda")).Reply.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("present", (await RunAsync("#!who")).Data("display_data", "text/plain"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("import time; time.sleep(60)")]
    [InlineData("while True: pass")]
    public async Task Interrupt_RunningCell_EndsItAndKeepsVariables(string code)
    {
        await RunAsync("kept = 7");
        var run = await kernel.RunAsync($"#!python\nprint('started', flush=True)\n{code}", kernel.Client.Interrupt);

        Assert.Equal("KeyboardInterrupt", run.Reply.ErrorName);
        Assert.Equal("8", (await RunAsync("kept + 1")).Result);
    }

    [Fact]
    public async Task Execute_ProcessDies_SaysSoAndTheNextCellStartsANewOne()
    {
        await RunAsync("gone = 1");
        var run = await RunAsync("import os\nos._exit(3)");
        Assert.Contains("exit code 3", run.Reply.ErrorMessage, StringComparison.Ordinal);

        var next = await RunAsync("'gone' in globals()");
        Assert.Equal("False", next.Result);
        Assert.Contains("started anew", next.Stream("stderr"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_InputWithoutAPerson_IsPythonsError() =>
        Assert.Equal("StdinNotImplementedError", (await RunAsync("input('name?')")).Reply.ErrorName);

    [Fact]
    public async Task Complete_Inspect_AskPython()
    {
        await RunAsync("import math");
        var completion = await kernel.Client.RequestAsync("complete_request", new() { ["code"] = "#!python\nmath.sq", ["cursor_pos"] = 16 }, TestContext.Current.CancellationToken);
        var inspection = await kernel.Client.RequestAsync("inspect_request", new() { ["code"] = "#!python\nmath.sqrt", ["cursor_pos"] = 18, ["detail_level"] = 0 }, TestContext.Current.CancellationToken);

        Assert.Contains("sqrt", completion.Content["matches"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("square root", inspection.Content["data"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_KernelNotInstalled_SaysHowToInstall()
    {
        using var language = new JupyterLanguage("python", "python3-absent", (_, _) => "");

        var failure = Assert.Throws<Workbench.Data.DataException>(() => language.Completeness("1"));

        Assert.Contains("needs the Jupyter kernel 'python3-absent'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("jupyter kernelspec list", failure.Message, StringComparison.Ordinal);
    }

    private Task<CellRun> RunAsync(string code) => kernel.RunAsync("#!python\n" + code);
}
