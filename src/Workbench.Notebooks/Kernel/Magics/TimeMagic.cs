using System.Globalization;
using Workbench.Notebooks.Kernel.Languages;

namespace Workbench.Notebooks.Kernel.Magics;

/// <summary><c>#!time</c>: how long the cell takes from this line to its end.</summary>
internal sealed class TimeMagic(TimeProvider clock) : ICellMagic
{
    public string Name => "time";

    public string Summary => "Shows how long the cell takes from here to its end.";

    public IReadOnlyList<string> Options => [];

    public void Run(CellMagic magic, ICellLanguage language, CellRun cell)
    {
        long start = clock.GetTimestamp();
        cell.AtEnd(() => cell.Output.Display(Text(clock.GetElapsedTime(start)), null, update: false));
    }

    private static MimeBundle Text(TimeSpan time)
    {
        var text = time.TotalSeconds < 1
            ? string.Create(CultureInfo.InvariantCulture, $"Wall time: {time.TotalMilliseconds:F1} ms")
            : string.Create(CultureInfo.InvariantCulture, $"Wall time: {time.TotalSeconds:F2} s");
        return MimeBundle.Of("text/plain", text, text);
    }
}
