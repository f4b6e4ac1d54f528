using System.CommandLine;
using Workbench.Data;
using Workbench.Host.Activities;
using Workbench.Notebooks.Running;
using Workbench.Registry;

namespace Workbench.Host.Cli;

/// <summary>Runs a notebook without a person, in papermill's conventions, and records the run.</summary>
internal sealed class NotebookRunCommand
{
    private readonly Argument<string> _input = new("notebook") { Description = "A notebook, such as notebooks/02-train.ipynb; - reads it from the standard input." };
    private readonly Argument<string?> _output = new("output") { Description = "Where the executed notebook goes, written as it grows; - writes it to the standard output at the end.", Arity = ArgumentArity.ZeroOrOne };
    private readonly NotebookParameterOptions _parameters = new();
    private readonly Option<string?> _kernel = new("--kernel", "-k") { Description = "Installed kernel in place of the notebook's own.", HelpName = "NAME" };
    private readonly Option<TimeSpan?> _timeout = DurationText.Option("--timeout", [], "Longest time for the whole run.");
    private readonly Option<TimeSpan?> _cellTimeout = DurationText.Option("--cell-timeout", ["--execution-timeout"], "Longest time for one cell.");
    private readonly Option<TimeSpan?> _startTimeout = DurationText.Option("--start-timeout", ["--start_timeout"], "Longest time for the kernel to start; default 60.");
    private readonly Option<bool> _reportMode = new("--report-mode") { Description = "Hide the source of the cells in the executed notebook." };
    private readonly Option<string?> _folder = new("--cwd") { Description = "Current folder of the kernel. Default: the notebook's.", HelpName = "DIR" };
    private readonly Option<bool> _logOutput = new("--log-output") { Description = "Print what cells print and show." };
    private readonly Option<bool> _progressBar = new("--progress-bar") { Description = "Show a bar even where the output is no terminal." };
    private readonly Option<bool> _noProgressBar = new("--no-progress-bar") { Description = "Show no progress." };
    private readonly Option<long?> _memory = new("--memory-limit") { Description = "Memory that the kernel and all it starts may use, such as 2GiB.", HelpName = "SIZE", CustomParser = ByteSizeText.Read };
    private readonly Option<int?> _cpu = new("--cpu-limit") { Description = "Processor cores that they may use, such as 2.", HelpName = "CORES" };
    private readonly Option<bool> _inPlace = new("--in-place") { Description = "Allow the output to be the notebook itself, which is the default then." };
    private readonly Option<string?> _experiment = new("--experiment") { Description = "Experiment that the run is recorded in. Default: the notebook's name.", HelpName = "NAME" };
    private readonly Option<bool> _noRecord = new("--no-record") { Description = "Do not record the run." };
    private readonly Option<string?> _data = DataOption.Create();

