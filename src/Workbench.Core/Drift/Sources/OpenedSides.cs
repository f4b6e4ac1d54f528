namespace Workbench.Drift.Sources;

/// <summary>Both sides of a comparison, opened; disposing it closes them.</summary>
internal sealed class OpenedSides : IDisposable
{
    private OpenedSides(DriftInput reference, DriftInput current) => (Reference, Current) = (reference, current);

    public DriftInput Reference { get; }
    public DriftInput Current { get; }

    /// <summary>Opens files side by side. Any other source may read what belongs to the caller, and waits for the reference.</summary>
    /// <exception cref="Data.DataException">A side cannot be read; that of the reference when neither can.</exception>
    public static OpenedSides Open(DriftSource reference, DriftSource current, CancellationToken cancellationToken)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var beside = reference.IsFile && current.IsFile ? Task.Run(() => current.Open(cancel.Token), CancellationToken.None) : null;
        DriftInput? opened = null;
        try
        {
            opened = reference.Open(cancellationToken);
            return new(opened, beside is null ? current.Open(cancellationToken) : beside.GetAwaiter().GetResult());
        }
        catch
        {
            opened?.Dispose();
            cancel.Cancel();
            Close(beside);
            throw;
        }
    }

    public void Dispose()
    {
        Current.Dispose();
        Reference.Dispose();
    }

    // A failure of its own is of no interest any more: another one is on its way to the caller.
    private static void Close(Task<DriftInput>? beside)
    {
        if (beside is not null && Task.WhenAny(beside).GetAwaiter().GetResult().IsCompletedSuccessfully)
            beside.GetAwaiter().GetResult().Dispose();
    }
}
