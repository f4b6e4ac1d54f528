using System.Text.RegularExpressions;

namespace Workbench.Notebooks.Kernel.Packages;

/// <summary>A package that a cell asks for.</summary>
/// <param name="Id">Its name at NuGet.</param>
/// <param name="VersionRange">In NuGet's notation; null for the newest release.</param>
internal sealed partial record PackageReference(string Id, string? VersionRange)
{
    private const string Form = "Write #r \"nuget: Id\" or #r \"nuget: Id, 1.2.3\"; a version may also be a range such as [1.0,2.0), 1.* or *-*.";

    /// <summary>Whether a line of a cell asks for a package.</summary>
    public static bool IsReference(string line) => ReferenceStart().IsMatch(line);

    /// <summary>Whether a line of a cell names a package source.</summary>
    public static bool IsSource(string line) => SourceStart().IsMatch(line);

    /// <summary>Reads <c>#r "nuget: Id, version"</c>.</summary>
    /// <exception cref="FormatException">The line has another form; tells the right one.</exception>
    public static PackageReference Parse(string line)
    {
        var match = Reference().Match(line);
        if (!match.Success)
            throw new FormatException($"{line.Trim()} does not say which package. {Form}");
        var (id, version) = (match.Groups["id"].Value, match.Groups["version"].Value.Trim());
        if (!Name().IsMatch(id))
            throw new FormatException($"{line.Trim()}: '{id}' is no package name. {Form}");
        if (match.Groups["version"].Success && !PackageRange.IsValid(version))
            throw new FormatException($"{line.Trim()}: '{version}' is no version. {Form}");
        return new(id, match.Groups["version"].Success ? version : null);
    }

    /// <summary>Reads <c>#i "nuget: SOURCE"</c>: the address or folder of a package source.</summary>
    /// <exception cref="FormatException">The line has another form; tells the right one.</exception>
    public static string ParseSource(string line) => Source().Match(line) is { Success: true } match
        ? match.Groups["source"].Value.Trim()
        : throw new FormatException($"{line.Trim()} names no package source. Write #i \"nuget: https://address/v3/index.json\" or #i \"nuget: /path/of/a/folder\".");

    [GeneratedRegex("""^\s*#r\s+"\s*nuget\s*:""", RegexOptions.IgnoreCase)]
    private static partial Regex ReferenceStart();

    [GeneratedRegex("""^\s*#i\s+"\s*nuget\s*:""", RegexOptions.IgnoreCase)]
    private static partial Regex SourceStart();

    [GeneratedRegex("""^\s*#r\s+"\s*nuget\s*:\s*(?<id>[^,"\s]+)\s*(,(?<version>[^"]*))?"\s*(//.*)?$""", RegexOptions.IgnoreCase)]
    private static partial Regex Reference();

    [GeneratedRegex("""^\s*#i\s+"\s*nuget\s*:(?<source>[^"]*\S[^"]*)"\s*(//.*)?$""", RegexOptions.IgnoreCase)]
    private static partial Regex Source();

    [GeneratedRegex("""^[A-Za-z0-9_][A-Za-z0-9_.-]*$""")]
    private static partial Regex Name();
}
