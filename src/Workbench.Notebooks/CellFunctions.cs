using System.Diagnostics.CodeAnalysis;
using Workbench.Notebooks.Kernel;

namespace Workbench.Notebooks;

/// <summary>Functions that cells call by their bare names, as .NET Interactive's notebooks do. Imported into every cell.</summary>
[SuppressMessage("Style", "IDE1006:Naming", Justification = "The names that notebooks know.")]
public static class CellFunctions
{
    /// <summary>Shows a value in its richest form, or only in <paramref name="mimeTypes"/>; a text is taken as the content of the form.</summary>
    public static DisplayHandle display(object? value, params string[] mimeTypes) => Display.Show(value, mimeTypes);

    /// <summary>HTML as a value: show it with <see cref="display"/>, or let it be the last expression of a cell.</summary>
    public static MimeBundle HTML(string html) => MimeBundle.Of("text/html", html, html);

    /// <summary>Asks for a line of text.</summary>
    /// <exception cref="InvalidOperationException">The notebook runs headless, so nobody can answer.</exception>
    public static string input(string prompt = "") => KernelSession.Current.Ask(prompt, isPassword: false);

    /// <summary>Asks for a secret, which is not shown.</summary>
    /// <exception cref="InvalidOperationException">The notebook runs headless, so nobody can answer.</exception>
    public static string password(string prompt = "") => KernelSession.Current.Ask(prompt, isPassword: true);

    /// <summary>Cancelled when the cell is interrupted; pass it to long work.</summary>
    public static CancellationToken CellCancellation => KernelSession.Current.CancellationToken;
}
