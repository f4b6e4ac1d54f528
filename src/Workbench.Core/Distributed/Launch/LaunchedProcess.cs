using System.Diagnostics;

namespace Workbench.Distributed.Launch;

/// <summary>
/// The launcher, in a session of its own whose members are this machine's part of the job. Should this process die, however, a
/// shell beside the launcher notices the end of its input and ends it.
/// </summary>
internal sealed class LaunchedProcess : IDisposable
{
    // $$ leads the session. The input is a pipe from the supervisor, in which nothing ever comes but its end. The folder goes here
    // as well as there, for when the supervisor is gone. A launcher that is too slow, or hangs, leaves ranks behind, and ranks leave
    // children: the guard ends whoever is left in the session.
    private const string Guarded =
        """
        exec 3<&0 </dev/null
        folder=$1
        shift
        "$@" 3<&- &
        child=$!
        end_session() {
          read -r own rest </proc/self/stat
          for round in 1 2 3 4 5 6 7 8 9 10; do
            left=
            for stat in /proc/[0-9]*/stat; do
              { read -r line <$stat; } 2>/dev/null || continue
              id=${stat#/proc/} id=${id%/stat}
              set -- ${line##*) }
              if [ "$4" = $$ ] && [ $id != $$ ] && [ $id != $own ] && [ $1 != Z ]; then left=$id; kill -KILL $id; fi
            done
            [ -n "$left" ] || break
            sleep 0.1
          done
        }
        (read -r line; trap '' TERM; kill -TERM $child; sleep 2; end_session) <&3 >/dev/null 2>&1 &
        guard=$!
        exec 3<&- 2>/dev/null
        wait $child
        code=$?
        kill -TERM $guard
        wait $guard 2>/dev/null
        [ -z "$folder" ] || rm -rf -- "$folder"
        exit $code
        """;

    private readonly Process _process;
    private readonly Queue<string> _lastWords = [];
    private readonly Lock _words = new();

    private LaunchedProcess(Process process, Action<int?, string, bool> tell, bool isTagged)
    {
        _process = process;
        Output = Task.WhenAll(ReadAsync(process.StandardOutput, tell, isTagged, isError: false), ReadAsync(process.StandardError, tell, isTagged, isError: true));
    }

    /// <summary>Ends when all output has been told; later than the process where others hold its pipes.</summary>
    public Task Output { get; }

    /// <summary>What the launcher wrote last, or the only rank to its standard error.</summary>
    public string LastWords
    {
        get
        {
            lock (_words)
                return string.Join(' ', _lastWords);
        }
    }

    /// <summary>
    /// Starts a command. <paramref name="tell"/> takes each line: its rank, null for the launcher itself; the text; whether it is of
    /// the standard error. It is called from two threads. <paramref name="session"/> is taken away when the command has ended.
    /// </summary>
    public static LaunchedProcess Start(LaunchLine line, string setSid, string? workingFolder, SessionFolder? session, Action<int?, string, bool> tell)
    {
        var start = new ProcessStartInfo(setSid, ["/bin/sh", "-c", Guarded, "job", session?.Path ?? "", line.Program, .. line.Arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = workingFolder ?? "",
        };
        if (start.Environment.ContainsKey("PMIX_RANK"))
            ForgetOuterJob(start.Environment);
        start.Environment["TERM"] = "dumb";
        if (session is not null)
            start.Environment.Remove("OMPI_MCA_orte_local_tmpdir_base");   // mpirun refuses it beside that for all hosts
        foreach (var (name, value) in line.Variables.Concat(session?.Variables ?? new Dictionary<string, string>()))
            start.Environment[name] = value;
        return new(Process.Start(start)!, tell, line.IsTagged); // Never null without the shell of the system.
    }

    /// <summary>Waits until the launcher has ended and, for a moment, for its last output.</summary>
    /// <returns>Its exit code, 128 + n when signal n ended it.</returns>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await Task.WhenAny(Output, Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken));
        return _process.ExitCode;
    }

    /// <summary>The running processes of the session and its leader, who founds it a moment after his start; ranks on other hosts are not among them.</summary>
    public List<LinuxProcess> Members()
    {
        var members = LinuxProcess.InSession(_process.Id);
        return !_process.HasExited && !members.Exists(member => member.Id == _process.Id) && LinuxProcess.Find(_process.Id) is { } leader
            ? [leader, .. members]
            : members;
    }

    /// <summary>Asks the launcher, and all that it started here, to end.</summary>
    public void Terminate()
    {
        foreach (var member in Members().Where(member => member.Id != _process.Id))
            member.Signal(LinuxProcess.SigTerm);
    }

    public void Dispose() => _process.Dispose();

    // A supervisor that is itself under mpirun must not have its ranks taken for that one's.
    private static void ForgetOuterJob(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(name => name.StartsWith("PMIX_") || name.StartsWith("OMPI_") || name.StartsWith("ORTE_")).ToList())
            environment.Remove(name);
    }

    private async Task ReadAsync(StreamReader reader, Action<int?, string, bool> tell, bool isTagged, bool isError)
    {
        var tagged = new TaggedOutput((rank, text) => Tell(rank, text));
        while (await reader.ReadLineAsync() is { } line)
            if (isTagged)
                tagged.Take(line);
            else
                Tell(0, line);
        tagged.End();

        void Tell(int? rank, string text)
        {
            if (isError && (rank is null || !isTagged))
                Remember(text);
            tell(rank, text, isError);
        }
    }

    private void Remember(string text)
    {
        if (text.Trim('-', ' ').Length == 0)
            return;
        lock (_words)
        {
            _lastWords.Enqueue(text.Trim());
            if (_lastWords.Count > 8)
                _lastWords.Dequeue();
        }
    }
}
