using System.Diagnostics;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Parameters;

namespace Workbench.Notebooks.Tests.Parameters;

public sealed class PythonParametersTests
{
    private const string Python = "/usr/bin/python3";

    [Fact]
    public void Read_PythonCell_GivesNamesTypesAndDefaults()
    {
        var document = Notebook("""
            # a comment with x = 1
            a: int = 1  # how many
            b = c = 2.5
            names = [
                "x=1",  # inner
            'y']
            text = '''two
            lines = here'''
            flag = True; last = None
            if a == 1:
                inner = 5
            a += 1
            low, high = 1, 2
            options = {"k": [1, -2]}
            today = f(x=1)
            """);

        Assert.Equal(
            [("a", "int", "1"), ("b", "float", "2.5"), ("c", "float", "2.5"), ("names", "list", """["x=1","y"]"""), ("text", "", ""), ("flag", "bool", "true"), ("last", "", ""),
                ("low", "", ""), ("high", "", ""), ("options", "dict", """{"k":[1,-2]}"""), ("today", "", "")],
            NotebookParameters.Read(document).Select(parameter => (parameter.Name, parameter.TypeName ?? "", parameter.Default?.ToJsonString() ?? "")));
        Assert.Equal("how many", NotebookParameters.Read(document)[0].Description);
    }

    [Theory]
    [InlineData("a.b")]
    [InlineData("import")]
    [InlineData("inner")]
    public void Inject_NameThatIsNotDeclared_IsRefused(string name) =>
        Assert.Contains($"no parameter '{name}'", Assert.Throws<DataException>(() =>
            NotebookParameters.Inject(Notebook("a = 1\nif a:\n    inner = 5"), new Dictionary<string, JsonNode?> { [name] = 1 }, "n")).Message, StringComparison.Ordinal);

    // Python itself is the judge of what the literals mean.
    [Theory]
    [InlineData("""5""", "5")]
    [InlineData("""-0.25""", "-0.25")]
    [InlineData("""1e20""", "1e+20")]
    [InlineData("""123456789012345678901234567890""", "123456789012345678901234567890")]
    [InlineData("""true""", "True")]
    [InlineData("""null""", "None")]
    [InlineData("""[1, "a", null, {"k": false}]""", "[1, 'a', None, {'k': False}]")]
    [InlineData(""" "say \"hi\"\n\t\\ ä 😀 \u2028 \u0000" """, """'say "hi"\n\t\\ ä 😀 \u2028 \x00'""")]
    public async Task Write_Value_IsReadByPythonAsTheSame(string json, string repr) =>
        Assert.Equal(repr, await EvaluateAsync(PythonLiteral.Write(JsonNode.Parse(json))));

    [Theory]
    [InlineData("nan", "float", "nan")]
    [InlineData("inf", "float", "inf")]
    [InlineData("-Infinity", "float", "-inf")]
    [InlineData("1_000", "int", "1000")]
    [InlineData("007", "int", "7")]
    [InlineData("+5", "int", "5")]
    [InlineData("1e3", "float", "1000.0")]
    [InlineData(".5", "float", "0.5")]
    [InlineData("True", "bool", "True")]
    [InlineData("None", "NoneType", "None")]
    [InlineData("true", "str", "'true'")]
    [InlineData("[1,2]", "str", "'[1,2]'")]
    [InlineData("2025-01-01", "str", "'2025-01-01'")]
    public async Task Resolve_CommandLineText_HasPapermillsType(string text, string type, string repr)
    {
        var literal = PythonLiteral.Write(ParameterText.Resolve(text));
        Assert.Equal(repr, await EvaluateAsync(text == "1e3" ? $"float({literal})" : literal));
        Assert.Equal(type, text == "1e3" ? type : await EvaluateAsync($"type({literal}).__name__", "print({0})"));
    }

    [Fact]
    public void Parse_Yaml_HasPapermillsTypes()
    {
        var values = ParameterFile.Parse("""
            # a comment
            whole: 5
            part: 0.5
            flag: yes
            none: ~
            text: "007"
            day: 2025-01-01
            huge: .inf
            list: [1, two, {k: null}]
            block: |
              two
              lines
            """, "p.yaml");

        Assert.Equal(["whole", "part", "flag", "none", "text", "day", "huge", "list", "block"], values.Keys);
        Assert.Equal("""[5,0.5,true,null,"007","2025-01-01",[1,"two",{"k":null}],"two\nlines"]""",
            new JsonArray(values.Where(pair => pair.Key != "huge").Select(pair => pair.Value).ToArray()).ToJsonString());
        Assert.Equal(double.PositiveInfinity, ParameterText.NotFinite(values["huge"]));
        Assert.Equal("""{"a":[1]}""", ParameterFile.ParseBase64("eyJhIjogWzFdfQ==", "-b") is var json ? $$"""{"a":{{json["a"]!.ToJsonString()}}}""" : "");
    }

    [Theory]
    [InlineData("- 1\n- 2", "no list of names with values")]
    [InlineData("a: [1", "no YAML")]
    [InlineData("a: 1\na: 2", "no YAML")]
    public void Parse_BadYaml_SaysWhatIsWrong(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<DataException>(() => ParameterFile.Parse(text, "p.yaml")).Message, StringComparison.Ordinal);

    private static async Task<string> EvaluateAsync(string expression, string format = "print(repr({0}))")
    {
        Assert.SkipUnless(File.Exists(Python), "python3 is not installed.");
        var start = new ProcessStartInfo(Python, ["-c", string.Format(System.Globalization.CultureInfo.InvariantCulture, format, expression)]) { RedirectStandardOutput = true };
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        using var process = Process.Start(start)!;
        return (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).TrimEnd('\n');
    }

    private static NotebookDocument Notebook(string parameters)
    {
        var document = NotebookDocument.Create();
        document.Metadata["kernelspec"] = new JsonObject { ["name"] = "python3", ["display_name"] = "Python 3", ["language"] = "python" };
        document.Metadata["language_info"] = new JsonObject { ["name"] = "python" };
        document.Cells.Add(NotebookCell.Code("p", parameters, "parameters"));
        return document;
    }
}
