using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using Workbench.Data;
using Workbench.Serving.Export;
using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.Serving.Tests.Export;

public sealed class ModuleExportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-modules-").FullName;

    private string File => Path.Combine(_folder, "module.onnx");

    public static TheoryData<string> Kinds => [.. ModuleKinds.All.Keys];

    /// <summary>Random settings of each kind at three operator sets; other inputs than the exporter's own, through another session.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Export_EachKind_AgreesWithTorchSharp(string kind)
    {
        int tried = 0;
        foreach (int opset in new[] { 13, 17, 20 })
        {
            var random = new Random(100 + opset);
            var one = ModuleKinds.All[kind](random);
            using var module = one.Module;
            if (opset < one.MinOpset)
                continue;
            var export = OnnxExporter.Export(module, one.Inputs, File, new() { Opset = opset, Sizes = one.Sizes });
            Assert.Equal(opset, export.Opset);
            Assert.InRange(export.MaxAbsoluteDifference, 0, 1e-4);
            AssertAgrees(module, one.Inputs, random);
            tried++;
        }
        Assert.True(tried > 0);
    }

    [Fact]
    public void Export_UnknownModule_NamesPathTypeAndBothRemedies()
    {
        using var network = nn.Sequential(("first", nn.Linear(2, 2)), ("blocks", nn.Sequential(("0", new Doubling()))));
        var failure = Assert.Throws<DataException>(() => OnnxExporter.Export(network, [new("x", OnnxType.Float, "batch", 2)], File));
        Assert.Contains("module 'blocks.0' of type Doubling", failure.Message);
        Assert.Contains("implement IOnnxExportable", failure.Message);
        Assert.Contains("LayerNorm", failure.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Export_OwnModuleWithChildren_IsAskedAndNamesWeightsByTheirPaths()
    {
        using var network = new Gate(widths: [4, 6]);
        var export = OnnxExporter.Export(network, [new("x", OnnxType.Float, "batch", 4), new("scale", OnnxType.Float, "batch", 1)], File, new() { Outputs = ["mixed", "doubled"] });
        Assert.InRange(export.MaxAbsoluteDifference, 0, 1e-5);
        using var session = new InferenceSession(File);
        Assert.Equal(["mixed", "doubled"], session.OutputNames);
        Assert.Equal([-1, 6], session.OutputMetadata["mixed"].Dimensions);
        Assert.Equal("batch", session.OutputMetadata["mixed"].SymbolicDimensions[0]);
        string text = System.Text.Encoding.Latin1.GetString(System.IO.File.ReadAllBytes(File));
        Assert.Contains("/layers.0.weight", text);
        Assert.Contains("/gain", text);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(20)]
    public void Export_DecoderWithRotaryPositionsAndGroupedQueries_AgreesForAnyBatchAndSequence(int opset)
    {
        using var network = new TinyLlama();
        var export = OnnxExporter.Export(network, TinyLlama.Inputs, File, new() { Opset = opset, Outputs = ["logits"] });
        Assert.InRange(export.MaxAbsoluteDifference, 0, 1e-5);
        Assert.Equal(9 * 4, export.RowsChecked);   // batches of 1, 3 and 8, each with three lengths
        using var session = new InferenceSession(File);
        Assert.Equal(["batch", "sequence", ""], session.OutputMetadata["logits"].SymbolicDimensions);
        Assert.Equal(80, session.OutputMetadata["logits"].Dimensions[2]);
        AssertAgrees(network, TinyLlama.Inputs, new Random(3));
    }

    [Fact]
    public void Export_NodesThatComputeSomethingElse_AreRefusedAndNothingIsWritten()
    {
        using var network = new Liar();
        var failure = Assert.Throws<DataException>(() => OnnxExporter.Export(network, [new("x", OnnxType.Float, "batch", 2)], File));
        Assert.Contains("differs from TorchSharp by", failure.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Export_WrongOptions_ListsAll()
    {
        using var module = nn.Embedding(4, 2);
        var failure = Assert.Throws<DataException>(() => OnnxExporter.Export(module, [new("/ids", OnnxType.Int64, "batch")], File,
            new() { Opset = 12, Tolerance = 0, Sizes = new Dictionary<string, IReadOnlyList<long>> { ["batch"] = [1, 1, 2] }, Metadata = new Dictionary<string, string> { ["workbench.x"] = "" } }));
        foreach (string part in new[] { "Opset 12", "Tolerance 0", "'/ids'", "no High", "sizes 1, 1, 2", "'workbench.x'" })
            Assert.Contains(part, failure.Message);
    }

    [Fact]
    public void Export_OperatorYoungerThanTheOpset_SaysFromWhichOnItExists()
    {
        using var module = nn.Conv1d(2, 2, 3, padding: 1, padding_mode: PaddingModes.Circular);
        var failure = Assert.Throws<DataException>(() => OnnxExporter.Export(module, [new("x", OnnxType.Float, "batch", 2, 9)], File, new() { Opset = 17 }));
        Assert.Contains("exists from opset 19 on and opset 17 was asked for", failure.Message);
    }

    [Fact]
    public void Export_TrainingModule_IsCheckedInEvaluationAndKeepsItsModes()
    {
        using var network = nn.Sequential(("frozen", nn.BatchNorm1d(3)), ("drop", nn.Dropout(0.9)));
        network.train();
        network.children().First().eval();
        OnnxExporter.Export(network, [new("x", OnnxType.Float, "batch", 3)], File);
        Assert.Equal([true, false, true], network.modules().Prepend(network).Distinct().Select(module => module.training));
    }

    [Fact]
    public void Export_SettingsThatOnnxLacks_AreRefusedWithTheReason()
    {
        using var pool = nn.Sequential(("pool", nn.AdaptiveAvgPool1d(3)));
        Assert.Contains("module 'pool': adaptive pooling to 3", Assert.Throws<DataException>(() => OnnxExporter.Export(pool, [new("x", OnnxType.Float, "batch", 2, 9)], File)).Message);
        using var norm = nn.BatchNorm1d(3, track_running_stats: false);
        Assert.Contains("no running statistics", Assert.Throws<DataException>(() => OnnxExporter.Export(norm, [new("x", OnnxType.Float, "batch", 3)], File)).Message);
        using var half = nn.Linear(3, 2, dtype: ScalarType.Float64);
        Assert.Contains("module.to(torch.float32)", Assert.Throws<DataException>(() =>
            OnnxExporter.Export(half, [new("x", OnnxType.Float, "batch", 3)], File, new() { Forward = x => [half.call(x[0].to_type(ScalarType.Float64)).to_type(ScalarType.Float32)] })).Message);
    }

    [Fact]
    public void Export_Metadata_HoldDifferenceOpsetHashAndRanges()
    {
        using var module = nn.Embedding(7, 2);
        var export = OnnxExporter.Export(module, [new("ids", OnnxType.Int64, "batch") { High = 7 }], File, new() { Metadata = new Dictionary<string, string> { ["made"] = "by hand" } });
        using var session = new InferenceSession(File);
        var metadata = session.ModelMetadata.CustomMetadataMap;
        Assert.Equal(export.MaxAbsoluteDifference.ToString("R", System.Globalization.CultureInfo.InvariantCulture), metadata["workbench.max_absolute_difference"]);
        Assert.Equal(("20", export.WeightsHash, "by hand", "3"), (metadata["workbench.opset"], metadata["workbench.weights_hash"], metadata["made"], metadata["workbench.samples_checked"]));
        Assert.StartsWith("sha256:", export.WeightsHash);
        Assert.Contains("\"high\":7", metadata["workbench.inputs"]);
        Assert.Equal(new FileInfo(File).Length, export.SizeBytes);
    }

    [Fact]
    public void Export_ExternalData_ReplacesModelAndWeightsTogether()
    {
        using var first = nn.Sequential(("a", nn.Linear(40, 40)), ("b", nn.Linear(40, 3)));
        using var second = nn.Sequential(("a", nn.Linear(40, 40)), ("b", nn.Linear(40, 3)));
        OnnxInput[] inputs = [new("x", OnnxType.Float, "batch", 40)];
        var export = OnnxExporter.Export(first, inputs, File, new() { ExternalData = true });
        string data = Assert.Single(Directory.GetFiles(_folder, "*.data"));
        Assert.StartsWith("module.onnx.", Path.GetFileName(data));
        Assert.InRange(new FileInfo(File).Length, 1, 4 * 40 * 40);        // the large weight is not in it
        Assert.InRange(new FileInfo(data).Length, 4 * 40 * 40, long.MaxValue);
        Assert.Equal(new FileInfo(File).Length + new FileInfo(data).Length, export.SizeBytes);
        AssertAgrees(first, inputs, new Random(1));

        OnnxExporter.Export(second, inputs, File, new() { ExternalData = true });
        Assert.NotEqual(data, Assert.Single(Directory.GetFiles(_folder, "*.data")));   // the old weights went with the old model
        AssertAgrees(second, inputs, new Random(1));
        OnnxExporter.Export(first, inputs, File);
        Assert.Equal([File], Directory.GetFileSystemEntries(_folder));
    }

    private void AssertAgrees(nn.Module module, IReadOnlyList<OnnxInput> inputs, Random random)
    {
        module.eval();
        var sizes = new Dictionary<string, long> { ["batch"] = 4, ["time"] = 11, ["memory"] = 6, ["height"] = 5, ["width"] = 2, ["words"] = 13, ["sequence"] = 23 };
        var values = inputs.Select(input => ModuleSample.Values(input, sizes, random)).ToList();
        using var scope = NewDisposeScope();
        using var inference = Inference.Begin(module);
        var expected = ModuleCall.Run(module, [.. values.Select(value => value.ToTensor().clone())]);
        using var session = new InferenceSession(File);
        var fed = values.Select(value => value.ToOrt()).ToList();
        using var options = new RunOptions();
        using var actual = session.Run(options, [.. inputs.Select(input => input.Name)], fed, [.. session.OutputNames]);
        Assert.Equal(expected.Count, actual.Count);
        for (int output = 0; output < expected.Count; output++)
        {
            Assert.Equal(expected[output].shape, actual[output].GetTensorTypeAndShape().Shape);
            float[] one = expected[output].contiguous().data<float>().ToArray(), other = actual[output].GetTensorDataAsSpan<float>().ToArray();
            for (int index = 0; index < one.Length; index++)
                Assert.Equal(one[index], other[index], 1e-4f * Math.Max(1, Math.Abs(one[index])));   // float32 sums in another order
        }
        fed.ForEach(value => value.Dispose());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private sealed class Doubling() : nn.Module<Tensor, Tensor>(nameof(Doubling))
    {
        public override Tensor forward(Tensor x) => x * 2;
    }

    private sealed class Liar() : nn.Module<Tensor, Tensor>(nameof(Liar)), IOnnxExportable
    {
        public override Tensor forward(Tensor x) => x * 2;

        public IReadOnlyList<string> ToOnnx(OnnxGraph graph, IReadOnlyList<string> inputs) => [graph.Multiply(inputs[0], 2.01f)];
    }

    /// <summary>A module as a notebook would have it: a list that forward walks, a parameter of its own, two inputs and two outputs.</summary>
    private sealed class Gate : nn.Module<Tensor, Tensor, (Tensor, Tensor)>, IOnnxExportable
    {
        private readonly TorchSharp.Modules.ModuleList<nn.Module<Tensor, Tensor>> layers;
        private readonly TorchSharp.Modules.Parameter gain;

        public Gate(int[] widths) : base(nameof(Gate))
        {
            layers = nn.ModuleList<nn.Module<Tensor, Tensor>>(nn.Linear(widths[0], widths[1]), nn.GELU(), nn.Linear(widths[1], widths[1]));
            gain = nn.Parameter(rand(widths[1]));
            RegisterComponents();
        }

        public override (Tensor, Tensor) forward(Tensor x, Tensor scale)
        {
            foreach (var layer in layers)
                x = layer.call(x);
            return (x.sigmoid() * gain * scale, x * 2);
        }

        public IReadOnlyList<string> ToOnnx(OnnxGraph graph, IReadOnlyList<string> inputs)
        {
            string x = layers.Aggregate(inputs[0], (value, layer) => graph.Lower(layer, value));
            return [graph.Multiply(graph.Multiply(graph.Sigmoid(x), graph.OwnWeight("gain", gain)), inputs[1]), graph.Multiply(x, 2)];
        }
    }
}
