using System.Collections.Concurrent;
using Workbench.Workflows.Runtime;

namespace Workbench.Workflows;

/// <summary>Does steps as the test says, by activity name; others end with Done. Remembers what ran.</summary>
internal sealed class ScriptedExecutor : IStepExecutor
{
    private readonly ConcurrentDictionary<string, Func<StepContext, CancellationToken, Task<StepResult>>> _scripts = new();
    private readonly ConcurrentQueue<StepContext> _calls = new();

    public IReadOnlyList<StepContext> Calls => [.. _calls];
    public IReadOnlyList<string> Names => [.. _calls.Select(call => call.ActivityName)];

    public bool Has(string name) => _scripts.ContainsKey(name);

    public ScriptedExecutor On(string name, Func<StepContext, CancellationToken, Task<StepResult>> script)
    {
        _scripts[name] = script;
        return this;
    }

    public ScriptedExecutor On(string name, Func<StepContext, StepResult> script) =>
        On(name, (context, _) => Task.FromResult(script(context)));

    public ScriptedExecutor Fails(string name, string message, int times = int.MaxValue) =>
        On(name, context => context.Attempt <= times ? throw new InvalidOperationException(message) : new StepResult());

    /// <summary>The step waits until it is told to stop; the task completes when it has begun.</summary>
    public Task Hangs(string name)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        On(name, async (_, cancellationToken) =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return new();
        });
        return begun.Task;
    }

    public Task<StepResult> ExecuteAsync(StepContext context, CancellationToken cancellationToken = default)
    {
        _calls.Enqueue(context);
        return _scripts.TryGetValue(context.ActivityName, out var script) ? script(context, cancellationToken) : Task.FromResult(new StepResult());
    }
}
