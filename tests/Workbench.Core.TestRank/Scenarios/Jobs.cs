using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using TorchSharp;
using Workbench.Distributed;
using Workbench.Distributed.Launch;
using Workbench.Training;

namespace Workbench.TestRank.Scenarios;

/// <summary>Ranks of a job that do as they should but for the last rank in the first attempt; and a supervisor in a process of its own.</summary>
internal static class Jobs
{
    private static volatile bool _waits;

    /// <summary>
    /// FAULT STEP STEPS: steps with a barrier each. The last rank, in the first attempt, before STEP: fail (caught and told),
    /// throw (not caught), sleep (for ever), exit (0, without being done), freeze (SIGSTOP to itself), or none.
    /// Every rank ignores SIGTERM.
    /// </summary>
    public static void Work(string[] parameters)
    {
        var (fault, at, steps) = (parameters[0], Number(parameters[1]), Number(parameters[2]));
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
        using var session = RankSession.Join() ?? throw new InvalidOperationException("This scenario is a rank of a job.");
        using var ranks = Collective.Join(CollectiveBackend.Mpi);
        session.InCollective = () => _waits;
        for (long step = 1; step <= steps; step++)
        {
            if (session.Attempt == 1 && session.Rank == session.Size - 1 && step == at && Misbehave(session, fault))
                return;
            _waits = true;
            ranks.Barrier();
            _waits = false;
            session.Step(step);
            Thread.Sleep(10);
        }
        session.Report(new JsonObject { ["rank"] = session.Rank, ["size"] = ranks.Size, ["initial"] = session.InitialSize, ["backend"] = session.Backend, ["seen"] = Environment.GetEnvironmentVariable("SEEN"), ["threads"] = Environment.GetEnvironmentVariable("OMP_NUM_THREADS") });
        session.Done();
    }

    /// <summary>EPOCHS: trains a small network, which reports by itself, with 100 rows in batches of 10.</summary>
    public static void Learn(string[] parameters)
    {
        using var session = RankSession.Join() ?? throw new InvalidOperationException("This scenario is a rank of a job.");
        TorchRuntime.EnsureAvailable();
        using (session.EnterRanks())
        {
            torch.manual_seed(1);
            using var inputs = torch.randn(100, 4);
            using var targets = inputs.sum(1, keepdim: true);
            using var network = torch.nn.Linear(4, 1);
            new TrainingLoop(network, batch => torch.nn.functional.mse_loss(network.forward(batch[0]), batch[1]), new() { MaxEpochs = Number(parameters[0]), Threads = 1 })
                .Run(new TensorBatches([inputs, targets], batchSize: 10), new TensorBatches([inputs, targets], batchSize: 50, shuffle: false));
        }
        session.Done();
    }

    /// <summary>A rank that never joins, with a child process that outlives signals to its parent.</summary>
    public static void Stray(string[] parameters)
    {
        using var child = System.Diagnostics.Process.Start("sleep", "600");
        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>RANKS HOSTS AGENT NETWORK COMMAND...: supervises COMMAND (of this program) and writes each event; - for no HOSTS, AGENT, NETWORK.</summary>
    public static void Supervise(string[] parameters)
    {
        using var stop = new CancellationTokenSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        var options = new JobOptions
        {
            Command = [Environment.ProcessPath!, .. parameters[4..]],
            Processes = Number(parameters[0]),
            Hosts = parameters[1] == "-" ? [] : JobHosts.Parse(parameters[1]),
            LaunchAgent = parameters[2] == "-" ? null : parameters[2],
            Network = parameters[3] == "-" ? null : parameters[3],
            BackOff = TimeSpan.Zero,
        };
        try
        {
            var result = new JobSupervisor(options, new Events()).RunAsync(stop.Token).GetAwaiter().GetResult();
            Line.Write(new { succeeded = result.Succeeded, attempts = result.Attempts, size = result.FinalSize, reasons = result.Reasons });
        }
        catch (OperationCanceledException)
        {
            Line.Write(new { cancelled = true });
        }
    }

    private static bool Misbehave(RankSession session, string fault)
    {
        switch (fault)
        {
            case "fail":
                session.Fail(new InvalidDataException("Row 7 is no number."));
                return true;
            case "throw":
                throw new InvalidDataException("Row 7 is no number.");
            case "sleep":
                Thread.Sleep(Timeout.Infinite);
                return true;
            case "exit":
                Environment.Exit(0);
                return true;
            case "freeze":
                using (var stop = System.Diagnostics.Process.Start("kill", ["-STOP", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]))
                    stop.WaitForExit();
                return false;
            default:
                return false;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed class Events : IProgress<JobEvent>
    {
        public void Report(JobEvent value) =>
            Line.Write(new { kind = value.Kind.ToString(), attempt = value.Attempt, rank = value.Rank, step = value.Step, text = value.Text, size = value.Size });
    }
}
