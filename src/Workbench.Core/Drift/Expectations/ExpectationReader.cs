using Workbench.Data;
using Workbench.Drift.Quality;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Workbench.Drift.Expectations;

/// <summary>Reads a file of expectations (YAML, of which JSON is a part).</summary>
internal sealed class ExpectationReader
{
    private static readonly string[] Places = ["version", "rows", "other_columns", "duplicates", "key", "relations", "columns"];

    private readonly List<Expectation> _read = [];
    private readonly ExpectationProblems _problems;
    private readonly string _origin;

    private ExpectationReader(string origin) => (_origin, _problems) = (origin, new(origin));

    /// <exception cref="DataException">Lists all that is wrong, by line.</exception>
    public static IReadOnlyList<Expectation> Read(string yaml, string origin)
    {
        var reader = new ExpectationReader(origin);
        reader.Table(reader.Root(yaml));
        reader._problems.ThrowIfAny();
        return reader._read;
    }

    private YamlMappingNode Root(string yaml)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            return stream.Documents.Count > 0 && stream.Documents[0].RootNode is YamlMappingNode map ? map
                : throw new DataException($"'{_origin}' holds no expectations. Begin it with 'version: 1' and 'columns:'; workbench data expect writes one.") { Origin = _origin };
        }
        catch (YamlException failure)
        {
            throw new DataException($"'{_origin}' is no YAML, line {failure.Start.Line}: {failure.Message} Mend it there; a text with special signs needs single quotes.", failure) { Origin = _origin, Line = failure.Start.Line };
        }
    }

    private void Table(YamlMappingNode root)
    {
        var columns = root.Children.Where(pair => Name(pair.Key) == "columns").Select(pair => pair.Value).FirstOrDefault();
        foreach (var (key, value) in root.Children)
            switch (Name(key))
            {
                case "version" when value is not YamlScalarNode { Value: "1" }:
                    _problems.Add(value.Start.Line, $"'version' is '{value}'; this program reads 1. Update it, or write the file anew.");
                    break;
                case "version":
                    break;
                case "relations" when value is YamlSequenceNode list:
                    foreach (var item in list.Children)
                        Add(ExpectationRules.Relation, item, "an item of 'relations'", null);
                    break;
                case "relations":
                    _problems.Add(value.Start.Line, $"'relations' takes {ExpectationRules.Relation.Takes}.");
                    break;
                case "other_columns":
                    OtherColumns(value, columns as YamlMappingNode);
                    break;
                case "columns" when value is YamlMappingNode map:
                    foreach (var (column, rules) in map.Children)
                        Column(Name(column), column.Start.Line, rules);
                    break;
                case "columns":
                    _problems.Add(value.Start.Line, "'columns' takes a list of columns, each with its rules below it.");
                    break;
                case var name when ExpectationRules.OfTables.FirstOrDefault(rule => rule.Name == name) is { } rule:
                    Add(rule, value, $"'{name}'", null);
                    break;
                case var name:
                    _problems.Add(key.Start.Line, $"There is no '{name}' for a table.{Suggestion.DidYouMean(name, Places)} Known: {string.Join(", ", Places)}.");
                    break;
            }
    }

    private void OtherColumns(YamlNode value, YamlMappingNode? columns)
    {
        string word = Name(value);
        if (word is "warn" or "error")
            _read.Add(new OtherColumnsExpectation([.. columns?.Children.Keys.Select(Name) ?? []])
            {
                Severity = word == "warn" ? QualitySeverity.Warning : QualitySeverity.Error, Line = (int)value.Start.Line,
            });
        else if (word != "allow")
            _problems.Add(value.Start.Line, $"'other_columns' is '{word}'.{Suggestion.DidYouMean(word, ["allow", "warn", "error"])} It takes allow, warn or error.");
    }

    private void Column(string column, long line, YamlNode rules)
    {
        var given = rules switch
        {
            YamlMappingNode map => map.Children.ToList(),
            YamlScalarNode { Value: null or "" } => [],
            _ => null,
        };
        if (given is null)
        {
            _problems.Add(rules.Start.Line, $"Column '{column}' takes rules, a line 'rule: value' for each.");
            return;
        }
        if (!given.Exists(pair => Name(pair.Key) == "optional" && IsTrue(pair.Value)))
            _read.Add(new PresentExpectation { Column = column, Line = (int)line });
        foreach (var (key, value) in given.Where(pair => Name(pair.Key) != "optional"))
        {
            string name = Name(key);
            if (ExpectationRules.OfColumns.FirstOrDefault(rule => rule.Name == name) is { } rule)
                Add(rule, value, $"'{name}' of column '{column}'", column);
            else
                _problems.Add(key.Start.Line, $"Unknown rule '{name}' of column '{column}'.{Suggestion.DidYouMean(name, Known)} Known: {string.Join(", ", Known)}.");
        }
    }

    private static IEnumerable<string> Known => ExpectationRules.OfColumns.Select(rule => rule.Name).Append("optional");

    private bool IsTrue(YamlNode value)
    {
        string word = Name(value).ToLowerInvariant();
        if (word is not ("true" or "false"))
            _problems.Add(value.Start.Line, $"'optional' is '{word}'; it takes true or false.");
        return word == "true";
    }

    private void Add(ExpectationRule rule, YamlNode value, string place, string? column)
    {
        var given = new RuleArguments(rule, place, value, _problems);
        if (!given.IsOff && rule.Read(given) is { } expectation)
            _read.Add(expectation with { Column = column, Line = (int)given.Line, Severity = given.Severity, Mostly = rule.TakesMostly ? given.Mostly : 1 });
    }

    private static string Name(YamlNode node) => node is YamlScalarNode { Value: { } text } ? text : node.ToString();
}
