using Workbench.Host.Cli;

namespace Workbench.Host.Tests;

[Collection("console")]
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("serv", "Did you mean 'serve'?")]
    [InlineData("modle", "Did you mean 'model'?")]
    [InlineData("xyzzy", "Known: alert")]
    public async Task RunAsync_UnknownVerb_SuggestsAndEndsWithTwo(string verb, string expected)
    {
        var (code, error) = await RunAsync(verb);
        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains(expected, error);
    }

    [Fact]
    public async Task RunAsync_UnknownSubcommand_NamesTheKnownOnes()
    {
        var (code, error) = await RunAsync("model", "lsit");
        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains("Did you mean 'list'?", error);
    }

    [Fact]
    public async Task RunAsync_MissingFile_SaysWhichAndEndsWithOne()
    {
        var (code, error) = await RunAsync("drift", "/nowhere/a.parquet", "/nowhere/b.parquet");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("/nowhere/a.parquet", error);
    }

    private static async Task<(int Code, string Error)> RunAsync(params string[] arguments)
    {
        var before = Console.Error;
        await using var error = new StringWriter();
        Console.SetError(error);
        try
        {
            return (await CommandLine.RunAsync(arguments), error.ToString());
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
