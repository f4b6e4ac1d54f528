using System.CommandLine;
using System.Globalization;
using Workbench.Features;
using Workbench.Serving.Export;
using Workbench.Serving.Sessions;

namespace Workbench.Host.Cli;

/// <summary>Commands on model files that need no registry: language models to ONNX, and ONNX to smaller ONNX.</summary>
internal static class ModelFileCommands
{
    public static Command Export()
    {
        var folder = new Argument<string>("folder") { Description = "Hugging Face folder of a GPT-2, Llama, Qwen2 or Mistral model." };
        var file = new Argument<string>("file") { Description = "ONNX file to write." };
        var opset = new Option<int>("--opset") { Description = $"Operator set, {OnnxExportOptions.MinOpset} to {OnnxExporter.Opset}.", DefaultValueFactory = _ => OnnxExporter.Opset };
        var external = new Option<bool>("--external-data") { Description = "Weights in a file of their own; above 2 GB they are in any case." };
        var command = new Command("export", "Write a language model as an ONNX file, checked against TorchSharp.") { folder, file, opset, external };
        command.SetAction(parsed =>
        {
            var export = OnnxExporter.ExportHuggingFaceFolder(parsed.GetValue(folder)!, parsed.GetValue(file)!, new() { Opset = parsed.GetValue(opset), ExternalData = parsed.GetValue(external) });
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{export.Path}: opset {export.Opset}, {export.SizeBytes} bytes, logits within {export.MaxAbsoluteDifference:G2} of TorchSharp"));
        });
        return command;
    }

    public static Command Convert()
    {
        var source = new Argument<string>("source") { Description = "An exported ONNX file in float32." };
        var target = new Argument<string>("target") { Description = "ONNX file to write." };
        var to = new Option<OnnxPrecision>("--to") { Description = "int8 (a quarter of the size, for CPUs) or float16 (half of the size, for GPUs).", Required = true };
        var rows = new Option<string?>("--rows") { Description = "CSV or Parquet with rows to compare a tabular model on." };
        var agreement = new Option<double>("--min-agreement") { Description = "Share of decisions that must stay the same.", DefaultValueFactory = _ => 0.99 };
        var command = new Command("convert", "Make a smaller ONNX file and say what that costs; none is written when it costs too much.") { source, target, to, rows, agreement };
        command.SetAction(parsed =>
        {
            var report = OnnxConverter.Convert(parsed.GetValue(source)!, parsed.GetValue(target)!, parsed.GetValue(to), new()
            {
                Rows = parsed.GetValue(rows) is { } path ? Rows(parsed.GetValue(source)!, path) : null,
                MinAgreement = parsed.GetValue(agreement),
            });
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{report.Path}: {report.SourceBytes} -> {report.SizeBytes} bytes, {report.ConvertedWeights} weights in {report.Precision.ToString().ToLowerInvariant()}"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"differences: largest {report.MaxAbsoluteDifference:G3}, mean {report.MeanAbsoluteDifference:G3}"));
            if (report.DecisionAgreement is { } share)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"decisions: {share:P2} of {report.Decisions} stay the same"));
        });
        return command;
    }

    private static TabularData Rows(string source, string path)
    {
        using var model = OnnxModel.Load(source);
        return TabularReader.Read(path, model.Schema);
    }
}
