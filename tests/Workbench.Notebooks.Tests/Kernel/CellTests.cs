namespace Workbench.Notebooks.Tests.Kernel;

[Collection("kernel")]
public sealed class CellTests(KernelFixture kernel)
{
    [Theory]
    [InlineData("6 * 7", "42")]
    [InlineData("\"text\"", "text")]
    [InlineData("await Task.FromResult(3.5)", "3.5")]
    [InlineData("var y = 1;", "")]
    [InlineData("new Workbench.Data.DataFolder(\"x\").Database == Path.Combine(\"x\", \"workbench.db\")", "True")]
    [InlineData("new Uri(\"http://a/b\").Host", "a")]
    [InlineData("typeof(FeatureSchema).Name + typeof(ReplayClock).Name + typeof(PlotlyFigure).Name", "FeatureSchemaReplayClockPlotlyFigure")]
    public async Task Execute_Expression_GivesItsValue(string code, string expected)
    {
        var run = await kernel.RunAsync(code);

        Assert.True(run.Reply.IsOk, run.Traceback);
        Assert.Equal(expected, run.Result);
    }

    [Fact]
    public async Task Execute_Prints_KeepTheirOrderBeforeTheResult()
    {
        var run = await kernel.RunAsync("Console.WriteLine(\"a\"); display(HTML(\"<b>x</b>\")); Console.Write(\"b\"); Console.Error.Write(\"e\"); 5");

        Assert.Equal("a\nb", run.Stdout);
        Assert.Equal("e", run.Stream("stderr"));
        Assert.Equal("<b>x</b>", run.Data("display_data", "text/html"));
        Assert.Equal("execute_result", run.Messages[^1].Type);
        var types = run.Messages.Select(message => message.Type).ToList();
        Assert.True(types.IndexOf("stream") < types.IndexOf("display_data"));
    }

    [Fact]
    public async Task Execute_ManyPrints_LosesNone()
    {
        var run = await kernel.RunAsync("for (int i = 0; i < 20000; i++) Console.WriteLine(i);");

        Assert.Equal(string.Concat(Enumerable.Range(0, 20000).Select(i => i + "\n")), run.Stdout);
    }

    [Fact]
    public async Task Execute_Throws_NamesFunctionCellAndLine()
    {
        var declared = await kernel.RunAsync("int Boom(int q)\n{\n    throw new InvalidOperationException(\"no \" + q);\n}");
        var run = await kernel.RunAsync("var before = 11;\n\nBoom(3)");

        Assert.Equal("System.InvalidOperationException", run.Reply.ErrorName);
        Assert.Equal("no 3", run.Reply.ErrorMessage);
        Assert.Contains($"at Boom(Int32 q) in Cell[{declared.Reply.ExecutionCount}]:line 3", run.Traceback, StringComparison.Ordinal);
        Assert.Contains($"at Cell[{run.Reply.ExecutionCount}]:line 3", run.Traceback, StringComparison.Ordinal);
        Assert.DoesNotContain("Submission#", run.Traceback, StringComparison.Ordinal);
        Assert.Equal("11", (await kernel.RunAsync("before")).Result); // what ran before the error stays
    }

