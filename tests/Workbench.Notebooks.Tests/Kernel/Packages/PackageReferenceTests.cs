using Workbench.Notebooks.Kernel.Packages;

namespace Workbench.Notebooks.Tests.Kernel.Packages;

public sealed class PackageReferenceTests
{
    [Theory]
    [InlineData("#r \"nuget: Humanizer\"", "Humanizer", null)]
    [InlineData("#r \"nuget:Humanizer,2.14.1\"", "Humanizer", "2.14.1")]
    [InlineData("  #r   \"nuget: X.Y, [1.0,2.0)\" // why", "X.Y", "[1.0,2.0)")]
    [InlineData("#r \"nuget: X, *-*\"", "X", "*-*")]
    [InlineData("#r \"nuget: X, 1.0.0-beta.3\"", "X", "1.0.0-beta.3")]
    public void Parse_GoodLine_GivesIdAndRange(string line, string id, string? range)
    {
        Assert.True(PackageReference.IsReference(line));
        Assert.Equal(new PackageReference(id, range), PackageReference.Parse(line));
    }

    [Theory]
    [InlineData("#r \"nuget:\"")]
    [InlineData("#r \"nuget: X 1.0\"")]
    [InlineData("#r \"nuget: X, one\"")]
    [InlineData("#r \"nuget: X, [1.0,2.0\"")]
    [InlineData("#r \"nuget: ../X\"")]
    public void Parse_BadLine_TellsTheForm(string line) =>
        Assert.Contains("Write #r \"nuget: Id, 1.2.3\"".Replace("Id, 1.2.3", "Id\" or #r \"nuget: Id, 1.2.3", StringComparison.Ordinal), Assert.Throws<FormatException>(() => PackageReference.Parse(line)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("1.2.3", "1.2.3", true)]
    [InlineData("1.2.3", "1.3", true)]
    [InlineData("1.2.3", "1.2.3-beta", false)]
    [InlineData("[1.2.3]", "1.2.4", false)]
    [InlineData("[1.0,2.0)", "2.0", false)]
    [InlineData("(1.0,2.0]", "1.0", false)]
    [InlineData("1.*", "1.9", true)]
    [InlineData("2.*", "1.9", false)]
    [InlineData("1.0-beta.2", "1.0-beta.10", true)]
    public void Contains_Version_FollowsNuGetsRules(string range, string version, bool expected) =>
        Assert.Equal(expected, PackageRange.Contains(range, PackageVersion.TryParse(version)!));

    [Fact]
    public void ParseSource_Line_GivesTheSource()
    {
        Assert.Equal("/tmp/my packages", PackageReference.ParseSource("#i \"nuget: /tmp/my packages\""));
        Assert.Contains("names no package source", Assert.Throws<FormatException>(() => PackageReference.ParseSource("#i \"nuget: \"")).Message, StringComparison.Ordinal);
    }
}
