using System.Globalization;

namespace Workbench.Drift.Sources;

/// <summary>Floating numbers as DuckDB's cast to VARCHAR writes them: the shortest digits, plain from 1e-4 to 1e16, always with a point or an exponent.</summary>
internal static class DuckNumberText
{
    public static string Of(double value) => double.IsFinite(value) ? Layout(value.ToString("R", CultureInfo.InvariantCulture)) : NotFinite(value);

    public static string Of(float value) => float.IsFinite(value) ? Layout(value.ToString("R", CultureInfo.InvariantCulture)) : NotFinite(value);

    private static string NotFinite(double value) => double.IsNaN(value) ? double.IsNegative(value) ? "-nan" : "nan" : value > 0 ? "inf" : "-inf";

    // .NET's shortest digits, with the point elsewhere.
    private static string Layout(string shortest)
    {
        string sign = shortest[0] == '-' ? "-" : "";
        string[] parts = shortest[sign.Length..].Split('E');
        int point = parts[0].IndexOf('.'), whole = point < 0 ? parts[0].Length : point;
        string all = parts[0].Replace(".", ""), digits = all.TrimStart('0');
        if (digits.Length == 0)
            return sign + "0.0";
        int exponent = whole - 1 - (all.Length - digits.Length) + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        digits = digits.TrimEnd('0');
        if (exponent is < -4 or >= 16)
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        if (exponent < 0)
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        return digits.Length <= exponent + 1
            ? $"{sign}{digits.PadRight(exponent + 1, '0')}.0"
            : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }
}
