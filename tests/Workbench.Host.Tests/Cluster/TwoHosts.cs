using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.Host.Tests.Cluster;

/// <summary>Two hosts, each a process of its own, on one PostgreSQL database and one data folder.</summary>
internal sealed class TwoHosts : IAsyncDisposable
{
    private TwoHosts(string folder, string database) =>
        (Folder, Database) = (new DataFolder(Path.Combine(folder, "data")) { SharedDatabase = DatabaseAddress.Parse(database) }, database);

    public DataFolder Folder { get; }
    public string Database { get; }
    public ServedNode A { get; private set; } = null!; // set by StartAsync
    public ServedNode B { get; private set; } = null!; // set by StartAsync
    public string Effects => Path.Combine(Folder.Path, "effects.log");
    private string Released => Path.Combine(Folder.Path, "released");

    /// <summary>Starts the hosts; <paramref name="prepare"/> fills the data folder before.</summary>
    public static async Task<TwoHosts> StartAsync(Func<TwoHosts, Task>? prepare = null)
    {
        var hosts = new TwoHosts(Directory.CreateTempSubdirectory("workbench-test-").FullName, await SharedPostgres.CreateDatabaseAsync());
        Directory.CreateDirectory(hosts.Folder.Path);
        if (prepare is not null)
            await prepare(hosts);
        // Both migrate the empty database at once.
        var starts = await Task.WhenAll(hosts.ServeAsync("a"), hosts.ServeAsync("b"));
        (hosts.A, hosts.B) = (starts[0], starts[1]);
        return hosts;
    }

    public async Task<ServedNode> ServeAsync(string name)
    {
        var (host, url) = await WorkbenchProcess.ServeAsync(Folder.Path, Folder.Path, "--db", Database, "--node", name);
        return new ServedNode(name, host, url);
    }

    /// <summary>Allows a command 'nap' that notes the step and its node, then waits for <see cref="Release"/>.</summary>
    public void AllowNap() => File.WriteAllText(Path.Combine(Folder.Path, "commands.json"), new JsonObject
    {
        ["commands"] = new JsonArray(new JsonObject
        {
            ["name"] = "nap", ["program"] = "/bin/sh", ["arguments"] = new JsonArray("-c", $"echo \"$WORKBENCH_STEP_KEY $WORKBENCH_NODE\" >> '{Effects}'; while [ ! -e '{Released}' ]; do sleep 0.1; done"), ["takesArguments"] = false,
        }),
    }.ToJsonString());

    /// <summary>Lets every nap end, those that begin later at once.</summary>
    public void Release() => File.WriteAllText(Released, "");

    /// <summary>Lines of the command 'nap': step and node.</summary>
    public IReadOnlyList<(string Step, string Node)> Naps() => !File.Exists(Effects) ? [] :
        [.. File.ReadAllLines(Effects).Select(line => line.Split(' ')).Select(parts => (parts[0].Split('/')[^1], parts[1]))];

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
    }
}

/// <summary>One of the hosts and a client that speaks to it.</summary>
internal sealed class ServedNode(string name, WorkbenchProcess host, Uri url) : IAsyncDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = url, Timeout = TimeSpan.FromSeconds(60) };

    public string Name => name;
    public WorkbenchProcess Host => host;

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _client.GetStringAsync(path))!;

    public async Task<(HttpStatusCode Status, JsonNode Body)> AskAsync(string path)
    {
        using var answer = await _client.GetAsync(path);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    public async Task<JsonNode> PostAsync(string path, object body)
    {
        using var answer = await _client.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}\n{host.Error}");
        return JsonNode.Parse(text)!;
    }

    public async Task<string> StartAsync(JsonObject definition)
    {
        var id = (string)definition["definitionId"]!;
        await PostAsync("/api/workflows", definition);
        return (string)(await PostAsync($"/api/workflows/{id}/runs", new { reason = "test" }))["id"]!;
    }

    public async Task<JsonNode> UntilFinishedAsync(string run)
    {
        JsonNode ended = new JsonObject();
        await UntilAsync(async () => (string?)(ended = await GetAsync($"/api/runs/{run}"))["status"] == "Finished", () => $"the end of run {run}: {ended.ToJsonString(new JsonSerializerOptions { WriteIndented = true })}");
        return ended;
    }

    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string> what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"Waited in vain for {what()}");
            await timer.WaitForNextTickAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await host.DisposeAsync();
    }
}
