using System.Globalization;
using Workbench.Serving.Export;
using Workbench.Training;

namespace Workbench.Host.Tests;

public sealed class ModelFileCommandTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-test-").FullName;

    [Fact]
    public async Task Convert_TabularModel_ReportsSizesAndDecisions()
    {
        using var trained = TabularTrainer.Fit(TinyModel.Rows(600, 1), TinyModel.Rows(200, 2), new TabularTrainingOptions { MaxEpochs = 2, Seed = 1, BatchSize = 64 });
        OnnxExporter.Export(trained, Path.Combine(_folder, "tiny.onnx"));
        var rows = TinyModel.Rows(300, 3);
        await File.WriteAllLinesAsync(Path.Combine(_folder, "rows.csv"), Enumerable.Range(0, rows.Rows)
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{rows.Ids[row]},{rows.Numeric[row]},{rows.Categorical[row]},{rows.Labels[row]}")).Prepend("id,x,colour,y"), TestContext.Current.CancellationToken);

        var (code, output, error) = await RunAsync("model", "convert", "tiny.onnx", "small.onnx", "--to", "float16", "--rows", "rows.csv", "--min-agreement", "0.9");
        Assert.True(code == ExitCode.Done, error);
        Assert.Contains("weights in float16", output);
        Assert.Contains("of 300 stay the same", output);
        Assert.True(new FileInfo(Path.Combine(_folder, "small.onnx")).Length < new FileInfo(Path.Combine(_folder, "tiny.onnx")).Length);

        (code, _, error) = await RunAsync("model", "convert", "tiny.onnx", "other.onnx", "--to", "int8");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("compared on rows", error);
        Assert.False(File.Exists(Path.Combine(_folder, "other.onnx")));
    }

    [Fact]
    public async Task Export_FolderWithoutAModel_SaysWhatIsMissing()
    {
        var (code, _, error) = await RunAsync("model", "export", _folder, "model.onnx");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("config.json", error);
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => WorkbenchProcess.RunAsync(_folder, Limit, arguments);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
