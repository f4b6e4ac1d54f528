using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Workbench.Drift.Streams;

namespace Workbench.Host.Cli;

/// <summary><c>workbench drift stream</c>: a column of a file as a stream through a detector of concept drift.</summary>
internal static class DriftStreamCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "Parquet or CSV file, glob or folder, its rows in the order of time." };
        var column = new Option<string>("--column") { Description = "Column to watch, such as a model's errors (0 right, 1 wrong).", Required = true };
        var detector = new Option<string?>("--detector") { Description = $"One of {string.Join(", ", StreamDetectors.Known)}; default adwin, or that of the state." };
        var set = new Option<string[]>("--set") { Description = "An option of the detector, such as --set delta 0.01.", AllowMultipleArgumentsPerToken = true };
        var time = new Option<string?>("--time") { Description = "Column that says when each row was; printed beside each detection." };
        var state = new Option<string?>("--state") { Description = "File that keeps where the stream stopped: a later run goes on there, with the rest of the same file or with the next file." };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var fail = new Option<bool>("--fail-on-drift") { Description = "Exit with 3 when the stream changed." };
        var command = new Command("stream", "Watch a column row by row for a change (concept drift).") { file, column, detector, set, time, state, json, fail };
        command.SetAction((parsed, cancellationToken) =>
        {
            string path = parsed.GetValue(file)!, name = parsed.GetValue(column)!; // both are required
            string? stateFile = parsed.GetValue(state);
            var before = stateFile is null ? null : StreamCheckpoint.Load(stateFile);
            var watch = Watch(before, stateFile, name, parsed.GetValue(detector), parsed.GetValue(set) ?? []);
            var reading = StreamFile.Read(path, name, watch, parsed.GetValue(time), before?.SeenOf(path) ?? 0, cancellationToken);
            if (stateFile is not null)
                new StreamCheckpoint { Path = Path.GetFullPath(path), Column = name, Rows = reading.Rows, Watch = watch.Save() }.Save(stateFile);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(reading, Json));
            else
                Print(reading);
            bool isDrift = reading.Detections.Any(found => found.State == DriftState.Drift);
            return Task.FromResult(isDrift && parsed.GetValue(fail) ? ExitCode.GateSaidNo : ExitCode.Done);
        });
        return command;
    }

    private static StreamWatch Watch(StreamCheckpoint? before, string? stateFile, string column, string? detector, IReadOnlyList<string> settings)
    {
        var options = Options(settings);
        if (before is null)
            return new(Create(detector ?? "adwin", options));
        var watch = StreamWatch.Load(before.Watch);
        if (before.Column != column || detector is not null && detector != watch.Detector.Name)
            throw new CommandException($"'{stateFile}' is the state of '{watch.Detector.Name}' on the column '{before.Column}'. Ask for these, or name another state file.");
        if (options.Any(option => !watch.Detector.Options.TryGetValue(option.Key, out double value) || value != option.Value))
            throw new CommandException($"'{stateFile}' is the state of '{watch.Detector.Name}' with {string.Join(", ", watch.Detector.Options.Select(option => FormattableString.Invariant($"{option.Key} {option.Value}")))}. Leave out --set, or name another state file.");
        return watch;
    }

    private static IStreamDetector Create(string detector, IReadOnlyDictionary<string, double> options)
    {
        try
        {
            return StreamDetectors.Create(detector, options);
        }
        catch (ArgumentException failure)
        {
            throw new CommandException(failure.Message.Split(" (Parameter")[0]);
        }
    }

    private static Dictionary<string, double> Options(IReadOnlyList<string> words)
    {
        var options = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var pair in words.Chunk(2))
            options[pair[0]] = pair.Length == 2 && double.TryParse(pair[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                ? value
                : throw new CommandException($"--set takes an option and a number, such as --set delta 0.01; given was '{string.Join(' ', pair)}'.");
        return options;
    }

    private static void Print(StreamReading reading)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{reading.Detector} on '{reading.Column}': {reading.Rows - reading.SkippedRows:N0} rows{(reading.SkippedRows > 0 ? $" after the {reading.SkippedRows:N0} seen before" : "")}{(reading.Missing > 0 ? $", {reading.Missing:N0} of them without a value" : "")}."));
        bool hasTime = reading.Detections.Any(found => found.Time is not null);
        TextTable.Write(
            hasTime ? ["row", "state", "value", "time"] : ["row", "state", "value"],
            reading.Detections.Select(found => Cells(found, hasTime)),
            "No change.");
    }

    private static string[] Cells(StreamDetection found, bool hasTime)
    {
        string row = string.Create(CultureInfo.InvariantCulture, $"{found.Row}"), value = found.Value.ToString("G6", CultureInfo.InvariantCulture);
        string state = found.State == DriftState.Drift ? "drift" : "warning";
        return hasTime ? [row, state, value, found.Time ?? ""] : [row, state, value];
    }
}
