using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Workbench.Data;
using Workbench.Drift;
using Workbench.Drift.Chunks;

namespace Workbench.Host.Cli;

/// <summary>The options of <c>workbench drift</c> that say what is compared and how: those of a file first, then those that were typed.</summary>
internal static class DriftSettingOptions
{
    private static readonly Option<string?> Config = new("--config") { Description = "JSON file with these settings under the same names, such as {\"exclude\": [\"id\"], \"test\": {\"price\": \"ks:0.01\"}}; what is typed replaces what it says.", HelpName = "FILE" };
    private static readonly Option<string?> Preset = new("--preset") { Description = $"Whose tests and rules decide: {string.Join(", ", DriftPresets.Known)}.", HelpName = "NAME" };
    private static readonly Option<string[]> Columns = List("--columns", "Columns to compare, separated by commas; all that both sides have when left out.");
    private static readonly Option<string[]> Exclude = List("--exclude", "Columns to leave out, such as ids and labels.");
    private static readonly Option<string[]> Kind = Pairs("--kind", $"Compare a column as this kind: {Names<DriftColumnKind>()}; several times.", "COLUMN=KIND");
    private static readonly Option<string[]> Test = Pairs("--test", $"Judge a column by this test, with a threshold if need be: {string.Join(", ", DriftTests.Known)}; several times.", "COLUMN=TEST[:X]");
    private static readonly Option<string?> Target = new("--target") { Description = "Column of the labels or values to predict; reported apart.", HelpName = "COLUMN" };
    private static readonly Option<string?> Prediction = new("--prediction") { Description = "Column of the model's answers; reported apart.", HelpName = "COLUMN" };
    private static readonly Option<string?> Correction = new("--correction") { Description = $"Adjustment of p-values for many columns: {Names<PValueCorrection>()}.", HelpName = "NAME" };
    private static readonly Option<double?> DriftShare =
        Number<double>("--drift-share", "Share of drifted columns from which the data set drifts; as soon as one drifts when left out.", "SHARE", share => share is > 0 and <= 1, "numbers above 0 up to 1");
    private static readonly Option<double?> NewCategoryShare =
        Number<double>("--new-category-share", "Share of the current rows from which a category that the reference lacks is drift.", "SHARE", share => share is > 0 and <= 1, "numbers above 0 up to 1");
    private static readonly Option<string?> By = new("--by") { Description = "Follow drift over time: chunks by hour, day, week, month, quarter, year, 1000rows or 10chunks.", HelpName = "PERIOD" };
    private static readonly Option<string?> Time = new("--time") { Description = "Column with the time of a row, for --by and --season; the only date or timestamp when left out.", HelpName = "COLUMN" };
    private static readonly Option<string?> Threshold = new("--threshold") { Description = "When a chunk alerts: test, std:3, std:1,3 (down, up), quantile:0.99, quantile:0.01,0.99, constant:0.2; three deviations of the reference's chunks when left out.", HelpName = "KIND[:X]" };
    private static readonly Option<string?> Season = new("--season") { Description = $"Compare with reference rows of the same season only: {Names<Season>()}.", HelpName = "NAME" };
    private static readonly Option<string?> Precision = new("--precision") { Description = $"How exactly large numeric columns are measured: {Names<DriftPrecision>()}.", HelpName = "NAME" };
    private static readonly Option<string?> Memory = new("--memory") { Description = "Memory that the comparison may take, such as 2GB; half of the machine's when left out.", HelpName = "SIZE" };
    private static readonly Option<bool> Multivariate = new("--multivariate") { Description = "Compare columns together too: reconstruction by principal components, a classifier that tells the sides apart." };
    private static readonly Option<bool> Correlations = new("--correlations") { Description = "Compare correlations of pairs of columns too. Takes a further scan of all rows." };
    private static readonly Option<bool> Quality = new("--quality") { Description = "Look at the data's quality too: missing, duplicate and constant values, ranges, types. Scans both sides once more." };
    private static readonly Option<string?> Causes = new("--causes")
    { Description = "Say why: which columns and rows moved these numbers, such as predictions or errors; without a name, which rows became more or fewer. Reads both sides twice more.", HelpName = "A,B", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<int?> Workers = Number<int>("--workers", "Columns read at the same time; one a core when left out.", "N", count => count >= 1, "whole numbers from 1 on");

    private static IReadOnlyList<Option> All { get; } = [Config, Preset, Columns, Exclude, Kind, Test, Target, Prediction, Correction, DriftShare, NewCategoryShare, By, Time, Threshold, Season, Precision, Memory, Multivariate, Correlations, Quality, Causes, Workers];

    /// <summary>Adds the options, and refuses what is wrong before anything is read.</summary>
    public static void AddTo(Command command)
    {
        foreach (var option in All)
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (!result.Children.SelectMany(child => child.Errors).Any())
                foreach (string error in Errors(result))
                    result.AddError(error);
        });
    }

    // What the file says is said with its name. A file that cannot be read is reported when the command runs.
    private static IEnumerable<string> Errors(CommandResult parsed)
    {
        var (path, file) = (parsed.GetValue(Config), new DriftSettings());
        try
        {
            file = path is null ? file : DriftSettings.Load(path);
        }
        catch (DataException)
        {
            return [];
        }
        var merged = Words(parsed, file);
        var ofFile = (file with { Preset = merged.Preset }).Findings();
        bool isOfFile((string Setting, string Problem) finding) => path is not null && ofFile.Contains(finding) && (finding.Setting != "preset" || parsed.GetValue(Preset) is null);
        return merged.Findings().Select(finding => isOfFile(finding) ? $"'{path}': {finding.Setting} {finding.Problem}" : $"{OptionName(finding.Setting)} {finding.Problem}");
    }

    /// <summary>The settings of the file, if any, and over them those that were typed.</summary>
    /// <exception cref="DataException">The file cannot be read, or is wrong.</exception>
    public static DriftSettings Read(ParseResult parsed)
    {
        var file = parsed.GetValue(Config) is { } path ? DriftSettings.Load(path) : new();
        return Words(parsed.CommandResult, file) with
        {
            DriftShare = parsed.GetValue(DriftShare) ?? file.DriftShare,
            NewCategoryShare = parsed.GetValue(NewCategoryShare) ?? file.NewCategoryShare, Workers = parsed.GetValue(Workers) ?? file.Workers,
        };
    }

    private static DriftSettings Words(CommandResult parsed, DriftSettings file) => file with
    {
        Preset = parsed.GetValue(Preset) ?? file.Preset,
        Columns = Names(parsed, Columns) ?? file.Columns,
        Exclude = Names(parsed, Exclude) ?? file.Exclude,
        Kind = Merge(file.Kind, Groups(parsed, Kind).ToDictionary(group => group.Key, group => group.Last())),
        Test = Merge(file.Test, Groups(parsed, Test).ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group])),
        Target = parsed.GetValue(Target) ?? file.Target,
        Prediction = parsed.GetValue(Prediction) ?? file.Prediction,
        Correction = parsed.GetValue(Correction) ?? file.Correction,
        By = parsed.GetValue(By) ?? file.By,
        Time = parsed.GetValue(Time) ?? file.Time,
        Threshold = parsed.GetValue(Threshold) ?? file.Threshold,
        Season = parsed.GetValue(Season) ?? file.Season,
        Precision = parsed.GetValue(Precision) ?? file.Precision,
        Memory = parsed.GetValue(Memory) ?? file.Memory,
        Multivariate = parsed.GetValue(Multivariate) ? true : file.Multivariate,
        Correlations = parsed.GetValue(Correlations) ? true : file.Correlations,
        Quality = parsed.GetValue(Quality) ? true : file.Quality,
        Causes = parsed.GetResult(Causes) is null ? file.Causes : Split(parsed.GetValue(Causes) ?? ""),
    };

    private static Option<string[]> List(string name, string description) =>
        new(name) { Description = description, HelpName = "A,B", DefaultValueFactory = _ => [] };

    private static Option<string[]> Pairs(string name, string description, string helpName)
    {
        var option = new Option<string[]>(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => [] };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !IsPair(token.Value)))
                result.AddError($"{name} '{token.Value}' is no pair. Give {helpName}.");
        });
        return option;
    }

    /// <summary>A number that is refused with what is allowed.</summary>
    public static Option<T?> Number<T>(string name, string description, string helpName, Func<T, bool> isAllowed, string allowed) where T : struct, ISpanParsable<T> => new(name)
    {
        Description = description, HelpName = helpName,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (T.TryParse(text, CultureInfo.InvariantCulture, out var number) && isAllowed(number))
                return number;
            result.AddError($"{name} is '{text}'; allowed: {allowed}.");
            return null;
        },
    };

    private static bool IsPair(string text) => text.LastIndexOf('=') is > 0 and var at && at < text.Length - 1;

    private static IReadOnlyList<string>? Names(CommandResult parsed, Option<string[]> option) =>
        parsed.GetValue(option) is { Length: > 0 } texts ? [.. texts.SelectMany(Split)] : null;

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // A column's name may hold "=", a kind and a test do not.
    private static IEnumerable<IGrouping<string, string>> Groups(CommandResult parsed, Option<string[]> option) =>
        parsed.GetValue(option)!.Where(IsPair).GroupBy(text => text[..text.LastIndexOf('=')], text => text[(text.LastIndexOf('=') + 1)..], StringComparer.Ordinal);

    private static IReadOnlyDictionary<string, T>? Merge<T>(IReadOnlyDictionary<string, T>? file, Dictionary<string, T> typed)
    {
        if (file is null || typed.Count == 0)
            return typed.Count == 0 ? file : typed;
        foreach (var (column, value) in file)
            typed.TryAdd(column, value);
        return typed;
    }

    private static string OptionName(string setting) => "--" + string.Concat(setting.Select(letter => char.IsUpper(letter) ? "-" + char.ToLowerInvariant(letter) : letter.ToString()));

    private static string Names<T>() where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName));
}
