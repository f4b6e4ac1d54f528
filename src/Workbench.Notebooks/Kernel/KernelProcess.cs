using System.Runtime.ExceptionServices;
using Workbench.Notebooks.Protocol;

namespace Workbench.Notebooks.Kernel;

/// <summary>A process that is a Jupyter kernel for C# and SQL.</summary>
public static class KernelProcess
{
    /// <summary>Set to 1 by a runner that will never ask for completion, so that the kernel saves the time to prepare it.</summary>
    public const string HeadlessVariable = "WORKBENCH_KERNEL_HEADLESS";

    /// <summary>
    /// Environment that suits a kernel: a cell's code is compiled once and runs seldom, so measuring it for a second
    /// compilation, or mapping it twice against being overwritten, costs more than it gives.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string> { ["DOTNET_TieredPGO"] = "0", ["DOTNET_EnableWriteXorExecute"] = "0" };

    private static readonly TimeSpan ShutdownGrace = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Serves the connection until its front end shuts the kernel down, its parent process dies or
    /// <paramref name="cancellationToken"/> is cancelled. The program should then end with the returned exit code: a cell
    /// that could not be stopped dies with it. Once a process.
    /// </summary>
    /// <param name="connectionFile">The Jupyter connection file.</param>
    /// <param name="workbench">Program and first arguments of the command <c>workbench</c>, which cells start jobs with; null when there is none.</param>
    /// <param name="cancellationToken">Ends the kernel.</param>
    /// <returns>0 after a shutdown request, 1 after the parent's death or a cancellation.</returns>
    /// <exception cref="Workbench.Data.DataException">The connection file is missing or damaged.</exception>
    public static async Task<int> RunAsync(string connectionFile, IReadOnlyList<string>? workbench = null, CancellationToken cancellationToken = default)
    {
        var server = new KernelServer(ConnectionInfo.Load(connectionFile), workbench, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ExceptionHandling.SetUnhandledExceptionHandler(server.Survive);
        var headless = System.Environment.GetEnvironmentVariable(HeadlessVariable) == "1";
        var serving = StartThread(() => server.Serve(warmUpAssistance: !headless, stop.Token));
        var orphaned = ParentProcess.WaitForDeathAsync(stop.Token);
        bool shutDown = await Task.WhenAny(serving, server.ShutdownRequested, orphaned) != orphaned && !cancellationToken.IsCancellationRequested;
        await stop.CancelAsync();
        await Task.WhenAny(serving, Task.Delay(ShutdownGrace, CancellationToken.None));
        server.Dispose();
        if (serving.IsFaulted)
            await serving;
        return shutDown ? 0 : 1;
    }

    // A thread of its own, and a background one: interrupts act on a thread, and a cell that hangs must not keep the process.
    private static Task StartThread(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception failure) // the edge of the thread: handed to whoever awaits
            {
                done.SetException(failure);
            }
        }, maxStackSize: 16 * 1024 * 1024) { IsBackground = true, Name = "workbench-cells" };
        thread.Start();
        return done.Task;
    }
}
