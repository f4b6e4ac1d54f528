using Workbench.Notebooks.Kernel;
using Workbench.Notebooks.Kernel.Formatting;

namespace Workbench.Notebooks;

/// <summary>An output that can be replaced in place. Thread-safe.</summary>
public sealed class DisplayHandle
{
    private readonly IReadOnlyList<string> _mimeTypes;

    internal DisplayHandle(string id, IReadOnlyList<string> mimeTypes) => (Id, _mimeTypes) = (id, mimeTypes);

    /// <summary>The display's id in the Jupyter protocol.</summary>
    public string Id { get; }

    /// <summary>Shows <paramref name="value"/> in place of what is there, in the same forms that were asked for first.</summary>
    /// <exception cref="ArgumentException">The value has no such form.</exception>
    public void Update(object? value) => KernelSession.Current.Output.Display(OutputFormatter.Format(value, _mimeTypes), Id, update: true);
}
