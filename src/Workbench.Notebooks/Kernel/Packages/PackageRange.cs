namespace Workbench.Notebooks.Kernel.Packages;

/// <summary>Which versions of a package will do, in NuGet's notation: <c>1.2.3</c> (that or newer), <c>[1.0,2.0)</c>, <c>1.*</c>, <c>*-*</c>.</summary>
internal static class PackageRange
{
    /// <summary>Whether the text is a range, and whether it means the newest there is.</summary>
    public static bool IsValid(string range) => IsFloating(range) ? range.TrimEnd('*', '-', '.').Split('.').All(part => part.Length == 0 || int.TryParse(part, out _)) : Bounds(range) is not null;

    public static bool IsFloating(string? range) => range is null || range.Contains('*', StringComparison.Ordinal);

    public static bool Contains(string? range, PackageVersion version)
    {
        if (range is null)
            return true;
        if (IsFloating(range))
        {
            var fixedPart = range.Split('*')[0].TrimEnd('.', '-');
            return fixedPart.Length == 0 || PackageVersion.TryParse(fixedPart) is { } start && version.CompareTo(start) >= 0;
        }
        var bounds = Bounds(range);
        return bounds is { } known
            && (known.Low is null || version.CompareTo(known.Low) is var low && (low > 0 || (low == 0 && known.LowIncluded)))
            && (known.High is null || version.CompareTo(known.High) is var high && (high < 0 || (high == 0 && known.HighIncluded)));
    }

    private static (PackageVersion? Low, bool LowIncluded, PackageVersion? High, bool HighIncluded)? Bounds(string range)
    {
        if (range.Length == 0)
            return null;
        if (range[0] is not ('[' or '('))
            return PackageVersion.TryParse(range) is { } minimum ? (minimum, true, null, false) : null;
        if (range[^1] is not (']' or ')'))
            return null;
        var ends = range[1..^1].Split(',');
        var versions = ends.Select(end => end.Trim().Length == 0 ? null : PackageVersion.TryParse(end)).ToList();
        if (ends.Length > 2 || ends.Where((end, index) => end.Trim().Length > 0 && versions[index] is null).Any() || versions.TrueForAll(version => version is null))
            return null;
        return ends.Length == 1 ? (versions[0], true, versions[0], true) : (versions[0], range[0] == '[', versions[1], range[^1] == ']');
    }
}
