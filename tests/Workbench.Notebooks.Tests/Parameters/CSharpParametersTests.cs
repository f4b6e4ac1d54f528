using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Kernel.CSharp;
using Workbench.Notebooks.Parameters;

namespace Workbench.Notebooks.Tests.Parameters;

public sealed class CSharpParametersTests
{
    [Theory]
    [InlineData("5", "int", "5")]
    [InlineData("\"5\"", "long", "5L")]
    [InlineData("1", "double", "1d")]
    [InlineData("1e-7", "double", "1E-07d")]
    [InlineData("\"NaN\"", "float", "float.NaN")]
    [InlineData("\"-inf\"", "double", "double.NegativeInfinity")]
    [InlineData("0.1", "decimal", "0.1m")]
    [InlineData("true", "bool", "true")]
    [InlineData("\"True\"", "bool", "true")]
    [InlineData("\"a\\\\b\\\"\"", "string", "\"a\\\\b\\\"\"")]
    [InlineData("7", "string", "\"7\"")]
    [InlineData("\"'\"", "char", "'\\''")]
    [InlineData("null", "int?", "null")]
    [InlineData("[1,2]", null, "new[] { 1, 2 }")]
    [InlineData("[1,\"a\",null]", null, "new object?[] { 1, \"a\", null }")]
    [InlineData("3000000000", null, "3000000000L")]
    [InlineData("0.5", null, "0.5d")]
    [InlineData("[1,2]", "double[]", "[1d, 2d]")]
    [InlineData("[[1],[]]", "int[][]", "[[1], []]")]
    [InlineData("\"[1, 2]\"", "List<long>", "[1L, 2L]")]
    [InlineData("{\"a\":1}", "IReadOnlyDictionary<string, double>", "new System.Collections.Generic.Dictionary<string, double> { [\"a\"] = 1d }")]
    [InlineData("[1,\"x\"]", "(int Count, string Name)", "(1, \"x\")")]
    public void CSharp_Value_IsALiteralOfItsType(string json, string? type, string expected) =>
        Assert.Equal(expected, CSharpLiteral.Write(JsonNode.Parse(json), type));

