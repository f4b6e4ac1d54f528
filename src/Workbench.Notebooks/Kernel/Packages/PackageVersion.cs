using System.Globalization;

namespace Workbench.Notebooks.Kernel.Packages;

/// <summary>A version of a NuGet package; a pre-release comes before its release (SemVer 2, with up to four numbers).</summary>
internal sealed record PackageVersion(Version Number, string PreRelease) : IComparable<PackageVersion>
{
    /// <summary>The version, or null when the text is none.</summary>
    public static PackageVersion? TryParse(string text)
    {
        var parts = text.Trim().Split('+')[0].Split('-', 2);
        var numbers = parts[0].Split('.');
        if (numbers.Length > 4 || !numbers.All(number => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            return null;
        var all = numbers.Select(number => int.Parse(number, CultureInfo.InvariantCulture)).Concat([0, 0, 0]).ToArray();
        return new(new Version(all[0], all[1], all[2], all[3]), parts.ElementAtOrDefault(1) ?? "");
    }

    public int CompareTo(PackageVersion? other)
    {
        if (other is null)
            return 1;
        int order = Number.CompareTo(other.Number);
        return order != 0 ? order : PreRelease.Length == 0 || other.PreRelease.Length == 0
            ? (PreRelease.Length == 0).CompareTo(other.PreRelease.Length == 0)
            : ComparePreReleases(PreRelease.Split('.'), other.PreRelease.Split('.'));
    }

    private static int ComparePreReleases(string[] left, string[] right)
    {
        for (int index = 0; index < Math.Min(left.Length, right.Length); index++)
        {
            var (a, b) = (int.TryParse(left[index], out int first) ? first : (int?)null, int.TryParse(right[index], out int second) ? second : (int?)null);
            int order = a is not null && b is not null ? a.Value.CompareTo(b.Value)
                : a is null && b is null ? string.Compare(left[index], right[index], StringComparison.OrdinalIgnoreCase) : a is null ? 1 : -1;
            if (order != 0)
                return order;
        }
        return left.Length.CompareTo(right.Length);
    }
}
