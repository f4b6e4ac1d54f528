using System.CommandLine;
using Workbench.Evaluation;

namespace Workbench.Host.Cli;

/// <summary>The gate's rules on the command line.</summary>
internal sealed class GateRuleOptions
{
    private readonly Option<string?> _metric = new("--metric") { Description = "Metric that decides, such as roc_auc; accuracy when left out.", HelpName = "NAME" };
    private readonly Option<int> _rows = new("--min-rows") { Description = "Fewest labelled rows on which a difference counts.", DefaultValueFactory = _ => new GateRules().MinimumRows, HelpName = "N" };
    private readonly Option<double> _improvement = new("--min-improvement") { Description = "What the interval of the difference must exceed, in the metric's unit.", HelpName = "X" };
    private readonly Option<double?> _relative = new("--min-relative-improvement") { Description = "The same as a share of the champion's value.", HelpName = "X" };
    private readonly Option<string[]> _thresholds = new("--threshold") { Description = "A value that the candidate must reach, such as 'roc_auc>=0.8' or 'log_loss<=0.4'; several times.", HelpName = "RULE", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> _slices = new("--slice") { Description = "A column none of whose slices may fall beyond chance; several times.", HelpName = "COLUMN", DefaultValueFactory = _ => [] };
    private readonly Option<int> _sliceRows = new("--min-slice-rows") { Description = "Slices with fewer rows are not judged.", DefaultValueFactory = _ => new GateRules().MinimumSliceRows, HelpName = "N" };
    private readonly Option<double> _tolerance = new("--slice-tolerance") { Description = "How much of the metric a slice may lose.", HelpName = "X" };
    private readonly Option<TimeSpan?> _latency = DurationText.Option("--latency-limit", [], "Longest median time of an answer for one row, such as 1ms.");
    private readonly Option<int?> _size = new("--size-limit-kb") { Description = "Largest size of the ONNX file, in kilobytes.", HelpName = "N" };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _metric, _rows, _improvement, _relative, _thresholds, _slices, _sliceRows, _tolerance, _latency, _size })
            command.Options.Add(option);
    }

    /// <exception cref="CommandException">A threshold cannot be read.</exception>
    public GateRules Read(ParseResult parsed) => new()
    {
        Metric = parsed.GetValue(_metric), MinimumRows = parsed.GetValue(_rows), MinimumImprovement = parsed.GetValue(_improvement), MinimumRelativeImprovement = parsed.GetValue(_relative),
        Thresholds = [.. (parsed.GetValue(_thresholds) ?? []).Select(Threshold)], Slices = parsed.GetValue(_slices) ?? [], MinimumSliceRows = parsed.GetValue(_sliceRows),
        SliceTolerance = parsed.GetValue(_tolerance), LatencyLimit = parsed.GetValue(_latency), SizeLimitBytes = parsed.GetValue(_size) * 1024L,
    };

    private static MetricThreshold Threshold(string text)
    {
        try
        {
            return MetricThreshold.Parse(text);
        }
        catch (FormatException failure)
        {
            throw new CommandException(failure.Message);
        }
    }
}
