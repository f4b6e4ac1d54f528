using System.Security.Cryptography;
using System.Text;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Promotion;
using Workbench.Notebooks.Running;

namespace Workbench.Notebooks.Tests.Running;

/// <summary>A promoted pipeline hands on, bit for bit, what the notebook holds at the end of a run by hand.</summary>
public sealed class PromotedOutputsTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Run_InteractiveAndAsSteps_GiveTheSameHashes()
    {
        var path = _files.Notebook(
            ("parameters", "int rows = 50; int seed = 3;"),
            ("setup", "int calls = 0; double Noise(Random random) { calls++; return random.NextDouble(); }\npublic record Fit(double Slope, decimal Cost, DateTime At, IReadOnlyList<string> Names);"),
            ("step:load", "#!sql --name data\nSELECT i AS id, sin(i) AS x, CASE WHEN i % 7 = 0 THEN NULL ELSE i % 2 = 0 END AS even, TIMESTAMP '2025-01-01' + INTERVAL (i) HOUR AS at FROM range($rows) r(i)"),
            ("step:load", "var random = new Random(seed); var noise = Enumerable.Range(0, rows).Select(_ => Noise(random)).ToArray(); var history = new List<double>();"),
            ("", "noise.Average()"),
            ("step:train", "var fit = new Fit(noise.Average() / 3, 1.10m, new DateTime(2025, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(7), new[] { \"x\" });\nhistory.Add(fit.Slope); history.Add(double.NaN);"),
            ("step:train", "var weights = TorchSharp.torch.tensor(noise).reshape(5, 10);\nvar state = new Dictionary<string, TorchSharp.torch.Tensor> { [\"w\"] = weights.to(TorchSharp.torch.float32) };"),
            ("step:train", "var model = new FileInfo(Path.Combine(Path.GetTempPath(), $\"model-{Guid.NewGuid():N}.bin\")); File.WriteAllBytes(model.FullName, BitConverter.GetBytes(fit.Slope));"),
            ("step:report", "data[\"x\"][0] = fit.Slope; Noise(new Random(1));\nvar text = $\"{data.Rows.Count} {calls} {history.Count} {model.Length} {weights.sum().item<double>():R} {state[\"w\"].dtype}\"; var big = Enumerable.Repeat(history[0], 200_000).ToArray();"),
            ("step:last", "Console.WriteLine($\"{text} {big.Length} {calls} {data.Rows.Count}\");"));
        string[] names = ["data", "noise", "history", "fit", "weights", "state", "model", "text", "big", "calls"];

        var interactive = await InteractiveAsync(path, names);
        var promoted = await PromotedAsync(path);

        Assert.Equal(names.Order(), promoted.Keys.Order());
        foreach (var name in names.Where(name => name != "model"))
            Assert.Equal((name, interactive[name]), (name, promoted[name]));
        Assert.NotEmpty(promoted["model"]);
    }

    private async Task<Dictionary<string, string>> InteractiveAsync(string path, string[] names)
    {
        var document = NotebookDocument.Load(path);
        document.Cells.Add(NotebookCell.Code("save", string.Join('\n', names.Select(name => $"StepData.Save(\"{name}\", {name});"))));
        document.Save(_files.At("whole.ipynb"));
        var folder = new StepFolder(Directory.CreateDirectory(_files.At("whole")).FullName);
        folder.Prepare([]);
        var run = await NotebookRunner.RunAsync(new()
        {
            InputPath = _files.At("whole.ipynb"), OutputPath = _files.At("whole.out.ipynb"), KernelCommand = TestFiles.KernelCommand,
            Environment = new Dictionary<string, string> { [StepFolder.EnvironmentVariable] = folder.Path },
        });
        Assert.True(run.Succeeded, run.Error?.ToString());
        return names.ToDictionary(name => name, name => Hash(folder.ReadOutput(name)));
    }

    // The steps as the definition says, each with the values that the variables hold then.
    private async Task<Dictionary<string, string>> PromotedAsync(string path)
    {
        var definition = NotebookPromoter.Promote(path, new() { DefinitionId = "x", BaseDirectory = _files.Folder }).Definition;
        var variables = new Dictionary<string, StepValue>();
        foreach (var (step, activity) in FlowchartBuilder.StepsOf(definition))
        {
            var (_, _, inputs, outputs) = FlowchartBuilder.SettingsOf(activity);
            var result = await StepRunner.RunAsync(new()
            {
                NotebookPath = path, Step = step, ExpectedStepHash = (string)activity["stepHash"]!["expression"]!["value"]!, Outputs = outputs, Inputs = [.. inputs.Select(name => variables[name])],
                WorkFolder = _files.At("work-" + step), KernelCommand = TestFiles.KernelCommand,
            });
            Assert.True(result.Succeeded, $"{step}: {result.Run.Error}");
            foreach (var output in result.Outputs)
                variables[output.Name] = output;
        }
        return variables.ToDictionary(pair => pair.Key, pair => Hash(pair.Value));
    }

    private static string Hash(StepValue value)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{value.Type}\n{value.Json?.ToJsonString()}"));
        foreach (var file in (value.Folder is { } folder ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories) : []).Order(StringComparer.Ordinal))
            hash.AppendData(File.ReadAllBytes(file));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
