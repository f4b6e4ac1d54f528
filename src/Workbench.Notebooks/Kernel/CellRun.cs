namespace Workbench.Notebooks.Kernel;

/// <summary>One cell while it runs.</summary>
/// <param name="name">What tracebacks call it, such as <c>Cell[3]</c>.</param>
/// <param name="output">Where it shows what it has to show.</param>
/// <param name="cancellationToken">Cancelled by an interrupt.</param>
internal sealed class CellRun(string name, CellOutput output, CancellationToken cancellationToken)
{
    private readonly Stack<Action> _atEnd = [];

    public string Name => name;

    public CellOutput Output => output;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Does something when the cell has ended and its value was formatted; what was asked last comes first.</summary>
    public void AtEnd(Action action) => _atEnd.Push(action);

    /// <summary>Does what was asked for the end; a failure does not keep the rest from being done.</summary>
    /// <exception cref="AggregateException">What failed.</exception>
    public void End()
    {
        var failures = new List<Exception>();
        while (_atEnd.TryPop(out var action))
        {
            try
            {
                action();
            }
            catch (Exception failure) // the cell's own Dispose; thrown below
            {
                failures.Add(failure);
            }
        }
        if (failures.Count > 0)
            throw new AggregateException(failures);
    }
}
