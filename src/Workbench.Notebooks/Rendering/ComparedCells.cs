using System.Globalization;
using System.Net;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Rendering;

/// <summary>Renders pairs of cells: what is equal folded, what differs in two columns.</summary>
internal sealed class ComparedCells(NotebookDocument left, NotebookDocument right, ReportPage page)
{
    public const string LeftAnchor = "a-";
    public const string RightAnchor = "b-";

    private readonly CellRenderer _left = new(left, page, LeftAnchor);
    private readonly CellRenderer _right = new(right, page, RightAnchor);
    private readonly List<(string Anchor, string Label)> _differing = [];

    public IReadOnlyList<(int Level, string Id, string Text)> Headings => _right.Headings;

    /// <summary>Cells whose source or outputs differ, or that only one notebook has.</summary>
    public IReadOnlyList<(string Anchor, string Label)> Differing => _differing;

    public string Render(NotebookCell? a, NotebookCell? b) => (a, b) switch
    {
        ({ } one, null) => Alone(_left, one, "Only in A"),
        (null, { } other) => Alone(_right, other, "Only in B"),
        ({ } one, { } other) when other.Type != CellType.Code => one.Source == other.Source ? _right.Render(other, showCode: false) : Text(one, other),
        ({ } one, { } other) => Code(one, other),
        _ => "",
    };

    private string Alone(CellRenderer renderer, NotebookCell cell, string side)
    {
        Remember(renderer.Anchor(cell), cell);
        return $"<p class=\"side\">{side}</p>{renderer.Render(cell, showCode: true)}";
    }

    private string Text(NotebookCell a, NotebookCell b)
    {
        Remember(_right.Anchor(b), b);
        return Pair(_left.Render(a, showCode: false), _right.Render(b, showCode: false));
    }

    private string Code(NotebookCell a, NotebookCell b)
    {
        bool sameCode = a.Source == b.Source, sameOutputs = SameOutputs(a, b);
        bool failed = RunSummary.HasFailed(a) || RunSummary.HasFailed(b);
        if (!sameCode || !sameOutputs)
            Remember(_right.Anchor(b), b);
        var source = sameCode
            ? $"<details class=\"source\"><summary>{_right.Label(b)}</summary>{_right.Source(b)}</details>"
            : $"<details class=\"source\" open><summary>{_right.Label(b)}</summary>{Diff(a, b)}</details>";
        var outputs = !sameOutputs ? Pair(_left.Outputs(a), _right.Outputs(b))
            : b.Outputs.Count == 0 ? "" : $"<details class=\"outputs\"><summary>Output, the same in A and B</summary>{_right.Outputs(b)}</details>";
        return $"<section class=\"code{(failed ? " failed" : "")}\" id=\"{_right.Anchor(b)}\"><span id=\"{_left.Anchor(a)}\"></span>{source}{outputs}</section>";
    }

    private bool SameOutputs(NotebookCell a, NotebookCell b)
    {
        var (one, other) = (OutputForm.Of(a, CellLanguage.Of(a, left)), OutputForm.Of(b, CellLanguage.Of(b, right)));
        return one.Count == other.Count && one.Zip(other).All(pair => pair.First.ShowsSameAs(pair.Second));
    }

    private void Remember(string anchor, NotebookCell cell) =>
        _differing.Add((anchor, cell.ExecutionCount is { } count ? string.Create(CultureInfo.InvariantCulture, $"[{count}]") : cell.Id));

    private static string Pair(string a, string b) =>
        $"<div class=\"pair\"><div><p class=\"side\">A</p>{(a.Length > 0 ? a : OutputRenderer.Note("no output"))}</div><div><p class=\"side\">B</p>{(b.Length > 0 ? b : OutputRenderer.Note("no output"))}</div></div>";

    private static string Diff(NotebookCell a, NotebookCell b)
    {
        var lines = LineDiff.Of(a.Source, b.Source).Select(line => line.Mark switch
        {
            '-' => $"<del>- {WebUtility.HtmlEncode(line.Line)}</del>",
            '+' => $"<ins>+ {WebUtility.HtmlEncode(line.Line)}</ins>",
            _ => $"  {WebUtility.HtmlEncode(line.Line)}\n",
        });
        return $"<pre class=\"diff\" tabindex=\"0\" aria-label=\"Changes of the code, A to B\">{string.Concat(lines)}</pre>";
    }
}
