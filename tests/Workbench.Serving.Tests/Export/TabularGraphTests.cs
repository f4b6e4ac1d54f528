using System.Diagnostics;
using Workbench.Data;
using Workbench.Features;
using Workbench.Serving.Export;
using Workbench.Serving.Sessions;
using Workbench.Training;

namespace Workbench.Serving.Tests.Export;

public sealed class TabularGraphTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-graph-").FullName;

    private string File => Path.Combine(_folder, "model.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(TaskModels.All), MemberType = typeof(TaskModels))]
    public void Export_EveryArchitectureAndTask_AgreesWithTheTrainedModel(TabularArchitecture architecture, PredictionTask task)
    {
        using var trained = TaskModels.Train(architecture, task);
        Assert.NotEmpty(trained.Preprocessor.Indicators);
        Assert.Contains(trained.Preprocessor.Categories, categories => categories.Count < 4);   // rare ones share the bucket
        var export = OnnxExporter.Export(trained, File);
        Assert.Equal((264, trained.WeightsHash), (export.RowsChecked, export.WeightsHash));
        Assert.InRange(export.MaxAbsoluteDifference, 0, task == PredictionTask.Regression ? 5e-5 : 1e-5);   // 2000 and three times 0 to 100: the mean is 25 deviations

        using var served = OnnxModel.Load(export.Path);
        Assert.Equal(task, served.Task);
        Assert.Equal(trained.Classes, served.Classes);
        var rows = TaskModels.Rows(task, 500, 77);   // other rows than the exporter's own
        var answer = served.Answer(rows);
        var expected = task == PredictionTask.Multiclass ? trained.PredictProbabilities(rows) : trained.Predict(rows);
        double tolerance = task == PredictionTask.Regression ? 0.005 : 1e-5;   // 5e-5 of a deviation of 87
        Assert.Equal(expected.Length, answer.Numbers.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], answer.Numbers[i], tolerance);
        Assert.True(expected.Distinct().Count() > 1, "the model says the same of all rows");
        // Rows on the edge between two classes may differ in the last bit of a probability.
        if (task != PredictionTask.Regression)
            Assert.InRange(answer.Labels.Zip(trained.PredictClasses(rows), (one, other) => one == other ? 0 : 1).Sum(), 0, 2);
    }

    [Fact]
    public void Export_OnlyCategories_AgreesForTransformerAndTrees()
    {
        foreach (var architecture in new[] { TabularArchitecture.FtTransformer, TabularArchitecture.FastTree })
        {
            var rows = TaskModels.Rows(PredictionTask.Binary, 300, 3);
            rows = rows with { Schema = rows.Schema with { Numeric = [] }, Numeric = [] };
            using var trained = TabularTrainer.Fit(rows, rows, new() { Architecture = architecture, MaxEpochs = 1, Width = 8, Heads = 2, Trees = new() { Rounds = 3 } });
            Assert.InRange(OnnxExporter.Export(trained, File).MaxAbsoluteDifference, 0, 1e-5);
        }
    }

    [Fact]
    public void Export_ColumnCalledLikeAnOutput_IsRefused()
    {
        var rows = TaskModels.Rows(PredictionTask.Regression, 100, 3);
        rows = rows with { Schema = rows.Schema with { Numeric = ["value", "price"] } };
        using var trained = TabularTrainer.Fit(rows, rows, new() { Architecture = TabularArchitecture.Linear, MaxEpochs = 1 });
        Assert.Contains("'value' is its output", Assert.Throws<DataException>(() => OnnxExporter.Export(trained, File)).Message);
    }

    [Fact]
    public void Predict_ClassesOrAnotherTask_NamesTheRightCall()
    {
        using var trained = TaskModels.Train(TabularArchitecture.FastTree, PredictionTask.Multiclass);
        using var served = OnnxModel.Load(OnnxExporter.Export(trained, File).Path);
        var rows = TaskModels.Rows(PredictionTask.Multiclass, 2, 3);
        Assert.Contains("Use Answer", Assert.Throws<InvalidOperationException>(() => served.Predict(rows)).Message);
        Assert.Contains("Use Answer", Assert.Throws<InvalidOperationException>(() => served.Run(rows)).Message);
    }

    // ONNX's own checker and strict shape inference (Debian package python3-onnx), on copies labelled with its newest opset
    // where it is older: the operators used here mean the same from opset 17 and ai.onnx.ml 3 on.
    private const string Script = """
        import sys
        try:
            import onnx
        except ImportError:
            print("python3-onnx is not installed"); sys.exit(77)
        known = onnx.defs.onnx_opset_version()
        if known < 17:
            print("onnx", onnx.__version__, "knows opset", known, "and not 17"); sys.exit(77)
        for file in sys.argv[1:]:
            model = onnx.load(file)
            for opset in model.opset_import:
                if opset.domain == "": opset.version = min(opset.version, known)
            model.ir_version = min(model.ir_version, onnx.IR_VERSION)
            onnx.checker.check_model(model, full_check=True)
            onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
            print("checked", [o.name for o in model.graph.output])
        """;

    [Fact]
    public async Task CheckModel_TransformerAndTrees_FindsNothing()
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(System.IO.File.Exists(Python), $"{Python} is not there");
        string[] files = [.. Enum.GetValues<PredictionTask>().SelectMany(task => new[] { TabularArchitecture.FtTransformer, TabularArchitecture.LightGbm, TabularArchitecture.ResidualMlp }.Select(architecture =>
        {
            using var trained = TaskModels.Train(architecture, task);
            return OnnxExporter.Export(trained, Path.Combine(_folder, $"{architecture}-{task}.onnx")).Path;
        }))];
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", Script, .. files]) { RedirectStandardOutput = true, RedirectStandardError = true })!;   // never null without shell execution
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await errors;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(process.ExitCode == 77, output);
        Assert.True(process.ExitCode == 0, output);
        Assert.Equal(3, output.Split("['probabilities', 'label']").Length - 1);
        Assert.Equal(3, output.Split("['value']").Length - 1);
    }
}
