using System.Globalization;

namespace Workbench.Drift.Causes;

/// <summary>Findings as a colleague would say them.</summary>
internal static class SliceSentences
{
    public static string Of(string name, double reference, double current, double lower, double upper, bool isBeyondChance) => isBeyondChance
        ? Text($"The mean of {name} {(current > reference ? "rose" : "fell")} from {reference:G4} to {current:G4} ({Signed(current - reference)}, 95 % interval {Signed(lower)} to {Signed(upper)}).")
        : Text($"The mean of {name} did not change beyond chance: {reference:G4} and {current:G4} (95 % interval of the change {Signed(lower)} to {Signed(upper)}).");

    public static string Of(SliceCause slice, string name, double meanOfAll)
    {
        string rows = Rows(slice.Conditions), part = Text($"{slice.ShareOfChange:P0} of the change");
        double mean = (slice.CurrentMean ?? slice.ReferenceMean)!.Value; // a listed slice has rows
        if (Math.Abs(slice.Mix) >= Math.Abs(slice.Contribution) / 2 || slice.CurrentMean is null || slice.ReferenceMean is null)
            return Text($"{rows} {Grew(slice.ReferenceShare, slice.CurrentShare)}; their mean {name} is {mean:G4}, that of all rows {meanOfAll:G4}: {part}.");
        return Text($"On {Lower(rows)} ({slice.CurrentShare:P1} of all) the mean of {name} {(slice.CurrentMean > slice.ReferenceMean ? "rose" : "fell")} from {slice.ReferenceMean:G4} to {slice.CurrentMean:G4}: {part}.");
    }

    public static string Of(IReadOnlyList<SliceCondition> conditions, double reference, double current) => $"{Rows(conditions)} {Grew(reference, current)}.";

    private static string Rows(IReadOnlyList<SliceCondition> conditions) => $"Rows with {string.Join(" and ", conditions)}";

    private static string Lower(string rows) => "r" + rows[1..];

    private static string Grew(double reference, double current) => (reference, current) switch
    {
        (0, _) => Text($"are new: {current:P1} of the current rows, none of the reference"),
        (_, 0) => Text($"are gone: {reference:P1} of the reference, none of the current rows"),
        _ => Text($"{(current > reference ? "grew" : "shrank")} from {reference:P1} to {current:P1} of all rows"),
    };

    private static string Signed(double value) => (value > 0 ? "+" : "") + value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
