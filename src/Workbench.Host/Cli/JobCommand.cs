using System.CommandLine;
using Workbench.Data;

namespace Workbench.Host.Cli;

/// <summary>A command that several ranks may run.</summary>
internal sealed record JobCommand
{
    /// <summary>Files and folders that the work reads: with another content the job begins anew.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Where checkpoints of jobs are kept until they are done.</summary>
    public required Func<DataFolder> Folder { get; init; }

    /// <summary>Says before ranks are started what is wrong with the command, or why not so many can run it.</summary>
    /// <exception cref="CommandException">So it cannot be.</exception>
    public required Action<int> Check { get; init; }

    /// <summary>What a process alone, or a rank, does; an exit code.</summary>
    public required Func<ParseResult, CancellationToken, Task<int>> Work { get; init; }

    /// <summary>Asked first, once and not by every rank: whether to begin at all.</summary>
    public Func<Task<bool>> Gate { get; init; } = () => Task.FromResult(true);

    /// <summary>Told the key of a job that did not succeed, and why.</summary>
    public Func<string, Exception, Task> Failed { get; init; } = (_, _) => Task.CompletedTask;
}
