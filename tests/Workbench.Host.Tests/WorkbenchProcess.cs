using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Workbench.Host.Tests;

/// <summary>The real executable in a process of its own.</summary>
internal sealed partial class WorkbenchProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource<string> _url = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WorkbenchProcess(Process process) => _process = process;

    public int Id => _process.Id;
    public bool HasExited => _process.HasExited;
    public string Output { get { lock (_output) return _output.ToString(); } }
    public string Error { get { lock (_error) return _error.ToString(); } }

    /// <summary>Runs a command to its end.</summary>
    public static Task<(int Code, string Output, string Error)> RunAsync(string workingFolder, TimeSpan limit, params string[] arguments) =>
        RunAsync(workingFolder, limit, new Dictionary<string, string>(), arguments);

    /// <summary>Runs a command to its end, with more in its environment.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(
        string workingFolder, TimeSpan limit, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        await using var program = Start(workingFolder, environment, arguments);
        using var deadline = new CancellationTokenSource(limit);
        await program._process.WaitForExitAsync(deadline.Token);
        program._process.WaitForExit();
        return (program._process.ExitCode, program.Output, program.Error);
    }

    /// <summary>Starts <c>workbench serve</c> on a free port and waits until it listens.</summary>
    public static async Task<(WorkbenchProcess Host, Uri Url)> ServeAsync(string workingFolder, string dataFolder, params string[] more)
    {
        var host = Start(workingFolder, new Dictionary<string, string>(), ["serve", "--data", dataFolder, "--port", "0", .. more]);
        try
        {
            return (host, new Uri(await host._url.Task.WaitAsync(StartLimit)));
        }
        catch (TimeoutException)
        {
            var said = host.Output + host.Error;
            await host.DisposeAsync();
            throw new TimeoutException($"The host did not start within {StartLimit}: {said}");
        }
    }

    /// <summary>SIGKILL: no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Waits until what it has written is enough; fails when it ends before.</summary>
    public async Task UntilAsync(TimeSpan limit, Func<bool> isEnough)
    {
        for (var until = DateTime.UtcNow + limit; !isEnough(); await Task.Delay(20))
            Assert.True(!HasExited && DateTime.UtcNow < until, $"It has ended, or {limit} are over: {Output}{Error}");
    }

    /// <summary>SIGKILL to a rank of the job that it supervises.</summary>
    public void KillRank(int rank) => Process.GetProcessById(RankIds()[rank]).Kill();

    /// <summary>The processes of its job, by rank, as it has told them last.</summary>
    public IReadOnlyDictionary<int, int> RankIds() => RankStarted().Matches(Error + Output).GroupBy(match => match.Groups[1].Value)
        .ToDictionary(ranks => int.Parse(ranks.Key, CultureInfo.InvariantCulture), ranks => int.Parse(ranks.Last().Groups[2].Value, CultureInfo.InvariantCulture));

    /// <summary>SIGTERM: it may tidy up.</summary>
    public void Terminate() => Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();

    /// <summary>Waits for the end; the exit code.</summary>
    public async Task<int> EndAsync(TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(deadline.Token);
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>Starts a command.</summary>
    public static WorkbenchProcess Start(string workingFolder, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var command = SelfCommand.With(arguments);
        var start = new ProcessStartInfo(command[0]) { WorkingDirectory = workingFolder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in command.Skip(1))
            start.ArgumentList.Add(argument);
        foreach (var variable in (string[])["WORKBENCH_DATA", "WORKBENCH_REPLAY_TIME", "WORKBENCH_API_KEY", "WORKBENCH_PROJECT", "WORKBENCH_DB", "WORKBENCH_NODE", "PGPASSWORD"])
            start.Environment.Remove(variable);
        foreach (var (variable, value) in environment)
            start.Environment[variable] = value;
        var program = new WorkbenchProcess(Process.Start(start)!);
        program._process.OutputDataReceived += (_, line) => program.Read(program._output, line.Data);
        program._process.ErrorDataReceived += (_, line) => program.Read(program._error, line.Data);
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        return program;
    }

    private void Read(StringBuilder text, string? line)
    {
        if (line is null)
            return;
        lock (text)
            text.AppendLine(line);
        if (ListensOn().Match(line) is { Success: true } match)
            _url.TrySetResult(match.Groups[1].Value);
    }

    [GeneratedRegex(@"rank (\d+): process (\d+)")]
    private static partial Regex RankStarted();

    [GeneratedRegex(@"listens on (http://\S+?),")]
    private static partial Regex ListensOn();
}
