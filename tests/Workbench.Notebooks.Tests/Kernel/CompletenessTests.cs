using Workbench.Notebooks.Kernel.CSharp;
using Workbench.Notebooks.Kernel.Languages;

namespace Workbench.Notebooks.Tests.Kernel;

public sealed class CompletenessTests
{
    [Theory]
    [InlineData("1 + 1", "complete")]
    [InlineData("if (true) {", "incomplete")]
    [InlineData("var a = @\"abc", "incomplete")]
    [InlineData("var r = \"\"\"\nx", "incomplete")]
    [InlineData("/* open", "incomplete")]
    [InlineData("var = = 3; }", "invalid")]
    public void Completeness_Code_IsSaid(string code, string expected) => Assert.Equal(expected, CompletenessCheck.Of(code));

    [Fact]
    public void Parse_SeveralLanguages_KeepTheirLines()
    {
        var segments = CellParser.Parse("var a = 1;\n#!sql --name x\nSELECT 1\n#!csharp\na").Cast<CellSegment>().ToList();

        Assert.Equal(["csharp", "sql", "csharp"], segments.Select(segment => segment.Language));
        Assert.Equal("x", segments[1].Options.Values["name"]);
        Assert.Equal("\n\n\n\na", segments[2].Source);
    }

    [Fact]
    public void ParameterNames_TextAndComments_AreNotRead() =>
        Assert.Equal(["a", "b"], SqlSession.ParameterNames("SELECT $a, '$c', $$d $e$$ -- $f\n, $b /* $g */, $a"));
}
