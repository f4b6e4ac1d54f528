using System.Globalization;

namespace Workbench.Drift.Streams;

/// <summary>An option of a detector: its name, what it is when nobody says, and what it may be.</summary>
internal sealed record StreamOption(string Name, double Default, double Least, double Most, bool IsWhole = false, bool IsOpen = false)
{
    public static StreamOption Count(string name, int value, int least) => new(name, value, least, int.MaxValue, IsWhole: true);

    /// <summary>A probability or share, 0 and 1 excluded.</summary>
    public static StreamOption Share(string name, double value) => new(name, value, 0, 1, IsOpen: true);

    public static StreamOption Flag(string name) => new(name, 0, 0, 1, IsWhole: true);

    /// <exception cref="ArgumentOutOfRangeException">The value is not allowed.</exception>
    public void Check(string detector, double value)
    {
        bool isInside = IsOpen ? value > Least && value < Most : value >= Least && value <= Most;
        if (isInside && (!IsWhole || value == Math.Floor(value)))
            return;
        string allowed = string.Create(CultureInfo.InvariantCulture,
            $"{(IsWhole ? "a whole number" : "a number")} from {Least} to {Most}{(IsOpen ? ", both excluded" : "")}");
        throw new ArgumentOutOfRangeException(Name, value, $"The option '{Name}' of '{detector}' is {allowed}; default {Default.ToString(CultureInfo.InvariantCulture)}.");
    }
}
