using System.Diagnostics;
using Workbench.Core.Tests.Data;
using Workbench.Core.Tests.Reports;
using Workbench.Data;
using Workbench.Drift;

namespace Workbench.Core.Tests.Drift;

public sealed class DriftReportJsonTests
{
    private const string Python = "/usr/bin/python3";
    private static readonly string SchemaFile = Path.Combine(SampleFolder.Root, "docs", "drift.schema.json");

    private const string Validation = """
        import json, sys, jsonschema
        schema = json.load(open(sys.argv[1]))
        jsonschema.Draft202012Validator.check_schema(schema)
        report = json.load(sys.stdin)
        validator = jsonschema.Draft202012Validator(schema)
        print([error.message for error in validator.iter_errors(report)])
        del report["columns"][0]["isDrift"]
        report["referenceRows"] = "many"
        print(sorted(error.message for error in validator.iter_errors(report)))
        """;

    [Fact]
    public void JsonSchema_IsTheOneThatIsPublished()
    {
        Assert.True(File.Exists(SchemaFile), $"{SchemaFile} is not there.");
        Assert.True(DriftReport.JsonSchema() == File.ReadAllText(SchemaFile), "docs/drift.schema.json is not that of the types. Write it again: workbench drift schema > docs/drift.schema.json");
    }

    [Fact]
    public void ToJson_RealReport_IsValidAndBrokenOnesAreNot()
    {
        Assert.SkipUnless(HasJsonSchema(), "python3-jsonschema is not installed; apt-get install python3-jsonschema.");

        string[] said = Ask(Whole().ToJson()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("[]", said[0]);
        Assert.Equal("""["'isDrift' is a required property", "'many' is not of type 'integer'"]""", said[1]);
    }

    [Fact]
    public void Parse_OfAllThatCanBeAskedFor_GivesTheSame()
    {
        string json = Whole().ToJson();
        Assert.Equal(json, DriftReport.Parse(json).ToJson());
    }

    [Fact]
    public void Parse_NewerVersion_SaysWhichAndWhatToDo()
    {
        var report = SampleReport.Drift();
        Assert.Equal(1, DriftReport.Parse(report.ToJson()).SchemaVersion);

        var failure = Assert.Throws<DataException>(() => DriftReport.Parse(report.ToJson().Replace("\"schemaVersion\": 1", "\"schemaVersion\": 7")));

        Assert.Contains("schemaVersion 7; this program reads 1 to 1", failure.Message);
    }

    [Theory]
    [InlineData("[]", "it is array, not an object")]
    [InlineData("{", "no drift report")]
    [InlineData("{\"schemaVersion\": 1}", "no drift report")]
    [InlineData("null", "it is null")]
    public void Parse_SomethingElse_SaysSo(string json, string expected) => Assert.Contains(expected, Assert.Throws<DataException>(() => DriftReport.Parse(json)).Message);

    private static DriftReport Whole() => SampleReport.Drift(SampleReport.Everything);

    private static bool HasJsonSchema() => File.Exists(Python) && Run(["-c", "import jsonschema"], "").ExitCode == 0;

    private static string Ask(string report)
    {
        var (code, output) = Run(["-c", Validation, SchemaFile], report);
        Assert.Equal(0, code);
        return output;
    }

    private static (int ExitCode, string Output) Run(string[] arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
