using System.CommandLine;
using Workbench.Host.Prediction;
using Workbench.Registry;

namespace Workbench.Host.Cli;

/// <summary><c>workbench predict MODEL DATA --out FOLDER</c>, and the hidden worker that it starts.</summary>
internal sealed class PredictCommand
{
    private static readonly PredictionRequest Defaults = new() { Data = "", Output = "" };

    private readonly Argument<string> _model = new("model") { Description = "NAME@ALIAS, NAME/VERSION, NAME for its champion, an ONNX file, or a folder with model.onnx." };
    private readonly Argument<string> _rows = new("rows") { Description = "Parquet or CSV: file, glob or folder." };
    private readonly Option<string> _out = new("--out", "-o") { Description = "Folder for part-00000.parquet and on. The same command goes on with it, here or on other machines that share it, also at the same time.", HelpName = "FOLDER", Required = true };
    private readonly Option<string[]> _keep = new("--keep") { Description = "Column of the data that the output has too; several times.", HelpName = "COLUMN", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _id = new("--id") { Description = "Column that becomes prediction_id. Default, when nothing is kept: the file's name and the row's number.", HelpName = "COLUMN" };
    private readonly Option<int> _rowsPerPart = TuneCommand.Number("--rows-per-part", Defaults.RowsPerPart, 1, 100_000_000, "About how many rows a part has: whole row groups, or pieces of large ones.");
    private readonly Option<int> _processes = TuneCommand.Number("--nproc", Defaults.Processes, 1, 256, "Processes that predict at the same time, one part each.");
    private readonly Option<string?> _data = DataOption.Create();

    public static Command Create()
    {
        var predict = new PredictCommand();
        var command = new Command("predict", "Predict a data set of any size into a folder of Parquet parts; a call that was killed goes on where it was.")
        {
            predict._model, predict._rows, predict._out, predict._keep, predict._id, predict._rowsPerPart, predict._processes, predict._data,
        };
        command.SetAction(predict.ExecuteAsync);
        return command;
    }

    public static Command CreateWorker()
    {
        var (path, call) = (new Argument<string>("folder"), new Argument<string>("call"));
        var command = new Command("predict-worker", "A process of 'workbench predict'.") { path, call };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _ = WorkerProcess.StopWithInputAsync(stop);
            var folder = new PredictionFolder(parsed.GetValue(path)!); // both required
            var plan = folder.Plan() ?? throw new CommandException($"'{folder.Path}' holds no plan of predictions. Workers are started by 'workbench predict'.");
            await new PredictionWorker(folder, plan, folder.ReadCall(parsed.GetValue(call)!), Console.WriteLine).RunAsync(stop.Token);
        });
        return command;
    }

    private async Task<int> ExecuteAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var request = new PredictionRequest
        {
            Data = parsed.GetValue(_rows)!, Output = parsed.GetValue(_out)!, Keep = parsed.GetValue(_keep)!, Id = parsed.GetValue(_id), // the first two required, the third has a default
            RowsPerPart = parsed.GetValue(_rowsPerPart), Processes = parsed.GetValue(_processes),
        };
        var model = await PredictionModel.FindAsync(parsed.GetValue(_model)!, () => ModelRegistry.Open(parsed.Folder(_data)), cancellationToken);
        return await new PredictionJob(request, model, Console.Out).RunAsync(cancellationToken) ? ExitCode.Done : ExitCode.Failed;
    }
}
