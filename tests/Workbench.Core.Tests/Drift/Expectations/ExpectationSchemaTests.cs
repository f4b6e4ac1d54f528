using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Core.Tests.Drift.Quality;
using Workbench.Drift.Expectations;

namespace Workbench.Core.Tests.Drift.Expectations;

/// <summary>The schema knows the same rules as the reader, and Debian's python3-jsonschema takes what we write.</summary>
public sealed class ExpectationSchemaTests
{
    private const string Python = "/usr/bin/python3";
    private const string Script = """
        import json, sys, yaml, jsonschema
        asked = json.load(sys.stdin)
        validator = jsonschema.Draft202012Validator(json.loads(asked["schema"]))
        jsonschema.Draft202012Validator.check_schema(validator.schema)
        class Loader(yaml.SafeLoader):
            pass
        Loader.yaml_implicit_resolvers = {k: [r for r in v if r[0] != "tag:yaml.org,2002:timestamp"] for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()}
        print(json.dumps([[e.message for e in validator.iter_errors(yaml.load(text, Loader))] for text in asked["files"]]))
        """;

    [Fact]
    public void JsonSchema_Rules_AreThoseOfTheReader()
    {
        var schema = JsonNode.Parse(DataExpectations.JsonSchema)!;

        Assert.Equal(ExpectationRules.OfColumns.Select(rule => rule.Name).Append("optional").Order(), Names(schema["$defs"]!["column"]!["properties"]!));
        Assert.Equal(ExpectationRules.OfTables.Select(rule => rule.Name).Concat(["version", "other_columns", "relations", "columns"]).Order(), Names(schema["properties"]!));
        foreach (var rule in ExpectationRules.OfColumns.Where(rule => !rule.IsFlag || rule.Arguments.Count > 0))
        {
            var arguments = schema["$defs"]!["column"]!["properties"]![rule.Name]!["oneOf"]![1]!["properties"]!;
            Assert.Equal(new[] { "severity" }.Concat(rule.Arguments).Concat(rule.TakesMostly ? ["mostly"] : []).Concat(rule.IsFlag ? ["is_on"] : []).Order(), Names(arguments));
        }
    }

    [Fact]
    public void ToYaml_InferredFiles_FollowTheSchema()
    {
        Assert.SkipUnless(HasPython(), "python3-jsonschema or python3-yaml is not installed; apt-get install python3-jsonschema python3-yaml.");
        using var tables = new TestTables();
        string[] right = [.. Enumerable.Range(1, 3).Select(seed => DataExpectations.Infer(tables.Mixed(seed)).ToYaml()), "columns: {a: {range: {min: 2025-01-01, severity: warn}, unique: {severity: warn}, increasing: {strictly: true}, max_age: 2d}, b: }\nkey: [a]"];
        string[] wrong = ["columns: {a: {rnage: [1, 2]}}", "rows: many", "columns: {a: {missing: 2}}", "columns: {a: {values: {severity: warn}}}"];

        var answers = Ask([.. right, .. wrong]);

        Assert.All(answers.Take(right.Length), errors => Assert.Empty(errors));
        Assert.All(answers.Skip(right.Length), errors => Assert.NotEmpty(errors));
    }

    private static IEnumerable<string> Names(JsonNode map) => map.AsObject().Select(pair => pair.Key).Order();

    private static bool HasPython()
    {
        if (!File.Exists(Python))
            return false;
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import yaml, jsonschema"]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static string[][] Ask(string[] files)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", Script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        process.StandardInput.Write(JsonSerializer.Serialize(new { schema = DataExpectations.JsonSchema, files }));
        process.StandardInput.Close();
        return JsonSerializer.Deserialize<string[][]>(process.StandardOutput.ReadToEnd())!;
    }
}