    [Theory]
    [InlineData("1.5", "int")]
    [InlineData("99999999999", "int")]
    [InlineData("300", "byte")]
    [InlineData("\"yes\"", "bool")]
    [InlineData("null", "double")]
    [InlineData("1e400", "double")]
    [InlineData("\"soon\"", "TimeSpan")]
    [InlineData("90", "TimeSpan")] // .NET would read 90 days
    [InlineData("{}", "int[]")]
    [InlineData("\"ab\"", "char")]
    public void CSharp_Misfit_Throws(string json, string type) =>
        Assert.Contains($"is no {type}", Assert.Throws<FormatException>(() => CSharpLiteral.Write(JsonNode.Parse(json), type)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_CSharpCell_GivesNamesTypesAndDefaults()
    {
        var document = Notebook("int a = 1, b = -2;\nvar rate = 0.5; // learning rate\nstring? s = null;\nTimeSpan wait = TimeSpan.FromSeconds(1);\nvar path = \"x\" ;\nvar day = new DateTime(2025, 1, 1);\nvar names = new List<string> { \"a\" };\nconst int N = 3;\nvar (low, high) = (1, 2.5);");

        var read = NotebookParameters.Read(document);

        Assert.Equal(
            [("a", "int", "1"), ("b", "int", "-2"), ("rate", "double", "0.5"), ("s", "string?", ""), ("wait", "TimeSpan", ""), ("path", "string", "x"), ("day", "DateTime", ""),
                ("names", "List<string>", "[\"a\"]"), ("N", "int", "3"), ("low", "int", "1"), ("high", "double", "2.5")],
            read.Select(parameter => (parameter.Name, parameter.TypeName ?? "", parameter.Default is JsonArray list ? list.ToJsonString() : parameter.Default?.ToString() ?? "")));
        Assert.Equal("learning rate", read[2].Description);
        Assert.Equal("TimeSpan.FromSeconds(1)", read[4].DefaultText);
    }

    [Fact]
    public void Inject_EnumerationOfTheNotebook_TakesItsMembersOnly()
    {
        var document = Notebook("Mode mode = Mode.Fast;\nvar other = Mode.Exact;");
        document.Cells.Insert(0, NotebookCell.Code("s", "enum Mode { Fast, Exact }", "setup"));

        var failure = Assert.Throws<DataException>(() => NotebookParameters.Inject(document, new Dictionary<string, JsonNode?> { ["mode"] = "exakt" }, "n.ipynb"));
        NotebookParameters.Inject(document, new Dictionary<string, JsonNode?> { ["mode"] = "exact", ["other"] = "Mode.Fast" }, "n.ipynb");

        Assert.Contains("'exakt' is no Mode. Did you mean 'Exact'? Give one of Fast, Exact.", failure.Message, StringComparison.Ordinal);
        Assert.Equal("// Parameters of this run\nMode mode = Mode.Exact;\nMode other = Mode.Fast;", document.Cells[2].Source);
    }

    [Fact]
    public void Inject_SecondTime_TakesThePlaceOfTheFirst()
    {
        var document = Notebook("int a = 1, b = 2;");
        document.Cells.Add(NotebookCell.Code("injected-parameters", "a"));

        NotebookParameters.Inject(document, new Dictionary<string, JsonNode?> { ["a"] = 5 }, "n.ipynb");
        NotebookParameters.Inject(document, new Dictionary<string, JsonNode?> { ["b"] = 6 }, "n.ipynb");
        NotebookParameters.Inject(document, new Dictionary<string, JsonNode?>(), "n.ipynb"); // as papermill: an executed notebook keeps its values

        Assert.Equal(["p", "injected-parameters-2", "injected-parameters"], document.Cells.Select(cell => cell.Id));
        Assert.Equal("// Parameters of this run\nint b = 6;", document.Cells[1].Source);
    }

    // The compiler is the judge: declaration, injected line and result run as three cells, as in the kernel.
    [Theory]
    [InlineData("int a = 1;", "a", "7", "a + 1", "8")]
    [InlineData("const int a = 1;", "a", "7", "a + 1", "8")]
    [InlineData("var a = 0.5;", "a", "2", "a / 4", "0.5")]
    [InlineData("string a = @\"c:\\x\";", "a", "\"say \\\"hi\\\"\\n\\u00e4 \\ud83d\\ude00 {0}\"", "a", "say \"hi\"\n\u00e4 \ud83d\ude00 {0}")]
    [InlineData("string? a = null;", "a", "\"x\"", "a", "x")]
    [InlineData("string? a = \"x\";", "a", "null", "a is null", "True")]
    [InlineData("DateTime a = new(2025, 1, 1);", "a", "\"2025-04-08T10:00:00Z\"", "a.Kind + a.ToString(\"s\")", "Utc2025-04-08T10:00:00")]
    [InlineData("var a = new DateTimeOffset();", "a", "\"2025-04-08T10:00:00+02:00\"", "a.UtcDateTime.Hour", "8")]
    [InlineData("DateOnly a;", "a", "\"2025-04-08\"", "a.DayOfYear", "98")]
    [InlineData("var a = TimeSpan.FromSeconds(5);", "a", "\"00:01:30\"", "a.TotalSeconds", "90")]
    [InlineData("double[] a = [1,2];", "a", "[0.5, 3]", "a.Sum()", "3.5")]
    [InlineData("var a = new[] { 1, 2 };", "a", "[5]", "a[0] + a.Length", "6")]
    [InlineData("List<string> a = [\"a\"];", "a", "[\"b\", \"c\"]", "string.Concat(a)", "bc")]
    [InlineData("IReadOnlyList<int> a = [];", "a", "[4]", "a[0]", "4")]
    [InlineData("Dictionary<string, double> a = new();", "a", "{\"x\": 1, \"y\\\"\": 2.5}", "a[\"y\\\"\"]", "2.5")]
    [InlineData("var a = new Dictionary<string, List<int>>();", "a", "{\"x\": [1, 2]}", "a[\"x\"].Count", "2")]
    [InlineData("var a = (1, \"x\");", "a", "[2, \"y\"]", "a.Item1 + a.Item2", "2y")]
    [InlineData("decimal a = 1m;", "a", "12345678901234567890.123456789", "a", "12345678901234567890.123456789")]
    [InlineData("ulong a = 1;", "a", "18446744073709551615", "a", "18446744073709551615")]
    [InlineData("System.Numerics.BigInteger a = 1;", "a", "123456789012345678901234567890", "a + 1", "123456789012345678901234567891")]
    [InlineData("object a = 1;", "a", "{\"k\": [1, \"x\", null]}", "((Dictionary<string, object?>)a).Count", "1")]
    [InlineData("int? a = null;", "a", "3", "a + 1", "4")]
    [InlineData("string @class = \"x\";", "class", "\"y\"", "@class", "y")]
    [InlineData("record Options(int Depth, string Name); var a = new Options(1, \"x\");", "a", "{\"depth\": 4, \"name\": \"y\"}", "a.Depth + a.Name", "4y")]
    [InlineData("enum Mode { Fast, Exact } var a = Mode.Fast;", "a", "\"Exact\"", "a", "Exact")]
    [InlineData("DayOfWeek a = DayOfWeek.Monday;", "a", "\"sunday\"", "(int)a", "0")]
    [InlineData("float a = 1f;", "a", "\"NaN\"", "float.IsNaN(a)", "True")]
    [InlineData("var a = \"\"\"\n  raw \"text\"\n  \"\"\";", "a", "\"\\u2028\\\\\"", "(int)a[0] + a.Substring(1)", "8232\\")]
    public async Task Inject_EveryType_CompilesAndShadows(string cell, string name, string json, string expression, string expected)
    {
        var document = Notebook(cell);
        NotebookParameters.Inject(document, new Dictionary<string, JsonNode?> { [name] = JsonNode.Parse(json) }, "n.ipynb");

        var options = ScriptOptions.Default.WithReferences(ScriptEnvironment.References).WithImports(ScriptEnvironment.Imports).WithLanguageVersion(Microsoft.CodeAnalysis.CSharp.LanguageVersion.Latest);
        var state = await CSharpScript.RunAsync(document.Cells[0].Source, options, cancellationToken: TestContext.Current.CancellationToken);
        state = await state.ContinueWithAsync(document.Cells[1].Source, cancellationToken: TestContext.Current.CancellationToken);
        state = await state.ContinueWithAsync(expression, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(expected, Convert.ToString(state.ReturnValue, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("string a = \"\";", "007", "\"007\"")]
    [InlineData("string a = \"\";", "True", "\"True\"")]
    [InlineData("string? a = \"\";", "None", "null")]
    [InlineData("int a = 1;", "1_000", "1000")]
    [InlineData("double a = 1;", "1e3", "1000d")]
    [InlineData("double a = 1;", "-inf", "double.NegativeInfinity")]
    [InlineData("bool a = true;", "false", "false")]
    [InlineData("int[] a = [];", "[3, 4]", "[3, 4]")]
    [InlineData("DateTime? a = null;", "null", "null")]
    [InlineData("object a = 1;", "5", "5")]
    public void FromText_TypedText_FollowsTheDeclaredType(string cell, string text, string literal)
    {
        var document = Notebook(cell);
        var language = ParameterLanguage.Of(document);

        NotebookParameters.Inject(document, NotebookParameters.FromTexts(document, language, new Dictionary<string, string> { ["a"] = text }, "n"), "n");

        Assert.EndsWith($" a = {literal};", document.Cells[1].Source, StringComparison.Ordinal);
    }

    private static NotebookDocument Notebook(string parameters)
    {
        var document = NotebookDocument.Create();
        document.Cells.Add(NotebookCell.Code("p", parameters, "parameters"));
        return document;
    }
}
