using Workbench.Notebooks.Kernel.CSharp;
using Workbench.Notebooks.Kernel.Languages;

namespace Workbench.Notebooks.Kernel;

/// <summary>Runs the parts of a cell, each in its language, and shares values between the languages.</summary>
internal sealed class CellEngine(CellOutput output) : IDisposable
{
    private readonly SqlSession _sql = new();

    public CSharpSession CSharp { get; } = new();

    /// <summary>Runs a cell; returns the value of its last expression, or null.</summary>
    public object? Run(string code, int executionCount, CancellationToken cancellationToken)
    {
        object? last = null;
        foreach (var segment in CellParser.Parse(code))
        {
            cancellationToken.ThrowIfCancellationRequested();
            last = RunSegment(segment, executionCount, cancellationToken);
        }
        return last;
    }

    public void Dispose() => _sql.Dispose();

    private object? RunSegment(CellSegment segment, int executionCount, CancellationToken cancellationToken)
    {
        switch (segment.Language)
        {
            case "sql":
                return RunSql(segment, cancellationToken);
            case "markdown":
                segment.Options.AllowOnly();
                output.Display(MimeBundle.Of("text/markdown", segment.Source.Trim('\n'), segment.Source.Trim('\n')), null, update: false);
                return null;
            case "html":
                segment.Options.AllowOnly();
                output.Display(MimeBundle.Of("text/html", segment.Source.Trim('\n'), segment.Source.Trim('\n')), null, update: false);
                return null;
            default:
                segment.Options.AllowOnly();
                RefusePackages(segment.Source);
                return CSharp.Run(segment.Source, $"Cell[{executionCount}]", cancellationToken);
        }
    }

    private object? RunSql(CellSegment segment, CancellationToken cancellationToken)
    {
        segment.Options.AllowOnly("name");
        var variables = CSharp.Variables.ToDictionary(pair => pair.Key, pair => (object?)pair.Value.Value, StringComparer.Ordinal);
        var frame = _sql.Run(segment.Source, variables, cancellationToken);
        if (!segment.Options.Values.TryGetValue("name", out var name))
            return frame;
        if (frame is null)
            throw new ArgumentException($"#!sql --name {name}: the last statement returns no rows, so there is nothing to name. End with a SELECT.");
        CSharp.SetVariable(name, frame);
        return frame;
    }

    private static void RefusePackages(string source)
    {
        if (source.Split('\n').FirstOrDefault(line => line.TrimStart().StartsWith("#r \"nuget:", StringComparison.Ordinal)) is { } line)
            throw new NotSupportedException($"{line.Trim()}: this kernel does not restore packages. Everything that Workbench carries is referenced already; for another library use #r \"path/to/it.dll\".");
    }
}
