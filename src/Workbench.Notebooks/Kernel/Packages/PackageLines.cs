namespace Workbench.Notebooks.Kernel.Packages;

/// <summary>The lines <c>#r "nuget: .."</c> and <c>#i "nuget: .."</c> of a cell's part, and its text with those lines blanked out.</summary>
internal sealed record PackageLines(string Code, IReadOnlyList<PackageReference> Packages, IReadOnlyList<string> Sources)
{
    public bool IsEmpty => Packages.Count == 0 && Sources.Count == 0;

    /// <exception cref="FormatException">A line has another form; tells the right one.</exception>
    public static PackageLines Take(string code)
    {
        if (!code.Contains("nuget", StringComparison.OrdinalIgnoreCase))
            return new(code, [], []);
        var lines = code.Split('\n');
        var packages = lines.Where(PackageReference.IsReference).Select(PackageReference.Parse).ToList();
        var sources = lines.Where(PackageReference.IsSource).Select(PackageReference.ParseSource).ToList();
        return new(string.Join('\n', lines.Select(line => PackageReference.IsReference(line) || PackageReference.IsSource(line) ? "" : line)), packages, sources);
    }
}
