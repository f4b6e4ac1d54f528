using System.Globalization;
using System.Text.Json.Nodes;

namespace Workbench.Distributed.Launch;

/// <summary>
/// This process as a rank of a job, joined to the job's supervisor. From <see cref="Join"/> on a thread tells the supervisor
/// every second how far it is, and ends this process at once (SIGKILL) when the supervisor says so, is gone, or has been silent
/// for 8 seconds: a rank never outlives its job, whatever its other threads wait for. Thread-safe.
/// </summary>
public sealed class RankSession : IDisposable
{
    private const long NoStep = long.MinValue;

    private readonly SupervisorLink _link;
    private long _step = NoStep, _moves;
    private volatile bool _isDone;

    private RankSession(SupervisorLink link, int attempt, int initialSize, string backend)
    {
        (_link, Attempt, InitialSize, Backend) = (link, attempt, initialSize, backend);
        _link.Start(Progress);
        AppDomain.CurrentDomain.UnhandledException += TellUnhandled;
    }

    /// <summary>The session of this process, null outside of a job.</summary>
    public static RankSession? Current { get; private set; }

    /// <summary>This rank, from 0.</summary>
    public int Rank => _link.Rank;

    /// <summary>Number of ranks of this attempt.</summary>
    public int Size => _link.Size;

    /// <summary>Number of ranks of the first attempt. A smaller <see cref="Size"/> keeps the global batch by accumulating more.</summary>
    public int InitialSize { get; }

    /// <summary>How often the job has been started, from 1. From 2 on there may be a checkpoint to go on from.</summary>
    public int Attempt { get; }

    /// <summary>Engine of collective operations that the job asks for: auto, mpi or nccl.</summary>
    public string Backend { get; }

    /// <summary>
    /// Says whether this rank waits in a collective operation right now, so that a stall can name the rank that the others
    /// wait for. Called every second on another thread. Default null: it never does.
    /// </summary>
    public Func<bool>? InCollective { get; set; }

    /// <summary>Joins the job that started this process, before MPI or anything else is set up. The environment variable that names the job is taken away, so that child processes are no ranks.</summary>
    /// <returns>The session, or null when no job started this process.</returns>
    /// <exception cref="DistributedException">The supervisor cannot be reached or refuses this process.</exception>
    /// <exception cref="InvalidOperationException">This process has joined already.</exception>
    public static RankSession? Join()
    {
        if (Current is { } joined)
            throw new InvalidOperationException($"This process has joined its job already, as rank {joined.Rank}.");
        if (Environment.GetEnvironmentVariable(JobVariables.Job) is not { Length: > 0 } job)
            return null;
        var (rank, size) = (Number(JobVariables.Rank, 0), Number(JobVariables.Size, 1));
        var (attempt, initialSize) = (Number(JobVariables.Attempt, 1), Number(JobVariables.InitialSize, 1));
        var link = SupervisorLink.Connect(job, rank, size);
        Environment.SetEnvironmentVariable(JobVariables.Job, null);
        return Current = new(link, attempt, initialSize, Environment.GetEnvironmentVariable(JobVariables.Backend) ?? "auto");
    }

    /// <summary>
    /// Starts the engine of the job and makes its ranks <see cref="Collective.Current"/> until disposed, so that trainings of
    /// this process are the job's. Everything they do together proves that a rank has not stalled.
    /// </summary>
    /// <exception cref="DistributedException">The engine is missing; names the remedy.</exception>
    public IDisposable EnterRanks()
    {
        var ranks = new WatchedCollective(Collective.Join(Enum.Parse<CollectiveBackend>(Backend, ignoreCase: true)), this);
        InCollective = () => ranks.IsWaiting;
        return new Entered(Collective.Enter(ranks, InitialSize), ranks);
    }

    private sealed class Entered(IDisposable current, WatchedCollective ranks) : IDisposable
    {
        public void Dispose()
        {
            current.Dispose();
            ranks.Dispose();
        }
    }

    /// <summary>Says that a step was made, which proves that this rank is no stalled one. Cheap: call it every step.</summary>
    public void Step(long step) => Volatile.Write(ref _step, step);

    /// <summary>Says that there is progress which is no step.</summary>
    internal void Move() => Interlocked.Increment(ref _moves);

    /// <summary>Tells the job's owner how the training of this rank goes. Waits for nobody; twice a second is often enough.</summary>
    public void Report(RankMetrics metrics) => Report(metrics.ToJson());

    /// <summary>Tells the job's owner something, such as loss and samples a second. Waits for nobody.</summary>
    /// <param name="data">A JSON object of at most 4 MiB.</param>
    /// <exception cref="ArgumentException">It is larger.</exception>
    public void Report(JsonObject data)
    {
        var line = JobLink.Line(JobLink.Report, ("data", data.DeepClone()));
        if (line.Length > JobLink.MaxLineBytes)
            throw new ArgumentException($"The report is {line.Length} bytes; allowed: {JobLink.MaxLineBytes}. Report less, or write a file.", nameof(data));
        _link.Send(line);
    }

    /// <summary>Says that this rank has done its work, after its last collective operation; returns when the supervisor knows. Without it the job has failed.</summary>
    public void Done()
    {
        _isDone = true;
        _link.SendAndWait(JobLink.Done, JobLink.Line(JobLink.Done, ("step", LastStep())));
    }

    /// <summary>Says that this rank failed and why, which ends the whole job; returns when the supervisor knows. The process may be ended before. An exception that nobody catches is told so by itself.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="isFinal">Whether it would happen again in another attempt, as with wrong input: the job is not restarted then. Default false.</param>
    public void Fail(Exception failure, bool isFinal = false) =>
        _link.SendAndWait(JobLink.Failed, JobLink.Line(JobLink.Failed, ("type", failure.GetType().Name), ("message", failure.Message), ("final", isFinal)));

    /// <summary>Leaves the job. Without <see cref="Done"/> before, that ends the whole job as failed.</summary>
    public void Dispose()
    {
        AppDomain.CurrentDomain.UnhandledException -= TellUnhandled;
        _link.Dispose();
        if (Current == this)
            Current = null;
    }

    // A process that aborts in the midst of MPI may hang (seen with Open MPI 4.1.4); the supervisor ends it once it knows.
    private void TellUnhandled(object sender, UnhandledExceptionEventArgs thrown)
    {
        if (thrown.ExceptionObject is Exception failure)
            Fail(failure);
    }

    private byte[] Progress() => JobLink.Line(JobLink.Beat, ("step", LastStep()), ("moves", Interlocked.Read(ref _moves)), ("state", JobLink.Name(State())));

    private long? LastStep() => Volatile.Read(ref _step) is var step and not NoStep ? step : null;

    private RankState State() =>
        _isDone ? RankState.Done
        : InCollective is { } waits && waits() ? RankState.InCollective
        : LastStep() is null && Interlocked.Read(ref _moves) == 0 ? RankState.Starting
        : RankState.Computing;

    private static int Number(string variable, int least)
    {
        var text = Environment.GetEnvironmentVariable(variable);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new DistributedException($"{JobVariables.Job} is set, yet {variable} is '{text}'; it should be a number from {least}. Start ranks with a job, not by hand.");
    }
}
