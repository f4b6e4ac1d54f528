using System.Globalization;
using Workbench.Data;
using Workbench.Training;

namespace Workbench.Serving.Comparison;

/// <summary>
/// Candidates as text: <c>FAMILY[:SHAPE][/SETTING=VALUE]...</c>, such as <c>linear</c>, <c>mlp:64,32</c> or
/// <c>mlp:128/lr=0.005/dropout=0.2</c>. A family of models that is added to the table below can be named at once.
/// </summary>
public static class CandidateText
{
    private static readonly Family[] Families =
    [
        // A linear model with the small steps of a deep network would not arrive, and lose for the wrong reason.
        new("linear", "linear", (options, shape) => shape is null
            ? options with { Architecture = TabularArchitecture.Linear, HiddenSizes = [], LearningRate = 0.02 } : throw Shape("linear", shape, "takes no shape")),
        new("mlp", "mlp:WIDTH,WIDTH", (options, shape) => options with { Architecture = TabularArchitecture.Mlp, HiddenSizes = shape is null ? options.HiddenSizes : Widths("mlp", shape) }),
        new("resmlp", "resmlp:WIDTH,BLOCKS", (options, shape) => Blocks("resmlp", options with { Architecture = TabularArchitecture.ResidualMlp }, shape)),
        new("ft-transformer", "ft-transformer:WIDTH,BLOCKS", (options, shape) => Blocks("ft-transformer", options with { Architecture = TabularArchitecture.FtTransformer }, shape)),
        new("lightgbm", "lightgbm:LEAVES", (options, shape) => Leaves("lightgbm", options with { Architecture = TabularArchitecture.LightGbm }, shape)),
        new("fasttree", "fasttree:LEAVES", (options, shape) => Leaves("fasttree", options with { Architecture = TabularArchitecture.FastTree }, shape)),
    ];

    private static readonly Dictionary<string, Func<TabularTrainingOptions, double, TabularTrainingOptions>> Settings = new(StringComparer.Ordinal)
    {
        ["lr"] = (options, value) => options with { LearningRate = value, Trees = options.Trees with { LearningRate = value } },
        ["dropout"] = (options, value) => options with { Dropout = value },
        ["decay"] = (options, value) => options with { WeightDecay = value },
        ["rounds"] = (options, value) => options with { Trees = options.Trees with { Rounds = (int)value } },
        ["batch"] = (options, value) => options with { BatchSize = (int)value },
    };

    private sealed record Family(string Name, string Usage, Func<TabularTrainingOptions, string?, TabularTrainingOptions> Apply);

    /// <summary>How each family is written.</summary>
    public static IReadOnlyList<string> Usages { get; } = [.. Families.Select(family => family.Usage)];

    /// <summary>The candidate that a text names; its name is the text.</summary>
    /// <param name="text">Such as <c>mlp:64,32/lr=0.005</c>.</param>
    /// <param name="common">Settings of all candidates: epochs, patience, batch size, device. Families have a learning rate of their own.</param>
    /// <exception cref="FormatException">A family or setting is unknown, or a value is none; says what is allowed.</exception>
    public static Candidate Parse(string text, TabularTrainingOptions common)
    {
        string[] parts = text.Split('/', StringSplitOptions.TrimEntries);
        string[] head = parts[0].Split(':', 2, StringSplitOptions.TrimEntries);
        var family = Array.Find(Families, one => one.Name == head[0])
            ?? throw new FormatException($"Unknown architecture '{head[0]}' in '{text}'.{Suggestion.DidYouMean(head[0], Families.Select(one => one.Name))} Known: {string.Join(", ", Usages)}.");
        var options = parts[1..].Aggregate(family.Apply(common, head.Length > 1 ? head[1] : null), (so, setting) => Set(so, setting, text));
        return options.Validate() is { Count: > 0 } errors ? throw new FormatException($"The candidate '{text}' cannot be trained. {string.Join(" ", errors)}") : Candidate.Of(text, options);
    }

    private static TabularTrainingOptions Set(TabularTrainingOptions options, string setting, string text)
    {
        if (setting.Split('=', StringSplitOptions.TrimEntries) is not [var name, var value] || !Settings.TryGetValue(name, out var set))
            throw new FormatException($"'{setting}' of the candidate '{text}' is no setting. Known: {string.Join(", ", Settings.Keys)}, each with a number, such as lr=0.005.");
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? set(options, number)
            : throw new FormatException($"The setting {name} of the candidate '{text}' is '{value}'; it takes a number.");
    }

    private static IReadOnlyList<int> Widths(string family, string shape) => [.. shape.Split(',', StringSplitOptions.TrimEntries).Select(width =>
        int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw Shape(family, shape, "takes widths such as 64,32"))];

    private static TabularTrainingOptions Blocks(string family, TabularTrainingOptions options, string? shape) => shape is null ? options : Widths(family, shape) switch
    {
        [var width] => options with { Width = width },
        [var width, var blocks] => options with { Width = width, Blocks = blocks },
        _ => throw Shape(family, shape, "takes a width, or a width and a number of blocks, such as 64,2"),
    };

    private static TabularTrainingOptions Leaves(string family, TabularTrainingOptions options, string? shape) => shape is null ? options
        : Widths(family, shape) is [var leaves] ? options with { Trees = options.Trees with { Leaves = leaves } } : throw Shape(family, shape, "takes the leaves of a tree, such as 31");

    private static FormatException Shape(string family, string shape, string takes) => new($"The shape of '{family}:{shape}' cannot be read: {family} {takes}.");
}
