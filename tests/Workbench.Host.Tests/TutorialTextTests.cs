using System.Text.RegularExpressions;
using Workbench.Notebooks.Format;

namespace Workbench.Host.Tests;

/// <summary>What a tutorial must look like before it is run.</summary>
public sealed partial class TutorialTextTests
{
    public static TheoryData<string> All => [.. Tutorials.Names];

    [Fact]
    public void Names_OfTheTutorials_AreNumberedWithoutAGap() =>
        Assert.Equal(
            ["00-hello", "01-explore", "02-train", "03-evaluate", "04-drift", "05-finetune", "06-monitor", "07-compare-architectures"],
            Tutorials.Names.Select(name => Path.GetFileNameWithoutExtension(name)));

    [Theory]
    [MemberData(nameof(All))]
    public void Cells_OfATutorial_AreCommittedWithoutOutputs(string name)
    {
        foreach (var cell in Load(name).Cells.Where(cell => cell.Type == CellType.Code))
        {
            Assert.True(cell.Outputs.Count == 0, $"Cell '{cell.Id}' of {name} has outputs. Clear them before you commit.");
            Assert.True(cell.ExecutionCount is null, $"Cell '{cell.Id}' of {name} has an execution count. Clear it before you commit.");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Cells_OfATutorial_HaveIdsOfTheirOwnInTheFile(string name)
    {
        var ids = Load(name).Cells.Select(cell => cell.Id).ToList();
        var text = File.ReadAllText(Path.Combine(Tutorials.Folder, name)); // a reader makes up ids that are missing
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Contains($"\"id\": \"{id}\"", text));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Cells_OfATutorial_BeginWithTitleAndParametersAndEndWithACheck(string name)
    {
        var cells = Load(name).Cells;
        Assert.StartsWith("# ", cells[0].Source);
        Assert.True(cells[0].Source.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length > 1, $"{name} does not say what its reader learns.");
        Assert.Single(cells, cell => cell.HasTag("parameters"));
        Assert.Contains("throw new", cells[^1].Source);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Text_OfATutorial_SeedsWhatIsRandomAndNamesNoFolderOfOneMachine(string name)
    {
        var document = Load(name);
        var code = string.Join('\n', document.Cells.Where(cell => cell.Type == CellType.Code).Select(cell => cell.Source));
        Assert.Equal("workbench-csharp", document.KernelName);
        Assert.Contains("seed", code, StringComparison.Ordinal);
        Assert.DoesNotMatch(UnseededRandom(), code);
        Assert.DoesNotMatch(AbsolutePath(), code);
    }

    [Theory]
    [InlineData("var random = new Random();")]
    [InlineData("Random.Shared.Next(3)")]
    [InlineData("new Random( )")]
    public void UnseededRandom_Planted_IsFound(string code) => Assert.Matches(UnseededRandom(), code);

    [Theory]
    [InlineData("string data = \"/home/me/data\";")]
    [InlineData("File.ReadAllText(\"/tmp/x\")")]
    [InlineData("string data = @\"C:\\data\";")]
    public void AbsolutePath_Planted_IsFound(string code) => Assert.Matches(AbsolutePath(), code);

    private static NotebookDocument Load(string name) => NotebookDocument.Load(Path.Combine(Tutorials.Folder, name));

    [GeneratedRegex(@"new Random\(\s*\)|Random\.Shared")]
    private static partial Regex UnseededRandom();

    [GeneratedRegex(@"""(/(home|root|tmp|usr|var|mnt|media|opt|Users|work)/|[A-Za-z]:[\\/])")]
    private static partial Regex AbsolutePath();
}
