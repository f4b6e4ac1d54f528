using System.CommandLine;
using Workbench.Host.Cli;

namespace Workbench.Host.Tests.Cli;

public sealed class OutputFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-test-").FullName;

    [Fact]
    public void Require_FileInAFolderThatIsNotThere_MakesTheFolderAndNothingElse()
    {
        var file = Path.Combine(_folder, "a", "b", "t.json");
        Assert.Equal(file, Require(file));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_folder, "a", "b")));
        Assert.Null(Require(null));
    }

    [Theory]
    [InlineData("", "is a folder")]
    [InlineData("new/", "is a folder")]
    [InlineData("file/t.json", "cannot be written")]
    public void Require_WhatCannotBeWritten_SaysWhy(string name, string words)
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "");
        var failure = Assert.Throws<CommandException>(() => Require(Path.Combine(_folder, name)));
        Assert.StartsWith($"--timeline '{Path.Combine(_folder, name)}' {words}", failure.Message);
    }

    private static string? Require(string? path)
    {
        var option = OutputFile.Option("--timeline", "");
        return OutputFile.Require(new RootCommand { option }.Parse(path is null ? [] : ["--timeline", path]), option);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
