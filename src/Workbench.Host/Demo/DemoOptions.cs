namespace Workbench.Host.Demo;

/// <summary>How the demo is run.</summary>
internal sealed record DemoOptions
{
    /// <summary>Data folder; must be empty. Default: a new folder below .workbench/demo.</summary>
    public required string DataFolder { get; init; }
    /// <summary>The checkout: where notebooks/ and data/samples/ lie.</summary>
    public required string ProjectFolder { get; init; }
    /// <summary>Keep the host up at the end.</summary>
    public bool Serve { get; init; }
    /// <summary>Port of the host; 0 picks a free one.</summary>
    public int Port { get; init; }
}
