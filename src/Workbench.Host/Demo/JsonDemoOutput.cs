using System.Text.Json;

namespace Workbench.Host.Demo;

/// <summary>The demo for a machine: one JSON object a line.</summary>
internal sealed class JsonDemoOutput(TextWriter writer) : IDemoOutput
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public async Task<StageResult> StageAsync(int number, int count, string title, Func<IProgress<StageProgress>, Task<StageResult>> stage)
    {
        var result = await stage(new Progress(this, number));
        Write(new { type = "stage", number, count, title, line = result.Line, figures = result.Figures });
        return result;
    }

    public void Failed(int number, string title, string reason) => Write(new { type = "failed", number, title, reason });

    public void Finished(string reportPath, TimeSpan duration) => Write(new { type = "finished", report = reportPath, seconds = Math.Round(duration.TotalSeconds, 1) });

    private void Write(object line)
    {
        lock (writer)
            writer.WriteLine(JsonSerializer.Serialize(line, Options));
    }

    private sealed class Progress(JsonDemoOutput output, int number) : IProgress<StageProgress>
    {
        private int _percent = -1;

        // A line for every tenth, so that a log stays readable.
        public void Report(StageProgress value)
        {
            int percent = (int)(Math.Clamp(value.Fraction, 0, 1) * 10) * 10;
            if (Interlocked.Exchange(ref _percent, percent) != percent)
                output.Write(new { type = "progress", number, percent, doing = value.Doing });
        }
    }
}
