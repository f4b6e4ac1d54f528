using Workbench.Notebooks.Kernel;
using Workbench.Notebooks.Kernel.Formatting;

namespace Workbench.Notebooks;

/// <summary>An output that can be replaced in place. Thread-safe.</summary>
public sealed class DisplayHandle
{
    internal DisplayHandle(string id) => Id = id;

    /// <summary>The display's id in the Jupyter protocol.</summary>
    public string Id { get; }

    /// <summary>Shows <paramref name="value"/> in place of what is there.</summary>
    public void Update(object? value) => KernelSession.Current.Output.Display(OutputFormatter.Format(value), Id, update: true);
}
