using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Parameters;

namespace Workbench.Notebooks.Tests.Parameters;

public sealed class ParameterLiteralTests
{
    [Theory]
    [InlineData("5", "int", "5")]
    [InlineData("\"5\"", "long", "5L")]
    [InlineData("1", "double", "1d")]
    [InlineData("1e-7", "double", "1E-07d")]
    [InlineData("\"NaN\"", "float", "float.NaN")]
    [InlineData("0.1", "decimal", "0.1m")]
    [InlineData("true", "bool", "true")]
    [InlineData("\"True\"", "bool", "true")]
    [InlineData("\"a\\\\b\\\"\"", "string", "\"a\\\\b\\\"\"")]
    [InlineData("7", "string", "\"7\"")]
    [InlineData("null", "int?", "null")]
    [InlineData("[1,2]", null, "new[] { 1, 2 }")]
    [InlineData("3000000000", null, "3000000000L")]
    [InlineData("0.5", null, "0.5d")]
    public void CSharp_Value_IsALiteralOfItsType(string json, string? type, string expected) =>
        Assert.Equal(expected, ParameterLiteral.CSharp(JsonNode.Parse(json), type));

    [Theory]
    [InlineData("1.5", "int")]
    [InlineData("99999999999", "int")]
    [InlineData("\"yes\"", "bool")]
    [InlineData("null", "double")]
    [InlineData("\"soon\"", "TimeSpan")]
    public void CSharp_Misfit_Throws(string json, string type) =>
        Assert.Contains($"is no {type}", Assert.Throws<FormatException>(() => ParameterLiteral.CSharp(JsonNode.Parse(json), type)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_CSharpCell_GivesNamesTypesAndDefaults()
    {
        var document = NotebookDocument.Create();
        document.Cells.Add(NotebookCell.Code("p", "int a = 1, b = -2;\nvar rate = 0.5; // a comment\nstring? s = null;\nTimeSpan wait = TimeSpan.FromSeconds(1);\nvar path = \"x\" ;", "parameters"));

        Assert.Equal(
            [("a", "int", "1"), ("b", "int", "-2"), ("rate", "double", "0.5"), ("s", "string?", ""), ("wait", "TimeSpan", ""), ("path", "string", "x")],
            NotebookParameters.Read(document).Select(parameter => (parameter.Name, parameter.TypeName ?? "", parameter.Default?.ToString() ?? "")));
    }
}
