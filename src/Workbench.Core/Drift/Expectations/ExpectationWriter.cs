using System.Text;
using Workbench.Drift.Quality;

namespace Workbench.Drift.Expectations;

/// <summary>Writes expectations as a file that is easy to edit.</summary>
internal static class ExpectationWriter
{
    public static string Write(IReadOnlyList<Expectation> expectations, string? comment)
    {
        var text = new StringBuilder();
        foreach (string line in comment?.ReplaceLineEndings("\n").Split('\n') ?? [])
            text.Append("# ").Append(line).Append('\n');
        text.Append("version: 1\n");
        foreach (var expectation in expectations.Where(one => one.Column is null && one is not RelationExpectation))
            Rule(text, "", expectation);
        var relations = expectations.OfType<RelationExpectation>().ToList();
        if (relations.Count > 0)
            text.Append("relations:\n");
        foreach (var relation in relations)
            text.Append("  - ").Append(Value(relation)).Append('\n');
        text.Append("columns:\n");
        foreach (var column in expectations.Where(one => one.Column is not null).GroupBy(one => one.Column!)) // without one they were left out
            Column(text, column.Key, [.. column]);
        return text.ToString();
    }

    private static void Column(StringBuilder text, string column, IReadOnlyList<Expectation> expectations)
    {
        text.Append("  ").Append(YamlText.Quote(column)).Append(":\n");
        if (!expectations.OfType<PresentExpectation>().Any())
            text.Append("    optional: true\n");
        foreach (var expectation in expectations.Where(one => one is not PresentExpectation))
            Rule(text, "    ", expectation);
    }

    private static void Rule(StringBuilder text, string indent, Expectation expectation) =>
        text.Append(indent).Append(expectation.Rule).Append(": ").Append(Value(expectation)).Append('\n');

    private static string Value(Expectation expectation)
    {
        bool isStrict = expectation.Severity == QualitySeverity.Error && expectation.Mostly == 1;
        if (expectation.Short is { } brief && (isStrict || expectation is OtherColumnsExpectation))
            return brief;
        var arguments = expectation.Arguments.Count == 0 ? [("is_on", "true")] : expectation.Arguments;
        return $"{{{string.Join(", ", arguments.Concat(More(expectation)).Select(argument => $"{argument.Name}: {argument.Yaml}"))}}}";
    }

    private static IEnumerable<(string Name, string Yaml)> More(Expectation expectation)
    {
        if (expectation.Mostly < 1)
            yield return ("mostly", YamlText.Number(expectation.Mostly));
        if (expectation.Severity != QualitySeverity.Error)
            yield return ("severity", "warn");
    }
}
