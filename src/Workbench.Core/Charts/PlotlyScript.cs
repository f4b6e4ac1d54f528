using System.Reflection;

namespace Workbench.Charts;

/// <summary>The plotly.js that draws every <see cref="PlotlyFigure"/>: the one that the package Plotly.NET carries, so that nothing is fetched.</summary>
public static class PlotlyScript
{
    /// <summary>Version of plotly.js.</summary>
    public const string Version = "2.28.0";

    private static readonly Lazy<string> Text = new(Load);

    /// <summary>The minified script, 3.5 MB of UTF-8 text, read once a process. Safe inside an HTML script element. Thread-safe.</summary>
    /// <exception cref="InvalidOperationException">Another version of Plotly.NET is installed, without that script.</exception>
    public static string Read() => Text.Value;

    private static string Load()
    {
        var assembly = Assembly.Load("Plotly.NET");
        string name = $"Plotly.NET.plotly-{Version}.min.js";
        using var stream = assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException(
            $"{assembly.GetName()} has no resource '{name}'. It has: {string.Join(", ", assembly.GetManifestResourceNames())}. Use Plotly.NET 6.0.0.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