    [Fact]
    public async Task Execute_DoesNotCompile_GivesPositionAndLine()
    {
        var run = await kernel.RunAsync("int a = 1;\n\tint b = nowhere;");

        Assert.Equal("CompilationError", run.Reply.ErrorName);
        Assert.Contains("(2,10): error CS0103", run.Traceback, StringComparison.Ordinal);
        Assert.Contains("    \tint b = nowhere;\n    \t        ~~~~~~~", run.Traceback, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_Warning_IsShownWithItsPlaceAndTheCellRuns()
    {
        var run = await kernel.RunAsync("async Task Later()\n{\n    Task.Delay(1);\n    await Task.Yield();\n}\n5");

        Assert.Contains("(3,5): warning CS4014", run.Stream("stderr"), StringComparison.Ordinal);
        Assert.Equal("5", run.Result);
    }

    [Fact]
    public async Task Execute_UsingVariable_IsDisposedWhenTheCellEnds()
    {
        var run = await kernel.RunAsync("using var first = new MemoryStream(); using MemoryStream second = new(new byte[3]);\nsecond.Length + first.Length");

        Assert.Equal("3", run.Result);
        Assert.Equal("False False", (await kernel.RunAsync("$\"{first.CanRead} {second.CanRead}\"")).Result);
        Assert.Contains("declared with 'using var'", (await kernel.RunAsync("first.Length")).Reply.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_UsingVariableOfACellThatFails_IsDisposed()
    {
        Assert.False((await kernel.RunAsync("using var held = new MemoryStream();\nthrow new Exception(\"x\");")).Reply.IsOk);

        Assert.Equal("False", (await kernel.RunAsync("held.CanRead")).Result);
    }

    [Fact]
    public async Task Execute_NullExpression_IsShownAndVoidIsNot()
    {
        Assert.Equal("null", (await kernel.RunAsync("(string)null")).Result);
        Assert.Equal("", (await kernel.RunAsync("Console.Write(1)")).Result);
    }

    [Fact]
    public async Task Execute_UnknownMagic_NamesTheNearest()
    {
        var run = await kernel.RunAsync("#!sqll\nSELECT 1");

        Assert.Contains("'#!sqll'. Did you mean '#!sql'?", run.Reply.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_StepMagic_RunsTheCell() => Assert.Equal("2", (await kernel.RunAsync("#!step train --in a\n1 + 1")).Result);

    [Fact]
    public async Task Execute_SqlNamed_IsADataFrameInCSharpAndATableInSql()
    {
        await kernel.RunAsync("#!sql --name numbers\nSELECT i::INTEGER AS i, i / 2.0 AS half, CASE WHEN i = 2 THEN NULL ELSE 'n' || i END AS name FROM range(4) r(i)");

        Assert.Equal("Int32 Double String 4", (await kernel.RunAsync(
            "$\"{numbers[\"i\"].DataType.Name} {numbers[\"half\"].DataType.Name} {numbers[\"name\"].DataType.Name} {numbers.Rows.Count}\"")).Result);
        await kernel.RunAsync("numbers[\"i\"][0] = 100;");
        var sum = await kernel.RunAsync("#!sql\nSELECT sum(i) AS total, count(name) AS names FROM numbers");
        Assert.Contains("106", sum.Result, StringComparison.Ordinal); // 100 + 1 + 2 + 3: the change in C# is seen
        Assert.Matches(@"\b3\b", sum.Result); // one name is null
    }

    [Fact]
    public async Task Execute_SqlParameter_IsTheVariable()
    {
        await kernel.RunAsync("int limit = 3; string word = \"x'y\";");
        var run = await kernel.RunAsync("#!sql\nSELECT count(*) AS n, $word AS w, '$not' AS text FROM range($limit)");

        Assert.Contains("x'y", run.Result, StringComparison.Ordinal);
        Assert.Contains("$not", run.Result, StringComparison.Ordinal);
        Assert.Contains("no C# variable 'absent'", (await kernel.RunAsync("#!sql\nSELECT $absent")).Reply.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_SqlError_NamesTheLineOfTheCell() =>
        Assert.Contains("LINE 3", (await kernel.RunAsync("#!sql\nSELECT 1,\n  nowhere FROM range(2)")).Reply.ErrorMessage, StringComparison.Ordinal);

    [Fact]
    public async Task Execute_DataFrame_MarksNullsAndCountsRows()
    {
        var run = await kernel.RunAsync("new DataFrame(new StringDataFrameColumn(\"a<b\", new[] { \"x\", null }), new Int32DataFrameColumn(\"n\", new int?[] { 1, null }))");
        var html = run.Data("execute_result", "text/html");

        Assert.Contains("a&lt;b", html, StringComparison.Ordinal);
        Assert.Contains("<i>null</i>", html, StringComparison.Ordinal);
        Assert.Contains("Int32, 1 null", html, StringComparison.Ordinal);
        Assert.EndsWith("2 rows × 2 columns", run.Result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_SequenceOfRecords_HasColumns()
    {
        var run = await kernel.RunAsync("Enumerable.Range(1, 30).Select(i => new { Id = i, Name = \"n\" + i })");

        Assert.Contains("Id  Name", run.Result, StringComparison.Ordinal);
        Assert.Contains("30 rows × 2 columns of anonymous type, the first 20 shown", run.Result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_Figure_IsPlotlyJsonAndHtml()
    {
        var run = await kernel.RunAsync("Chart.Bar(\"t </script>\", \"x\", \"y\", new[] { \"a\" }, new[] { 1.0 })");

        Assert.Contains("\"type\":\"bar\"", run.Data("execute_result", "application/vnd.plotly.v1+json").Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Single(run.Data("execute_result", "text/html").Split("</script>")[1..]); // the title does not end the script
    }

    [Fact]
    public async Task Execute_UpdateDisplay_KeepsTheId()
    {
        var run = await kernel.RunAsync("var shown = display(\"a\"); shown.Update(\"b\");");
        var first = run.Messages.Single(message => message.Type == "display_data");
        var second = run.Messages.Single(message => message.Type == "update_display_data");

        Assert.Equal(first.Content["transient"]?["display_id"]?.ToString(), second.Content["transient"]?["display_id"]?.ToString());
        Assert.Equal("b", second.Content["data"]?["text/plain"]?.ToString());
    }

    [Fact]
    public async Task Execute_InputWithoutAPerson_SaysWhatToDo() =>
        Assert.Contains("tagged 'parameters'", (await kernel.RunAsync("input(\"name?\")")).Reply.ErrorMessage, StringComparison.Ordinal);

    [Fact]
    public async Task Execute_StepDataOutsideAStep_SaysSo() =>
        Assert.Contains("only while a pipeline step runs", (await kernel.RunAsync("StepData.Load<int>(\"x\")")).Reply.ErrorMessage, StringComparison.Ordinal);

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("new ManualResetEvent(false).WaitOne();")]
    [InlineData("await Task.Delay(-1, CellCancellation);")]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("Task.Delay(-1).Wait();")]
    [InlineData("while (true) { try { Thread.Sleep(1000); } catch (Exception) { } }")]
    [InlineData("while (true) { try { while (true) { } } catch { } }")]
    [InlineData("while (true) { try { await Task.Delay(20); } catch { } }")]
    [InlineData("await Task.Delay(10); while (true) { }")]
    [InlineData("await Task.Delay(10); while (true) { try { Thread.Sleep(50); } catch { } }")]
    public async Task Interrupt_RunningCell_EndsItAndTheKernelGoesOn(string code)
    {
        var run = await kernel.RunAsync($"Console.WriteLine(\"started\"); Console.Out.Flush();\n{code}", kernel.Client.Interrupt);

        Assert.Equal("KeyboardInterrupt", run.Reply.ErrorName);
        Assert.Equal("2", (await kernel.RunAsync("1 + 1")).Result);
    }

    [Fact]
    public async Task Interrupt_LongQuery_EndsIt()
    {
        var running = kernel.RunAsync("#!sql\nSELECT count(*) FROM range(100000000) a, range(100000) b");
        await Task.Delay(500, TestContext.Current.CancellationToken); // a query prints nothing by which to see that it runs
        kernel.Client.Interrupt();

        Assert.Equal("KeyboardInterrupt", (await running).Reply.ErrorName);
        Assert.Equal("2", (await kernel.RunAsync("1 + 1")).Result);
    }

    [Fact]
    public async Task Interrupt_LoopThatSwallowsEverything_IsNotResumedBehindItsAwait()
    {
        await kernel.RunAsync("int rounds = 0;");
        await kernel.RunAsync("Console.WriteLine(\"started\"); Console.Out.Flush();\nwhile (true) { try { await Task.Delay(10); rounds++; } catch { } }", kernel.Client.Interrupt);

        Assert.Equal("True", (await kernel.RunAsync("int before = rounds; await Task.Delay(200); rounds == before")).Result);
    }

    [Fact]
    public async Task Interrupt_NativeCall_SaysThatItCannotBeStopped()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Calls libc.");
        await kernel.RunAsync("""
            [System.Runtime.InteropServices.DllImport("libc")] static extern int pipe(int[] ends);
            [System.Runtime.InteropServices.DllImport("libc")] static extern nint read(int end, byte[] buffer, nint count);
            [System.Runtime.InteropServices.DllImport("libc")] static extern nint write(int end, byte[] buffer, nint count);
            """);
        var run = await kernel.RunAsync("""
            var ends = new int[2];
            pipe(ends);
            _ = Task.Delay(4000).ContinueWith(_ => write(ends[1], new byte[1], 1));
            Console.WriteLine("started"); Console.Out.Flush();
            read(ends[0], new byte[1], 1);
            """, kernel.Client.Interrupt);

        Assert.Contains("restart the kernel", run.Stream("stderr"), StringComparison.Ordinal);
        Assert.Equal("KeyboardInterrupt", run.Reply.ErrorName);
        Assert.Equal("2", (await kernel.RunAsync("1 + 1")).Result);
    }

    [Fact]
    public async Task Execute_WaitsForItsOwnAsyncCode_DoesNotHang() =>
        Assert.Equal("5", (await kernel.RunAsync("async Task<int> Five() { await Task.Delay(20); return 5; }\nFive().GetAwaiter().GetResult()")).Result);

    [Fact]
    public async Task Execute_ExceptionNobodyCatches_IsToldAndTheKernelLives()
    {
        var thread = await kernel.RunAsync("var broken = new Thread(() => throw new Exception(\"in a thread\")); broken.Start(); broken.Join();");
        var voided = await kernel.RunAsync("async void Lost() { await Task.Delay(10); throw new Exception(\"in async void\"); }\nLost(); await Task.Delay(200);");

        Assert.Contains("in a thread", thread.Stream("stderr"), StringComparison.Ordinal);
        Assert.Contains("in async void", voided.Stream("stderr"), StringComparison.Ordinal);
        Assert.Equal("2", (await kernel.RunAsync("1 + 1")).Result);
    }

    [Fact]
    public async Task Execute_NativeAndChildOutput_ReachesTheCell()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Native output is taken over on Linux only.");
        await kernel.RunAsync("[System.Runtime.InteropServices.DllImport(\"libc\")] static extern int puts(string text);");
        var run = await kernel.RunAsync("for (int i = 0; i < 500; i++) puts(\"ü\" + i);");
        var child = await kernel.RunAsync("System.Diagnostics.Process.Start(\"sh\", [\"-c\", \"echo out; echo err >&2\"]).WaitForExit();");

        Assert.Equal(string.Concat(Enumerable.Range(0, 500).Select(i => $"ü{i}\n")), run.Stdout);
        Assert.Equal(("out\n", "err\n"), (child.Stdout, child.Stream("stderr")));
    }
}
