using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Running;

namespace Workbench.Notebooks.Tests.Running;

public sealed class StepRunnerTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task RunAsync_TwoSteps_HandOnRecordFrameAndArtifact()
    {
        var notebook = Pipeline();
        var hash = NotebookHash.Of(NotebookDocument.Load(notebook)).Value;

        var prepare = await StepRunner.RunAsync(Request(notebook, "prepare") with { ExpectedHash = hash, Parameters = new Dictionary<string, JsonNode?> { ["rows"] = 5 } });
        Assert.True(prepare.Succeeded, prepare.Run.Error?.ToString());
        Assert.Equal(
            [("data", StepValueKind.Artifact, "Microsoft.Data.Analysis.DataFrame"), ("model", StepValueKind.Artifact, "Weights"), ("score", StepValueKind.Json, "Score")],
            prepare.Outputs.OrderBy(output => output.Name, StringComparer.Ordinal).Select(output => (output.Name, output.Kind, output.Type)));

        var report = await StepRunner.RunAsync(Request(notebook, "report") with { ExpectedHash = hash, Inputs = prepare.Outputs, Outputs = ["text"] });
        Assert.True(report.Succeeded, report.Run.Error?.ToString());
        Assert.Equal("5 rows, null at 2, weight 1.5, score NaN first", report.Outputs.Single().Json!.ToString());
        Assert.DoesNotContain(report.Run.Document.Cells, cell => cell.HasTag("step:prepare")); // a step runs its own cells only
    }

    [Fact]
    public async Task RunAsync_NotebookChanged_IsRefusedWithTheRemedy()
    {
        var notebook = Pipeline();

        var failure = await Assert.ThrowsAsync<DataException>(() => StepRunner.RunAsync(Request(notebook, "prepare") with { ExpectedHash = "sha256:0" }));

        Assert.Contains("Promote the notebook again", failure.Message, StringComparison.Ordinal);
        Assert.Contains(notebook, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_UnknownStep_ListsTheKnown() =>
        Assert.Contains("no step 'deploy'. Known: prepare, report.", (await Assert.ThrowsAsync<DataException>(() => StepRunner.RunAsync(Request(Pipeline(), "deploy")))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task RunAsync_MissingInput_FailsNamingIt()
    {
        var result = await StepRunner.RunAsync(Request(Pipeline(), "report") with { Outputs = [], Inputs = [new("data", StepValueKind.Artifact, "DataFrame", Folder: _files.At("gone"))] });

        Assert.False(result.Succeeded);
        Assert.Contains("gone", result.Run.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_TensorsOfEveryType_ArriveWithTheirBits()
    {
        var notebook = _files.Notebook(
            ("setup", """
                using static TorchSharp.torch;
                Dictionary<string, Tensor> Make()
                {
                    var source = arange(-3, 9, ScalarType.Float32).reshape(3, 4).t(); // not contiguous
                    var types = new[] { ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32, ScalarType.Int16, ScalarType.Int8, ScalarType.Bool };
                    var made = types.ToDictionary(type => $"{type}", type => source.to(type));
                    made["scalar"] = tensor(double.NaN);
                    made["empty"] = zeros(0, 3);
                    return made;
                }
                string Describe(Tensor t) => $"{t.dtype} [{string.Join(",", t.shape)}] {Convert.ToHexString(t.contiguous().bytes.ToArray())}";
                """),
            ("step:make", "var tensors = Make(); var one = ones(2, 2, requires_grad: true);"),
            ("step:compare", "var same = Make().All(pair => Describe(pair.Value) == Describe(tensors[pair.Key])) && tensors.Count == 11; var sum = one.sum().item<float>();"));

        var made = await StepRunner.RunAsync(Request(notebook, "make") with { Outputs = ["tensors", "one"] });
        Assert.True(made.Succeeded, made.Run.Error?.ToString());
        var compared = await StepRunner.RunAsync(Request(notebook, "compare") with { Inputs = made.Outputs, Outputs = ["same", "sum"] });

        Assert.True(compared.Succeeded, compared.Run.Error?.ToString());
        Assert.Equal(["true", "4"], compared.Outputs.Select(output => output.Json!.ToJsonString()));
    }

    [Fact]
    public async Task RunAsync_OutputThatCannotTravel_FailsNamingIt()
    {
        var notebook = _files.Notebook(("step:make", "var bad = new Timer(_ => { });"));

        var result = await StepRunner.RunAsync(Request(notebook, "make") with { Outputs = ["bad"] });

        Assert.False(result.Succeeded);
        Assert.Contains("'bad' of type System.Threading.Timer", result.Run.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(result.Outputs);
    }

    private string Pipeline() => _files.Notebook(
        ("parameters", "int rows = 3;"),
        ("setup", """
            public record Score(double Value, IReadOnlyList<string> Names);
            public sealed class Weights(double value) : IArtifactValue<Weights>
            {
                public double Value => value;
                public void Save(string folder) => File.WriteAllText(Path.Combine(folder, "w.txt"), value.ToString());
                public static Weights Load(string folder) => new(double.Parse(File.ReadAllText(Path.Combine(folder, "w.txt"))));
            }
            """),
        ("step:prepare", "#!sql --name data\nSELECT i AS id, CASE WHEN i = 2 THEN NULL ELSE i * 0.5::DOUBLE END AS half FROM range($rows) r(i)"),
        ("step:prepare", "var model = new Weights(1.5);\nvar score = new Score(double.NaN, new[] { \"first\" });"),
        ("step:report", "var empty = Enumerable.Range(0, (int)data.Rows.Count).Single(i => data[\"half\"][i] is null);\n"
            + "var text = $\"{data.Rows.Count} rows, null at {empty}, weight {model.Value}, score {score.Value} {score.Names[0]}\";"));

    private StepRunRequest Request(string notebook, string step) => new()
    {
        NotebookPath = notebook,
        Step = step,
        WorkFolder = _files.At("work-" + step),
        KernelCommand = TestFiles.KernelCommand,
    };
}
