namespace Workbench.Notebooks.Running;

/// <summary>What ended a run.</summary>
/// <param name="Kind">What sort of failure.</param>
/// <param name="CellId">Id of the cell that ran, or null when the kernel did not start.</param>
/// <param name="ExecutionCount">The cell's <c>In [n]</c>, or null.</param>
/// <param name="Name">Type of the exception, or a word for the failure.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Traceback">Lines of the traceback without colours; empty when there is none.</param>
public sealed record NotebookError(NotebookErrorKind Kind, string? CellId, int? ExecutionCount, string Name, string Message, IReadOnlyList<string> Traceback)
{
    /// <inheritdoc/>
    public override string ToString() => ExecutionCount is { } count ? $"In [{count}]: {Name}: {Message}" : $"{Name}: {Message}";
}
