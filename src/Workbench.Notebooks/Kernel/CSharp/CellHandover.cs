using System.ComponentModel;

namespace Workbench.Notebooks.Kernel.CSharp;

/// <summary>The door through which the kernel hands a value to a script variable. Not for use in cells.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CellHandover
{
    /// <summary>Takes the value that waits under <paramref name="ticket"/>, once.</summary>
    /// <exception cref="InvalidOperationException">Nothing waits there.</exception>
    public static object Take(string ticket) => CSharpSession.TakeHandover(ticket);
}
