using System.Globalization;
using Spectre.Console;

namespace Workbench.Host.Demo;

/// <summary>The demo for a person: a bar while a stage works, then its line.</summary>
internal sealed class ConsoleDemoOutput(IAnsiConsole console) : IDemoOutput
{
    public async Task<StageResult> StageAsync(int number, int count, string title, Func<IProgress<StageProgress>, Task<StageResult>> stage)
    {
        var result = console.Profile.Capabilities.Interactive
            ? await WithBarAsync($"{number}/{count} {title}", stage)
            : await stage(new Silent());
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[green]{number}/{count}[/] [bold]{title}[/]: {result.Line}");
        return result;
    }

    public void Failed(int number, string title, string reason) =>
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]{number} {title} does not hold:[/] {reason}");

    public void Finished(string reportPath, TimeSpan duration) =>
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Report: {reportPath} ({duration.TotalSeconds:F0} s)");

    private async Task<StageResult> WithBarAsync(string title, Func<IProgress<StageProgress>, Task<StageResult>> stage)
    {
        StageResult? result = null;
        await console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context => result = await stage(new Bar(context.AddTask(Markup.Escape(title)), title)));
        return result ?? throw new InvalidOperationException($"The stage '{title}' gave no result.");
    }

    private sealed class Bar(ProgressTask task, string title) : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            task.Value = Math.Clamp(value.Fraction, 0, 1) * task.MaxValue;
            task.Description = Markup.Escape($"{title}: {value.Doing}");
        }
    }

    private sealed class Silent : IProgress<StageProgress>
    {
        public void Report(StageProgress value) { }
    }
}
