using System.Reflection;
using System.Xml.Linq;

namespace Workbench.Architecture.Tests;

public sealed class HouseTests
{
    private static readonly Lazy<IReadOnlyList<Assembly>> Assemblies = new(() =>
        [.. new[] { "Workbench.Core", "Workbench.Notebooks", "Workbench.Serving", "Workbench.Workflows", "workbench" }.Select(Assembly.Load)]);

    private static readonly Lazy<IReadOnlyList<Dependency>> All = new(() => Dependencies.Of([.. Assemblies.Value]));

    private static IEnumerable<(string Name, XDocument File)> SourceProjects =>
        Repository.Files("*.csproj").Where(path => path.Contains($"{Path.DirectorySeparatorChar}src{Path.DirectorySeparatorChar}"))
            .Select(path => (Path.GetFileNameWithoutExtension(path), XDocument.Load(path)));

    [Fact]
    public void ProjectReferences_OfEverySourceProject_FollowTheMap() =>
        Assert.Empty(SourceProjects.SelectMany(project => Rules.ForbiddenReferences(project.Name, project.File, "ProjectReference", Rules.ProjectReferences)));

    [Fact]
    public void PackageReferences_OfEverySourceProject_AreAllowed() =>
        Assert.Empty(SourceProjects.SelectMany(project => Rules.ForbiddenReferences(project.Name, project.File, "PackageReference", Rules.Packages)));

    [Fact]
    public void CoreAreas_UseOnlyAreasAboveThem() => Assert.Empty(Rules.AreasAgainstTheDirection(All.Value));

    [Fact]
    public void Namespaces_HaveNoCycles() => Assert.Empty(Rules.Cycles(All.Value));

    [Fact]
    public void PublicAsyncMethods_EndInACancellationToken() => Assert.Empty(Assemblies.Value.SelectMany(Rules.AsyncWithoutToken));

    [Fact]
    public void NumbersForTorch_OfEveryAssembly_LiveUntilTheCallReturns() =>
        Assert.Empty(Assemblies.Value.SelectMany(assembly => TorchNumbers.Rule.ShortLivedIn(assembly.Location)));

    [Fact]
    public void Links_InEveryMarkdownFile_LeadSomewhere()
    {
        var broken = from file in Repository.Files("*.md")
                     from link in Rules.BrokenLinks(File.ReadAllText(file), target => Path.Exists(Path.Combine(Path.GetDirectoryName(file)!, target)))
                     select $"{Path.GetRelativePath(Repository.Root, file)}: {link}";
        Assert.Empty(broken);
    }

    [Fact]
    public void SourceProjects_HaveAReadme() =>
        Assert.All(Rules.Packages.Keys, project => Assert.True(File.Exists(Path.Combine(Repository.Root, "src", project, "README.md")), $"src/{project} has no README.md."));
}
