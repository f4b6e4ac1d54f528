using Microsoft.CodeAnalysis.Scripting;
using Workbench.Notebooks.Kernel.CSharp;

namespace Workbench.Notebooks.Tests.Kernel.CSharp;

public sealed class CSharpSessionTests
{
    private readonly CSharpSession _session = new();

    [Fact]
    public void Run_CellOfUsingDirectives_TheNextCellKnowsThem()
    {
        Assert.Null(Run("using System.Globalization;"));
        Assert.Null(Run("// nothing"));

        Assert.Equal("", Run("CultureInfo.InvariantCulture.Name"));
    }

    [Fact]
    public void Run_CellThatFailsHalfWay_KeepsWhatItDeclared()
    {
        Assert.Throws<InvalidOperationException>(() => Run("var half = 1; if (half == 1) throw new InvalidOperationException(\"x\"); var never = 2;"));

        Assert.Equal(1, Run("half"));
        Assert.Equal(0, Run("never")); // declared, not reached
    }

    [Fact]
    public void Run_CellThatDoesNotCompile_LeavesTheOnesBeforeAndAfterAlone()
    {
        Run("var kept = 3;");

        Assert.Throws<CompilationErrorException>(() => Run("var kept = missing;"));

        Assert.Equal(4, Run("kept + 1"));
        Assert.Equal(["kept"], _session.Variables.Keys);
    }

    [Fact]
    public void Run_ManyCells_EachSeesThoseBeforeIt()
    {
        for (int i = 0; i < 40; i++) // more than the slots that a session begins with
            Run($"var v{i} = {(i == 0 ? "1" : $"v{i - 1} + 1")};");

        Assert.Equal(40, Run("v39"));
        Assert.Equal(40, _session.Variables.Count);
    }

    [Fact]
    public void Run_Redeclared_TheLaterHidesTheEarlier()
    {
        Run("var x = 1; int Old() => x;");
        Run("var x = \"two\";");

        Assert.Equal("two", _session.Variables["x"].Value);
        Assert.Equal(1, Run("Old()"));
    }

    [Fact]
    public void Run_Warning_IsToldOnceAndBeforeTheCodeRuns()
    {
        var told = new List<string>();

        Assert.Throws<InvalidOperationException>(() =>
            _session.Run("#warning look here\nthrow new InvalidOperationException();", "Cell[1]", TestContext.Current.CancellationToken, warn: told.Add));

        Assert.Contains("look here", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NullableAnnotation_IsNoWarning()
    {
        var told = new List<string>();

        _session.Run("string? name = null;", "Cell[1]", TestContext.Current.CancellationToken, warn: told.Add);

        Assert.Empty(told);
    }

    [Fact]
    public void Run_ExtensionMethodInAClass_SaysHowCellsWriteIt()
    {
        var failure = Assert.Throws<CompilationErrorException>(() => Run("static class Extensions { public static int Twice(this int x) => 2 * x; }"));

        Assert.Contains("without a class around it", CellError.From(failure).Traceback[0], StringComparison.Ordinal);
        Run("static int Twice(this int x) => 2 * x;");
        Assert.Equal(6, Run("3.Twice()"));
    }

    private object? Run(string code) => _session.Run(code, "Cell[1]", TestContext.Current.CancellationToken);
}