    public static Command Create()
    {
        var run = new NotebookRunCommand();
        var command = new Command("run", "Run every cell; exits with 1 when one fails.")
        {
            run._input, run._output, run._kernel, run._timeout, run._cellTimeout, run._startTimeout, run._reportMode, run._folder, run._logOutput, run._progressBar, run._noProgressBar,
            run._memory, run._cpu, run._inPlace, run._experiment, run._noRecord, run._data,
        };
        foreach (var option in run._parameters.All)
            command.Add(option);
        run._cpu.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out int cores) || cores < 1))
                result.AddError($"--cpu-limit '{result.Tokens[0].Value}' is no number of cores. Give a whole number, at least 1.");
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(run._output) is null && !result.GetValue(run._inPlace))
                result.AddError("Say where the executed notebook goes: workbench notebook run NOTEBOOK OUTPUT. Only --in-place needs no output.");
        });
        command.SetAction(run.ExecuteAsync);
        return command;
    }

    private async Task<int> ExecuteAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var temporary = new ScratchFolder();
        var (input, output) = (parsed.GetValue(_input)!, parsed.GetValue(_output) ?? parsed.GetValue(_input)!);
        var inputFile = input == "-" ? await FromStandardInputAsync(temporary, cancellationToken) : input;
        var outputFile = output == "-" ? Path.Combine(temporary.Path, "executed.ipynb") : output;
        var messages = output == "-" ? Console.Error : Console.Out;
        var folder = parsed.Folder(_data);
        var run = NotebookRunner.Prepare(Request(parsed, inputFile, outputFile, input == "-", messages));
        var recording = parsed.GetValue(_noRecord) ? null
            : await NotebookRecording.StartAsync(ModelRegistry.Open(folder), parsed.GetValue(_experiment) ?? (input == "-" ? "notebook" : Path.GetFileNameWithoutExtension(input)), run, input, cancellationToken);
        if (recording is not null)
            await Console.Error.WriteLineAsync($"run {recording.Id}");
        var code = await RunAsync(run, recording, outputFile, Progress(parsed), messages, output == "-" ? "the standard output" : output, cancellationToken);
        if (output == "-")
            await Console.Out.WriteAsync(await File.ReadAllTextAsync(outputFile, CancellationToken.None));
        return code;
    }

    private static async Task<int> RunAsync(PreparedRun run, NotebookRecording? recording, string output, IProgress<NotebookProgress>? progress, TextWriter messages, string place, CancellationToken cancellationToken)
    {
        var environment = recording is null ? null : new Dictionary<string, string> { [NotebookRecording.RunIdVariable] = recording.Id.Value };
        var (status, error) = (RunStatus.Failed, "The run ended before its first cell.");
        try
        {
            var result = await run.RunAsync(recording?.Facts, environment, progress, cancellationToken);
            (status, error) = result.Succeeded ? (RunStatus.Finished, null) : (RunStatus.Failed, result.Error!.ToString()); // a run that did not succeed has an error
            await messages.WriteLineAsync(result.Succeeded
                ? FormattableString.Invariant($"Done in {result.Duration.TotalSeconds:F1} s: {place}")
                : $"Failed: {error}\nThe notebook with its error is at {place}.");
            return result.Succeeded ? ExitCode.Done : ExitCode.Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            (status, error) = (RunStatus.Killed, "Cancelled.");
            await messages.WriteLineAsync($"Cancelled. The notebook as far as it came is at {place}.");
            return ExitCode.Failed;
        }
        catch (DataException failure)
        {
            error = failure.Message;
            throw;
        }
        finally
        {
            if (recording is not null)
                await recording.EndAsync(status, output, error);
        }
    }

    private NotebookRunRequest Request(ParseResult parsed, string input, string output, bool isPiped, TextWriter messages)
    {
        var (values, texts) = _parameters.Read(parsed);
        return new()
        {
            InputPath = input,
            OutputPath = output,
            InPlace = parsed.GetValue(_inPlace),
            Parameters = values,
            ParameterTexts = texts,
            KernelCommand = NotebookCells.KernelCommand,
            KernelName = parsed.GetValue(_kernel),
            StartTimeout = parsed.GetValue(_startTimeout) ?? TimeSpan.FromSeconds(60),
            CellTimeout = parsed.GetValue(_cellTimeout),
            Timeout = parsed.GetValue(_timeout),
            MemoryLimitBytes = parsed.GetValue(_memory),
            CpuLimit = parsed.GetValue(_cpu),
            ReportMode = parsed.GetValue(_reportMode),
            WorkingDirectory = parsed.GetValue(_folder) ?? (isPiped ? null : Path.GetDirectoryName(Path.GetFullPath(input))),
            Environment = NotebookCells.Environment(input),
            OnOutput = parsed.GetValue(_logOutput) ? (stream, text) => (stream == "stderr" ? Console.Error : messages).Write(text) : null,
        };
    }

    private IProgress<NotebookProgress>? Progress(ParseResult parsed) =>
        parsed.GetValue(_noProgressBar) ? null : new CellProgress(isBar: parsed.GetValue(_progressBar) || (!Console.IsErrorRedirected && !parsed.GetValue(_logOutput)));

    private static async Task<string> FromStandardInputAsync(ScratchFolder folder, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder.Path, "notebook.ipynb");
        await File.WriteAllTextAsync(file, await Console.In.ReadToEndAsync(cancellationToken), cancellationToken);
        return file;
    }

    private sealed class CellProgress(bool isBar) : IProgress<NotebookProgress>
    {
        private const int Width = 30;
        private const int LongestLine = 40;

        public void Report(NotebookProgress value)
        {
            if (!isBar)
            {
                Console.Error.WriteLine($"cell {value.CellsDone} of {value.CellsTotal}{(value.CurrentCell is { } cell ? ": " + cell : "")}");
                return;
            }
            var done = value.CellsTotal == 0 ? Width : Width * value.CellsDone / value.CellsTotal;
            var line = value.CurrentCell ?? "";
            Console.Error.Write($"\r[{new string('=', done)}{new string(' ', Width - done)}] {value.CellsDone}/{value.CellsTotal} {(line.Length > LongestLine ? line[..LongestLine] : line).PadRight(LongestLine)}{(value.CurrentCell is null ? "\n" : "")}");
        }
    }
}
