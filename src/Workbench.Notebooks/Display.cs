using Workbench.Notebooks.Kernel;
using Workbench.Notebooks.Kernel.Formatting;

namespace Workbench.Notebooks;

/// <summary>Shows values in the output of the cell that runs. Works in cells only. Thread-safe.</summary>
public static class Display
{
    /// <summary>Shows <paramref name="value"/> in its richest form; the handle replaces it in place later.</summary>
    /// <exception cref="InvalidOperationException">No kernel runs in this process.</exception>
    public static DisplayHandle Show(object? value)
    {
        var handle = new DisplayHandle(Guid.NewGuid().ToString("N"));
        KernelSession.Current.Output.Display(OutputFormatter.Format(value), handle.Id, update: false);
        return handle;
    }

    /// <summary>Shows <paramref name="content"/> as <paramref name="mimeType"/>.</summary>
    public static DisplayHandle As(string mimeType, string content) => Show(MimeBundle.Of(mimeType, content, content));

    /// <summary>Shows HTML. Reports show it inside a sandboxed frame.</summary>
    public static DisplayHandle Html(string html) => As("text/html", html);

    /// <summary>Shows Markdown.</summary>
    public static DisplayHandle Markdown(string markdown) => As("text/markdown", markdown);

    /// <summary>Shows a progress bar that moves in place.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="total">The value at which it is done; above 0.</param>
    public static ProgressDisplay Progress(string title, double total) => new(title, total, TimeProvider.System);

    /// <summary>Removes the outputs of this cell.</summary>
    /// <param name="wait">Whether to wait for the next output, so that nothing flickers.</param>
    public static void Clear(bool wait = false) =>
        KernelSession.Current.Output.Publish("clear_output", new() { ["wait"] = wait });
}
