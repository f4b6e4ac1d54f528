using Workbench.Data;
using Workbench.Registry;

namespace Workbench.Host.Tests;

/// <summary>--db and WORKBENCH_DB of the real executable.</summary>
public sealed class DatabaseOptionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-test-").FullName;

    [Theory]
    [InlineData(ExitCode.WrongUse, "postgres://anna:geheim@db/wb", "URI that begins with 'postgres://'")]
    [InlineData(ExitCode.WrongUse, "Host=db;Colour=red;Password=geheim", "olour")]
    [InlineData(ExitCode.Failed, "Host=127.0.0.1;Port=1;Database=wb;Username=anna;Password=geheim", "No PostgreSQL server answers at 127.0.0.1:1")]
    public async Task Db_CannotBeUsed_SaysWhyAndHidesThePassword(int expectedCode, string text, string expected)
    {
        foreach (var verb in new[] { "model list", "run list", "workflow list", "approval list", "alert list", "node list", "serve --port 0" })
        {
            var (code, output, error) = await RunAsync([.. verb.Split(' '), "--data", _folder, "--db", text]);
            Assert.True(code == expectedCode, $"{verb}: {code} {error}");
            Assert.Contains(expected, error);
            Assert.DoesNotContain("geheim", output + error);
        }
    }

    [Fact]
    public async Task Db_ServerRefuses_NamesUserAndDatabase()
    {
        var server = await SharedPostgres.GetAsync();
        var missing = await RunAsync("run", "list", "--data", _folder, "--db", server.ConnectionText("nowhere"));
        Assert.Equal(ExitCode.Failed, missing.Code);
        Assert.Contains("has no database 'nowhere'", missing.Error);

        await server.AddUserAsync("berta", "richtig", TestContext.Current.CancellationToken);
        var wrong = await RunAsync("run", "list", "--data", _folder, "--db", $"{await SharedPostgres.CreateDatabaseAsync()};Username=berta;Password=falsch");
        Assert.Equal(ExitCode.Failed, wrong.Code);
        Assert.Contains("refuses user 'berta': the password is wrong", wrong.Error);
        Assert.DoesNotContain("falsch", wrong.Error);
    }

    [Fact]
    public async Task Environment_NamesTheDatabase_CommandsUseIt()
    {
        var database = await SharedPostgres.CreateDatabaseAsync();
        var registry = ModelRegistry.Open(new DataFolder(_folder) { SharedDatabase = DatabaseAddress.Parse(database) });
        await TinyModel.RegisterAsync(registry, epochs: 1, seed: 1);
        var (code, output, error) = await WorkbenchProcess.RunAsync(
            _folder, Limit, new Dictionary<string, string> { [DatabaseAddress.EnvironmentVariable] = database }, "model", "list", "--data", _folder);
        Assert.True(code == ExitCode.Done, error);
        Assert.Contains(TinyModel.Name, output);
        // The option goes before the variable.
        var file = await WorkbenchProcess.RunAsync(
            _folder, Limit, new Dictionary<string, string> { [DatabaseAddress.EnvironmentVariable] = database }, "model", "list", "--data", _folder, "--db", Path.Combine(_folder, "own.db"));
        Assert.Contains("No model yet", file.Output);
        Assert.True(File.Exists(Path.Combine(_folder, "own.db")));
    }

    [Fact]
    public async Task Db_WithPassword_IsNotInTheListOfProcesses()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");
        var server = await SharedPostgres.GetAsync();
        await server.AddUserAsync("clara", "sesam-oeffne-dich", TestContext.Current.CancellationToken);
        var database = await server.CreateDatabaseAsync("clara", TestContext.Current.CancellationToken);
        var (host, _) = await WorkbenchProcess.ServeAsync(_folder, _folder, "--db", $"{server.ConnectionText(database)};Username=clara;Password=sesam-oeffne-dich");
        await using (host)
        {
            var line = await File.ReadAllTextAsync($"/proc/{host.Id}/cmdline", TestContext.Current.CancellationToken);
            Assert.Contains("serve", line);
            Assert.DoesNotContain("sesam", line);
            Assert.DoesNotContain("sesam", host.Output + host.Error);
            Assert.Contains("holds a password", host.Error);
        }
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => WorkbenchProcess.RunAsync(_folder, Limit, arguments);
}
