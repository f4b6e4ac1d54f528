namespace Workbench.Notebooks.Kernel;

/// <summary>
/// Threads of our own for the code of cells, since a thread that was aborted once cannot be trusted to be aborted again:
/// it is thrown away, which the thread pool's threads cannot be. Thread-safe.
/// </summary>
internal sealed class WorkerThreads
{
    private const int StackSizeBytes = 16 * 1024 * 1024;

    private readonly Stack<Worker> _idle = new();

    /// <summary>Runs the work on a thread that has nothing else to do; what ran there last is taken first.</summary>
    /// <param name="work">Must not throw; returns whether the thread may be used again.</param>
    public void Run(Func<bool> work)
    {
        Worker? worker;
        lock (_idle)
            _idle.TryPop(out worker);
        (worker ?? new Worker(this)).Take(work);
    }

    private void Return(Worker worker)
    {
        lock (_idle)
            _idle.Push(worker);
    }

    private sealed class Worker
    {
        private readonly SemaphoreSlim _ready = new(0);
        private readonly WorkerThreads _owner;
        private Func<bool>? _work;

        public Worker(WorkerThreads owner)
        {
            _owner = owner;
            new Thread(Serve, StackSizeBytes) { IsBackground = true, Name = "workbench-cell" }.Start();
        }

        public void Take(Func<bool> work)
        {
            _work = work;
            _ready.Release();
        }

        private void Serve()
        {
            do
                _ready.Wait();
            while (_work!() && Keep()); // Take set it before it released
        }

        private bool Keep()
        {
            _work = null;
            _owner.Return(this);
            return true;
        }
    }
}
