namespace Workbench.Notebooks.Kernel;

/// <summary>Completions that replace the text from <paramref name="Start"/> to <paramref name="End"/> (UTF-16).</summary>
/// <param name="Start">First position replaced.</param>
/// <param name="End">Position behind the last one replaced.</param>
/// <param name="Items">Texts and their kinds (method, keyword...).</param>
internal sealed record CompletionList(int Start, int End, IReadOnlyList<(string Text, string Kind)> Items)
{
    public static CompletionList Empty(int position) => new(position, position, []);
}
