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
        Line("32", $"{number}/{count} {title}:", result.Line);
        return result;
    }

    public void Failed(int number, string title, string reason) =>
        Line("31", $"{number} {title} does not hold:", reason);

    public void Finished(string reportPath, TimeSpan duration) =>
        Line("1", "Report:", string.Create(CultureInfo.InvariantCulture, $"{reportPath} ({duration.TotalSeconds:F0} s)"));

    // One line a stage, however long: the terminal folds it, a file keeps it whole.
    private void Line(string colour, string head, string text) =>
        Console.WriteLine(console.Profile.Capabilities.Ansi ? $"\u001b[{colour}m{head}\u001b[0m {text}" : $"{head} {text}");

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
