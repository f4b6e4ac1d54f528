using Microsoft.ML.OnnxRuntime;
using Workbench.Data;
using Workbench.Features;
using Workbench.Serving.Export;
using Workbench.Serving.Sessions;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.Serving.Tests.Export;

public sealed class OnnxConverterTests : IDisposable
{
    private static readonly OnnxInput[] Wide = [new("x", OnnxType.Float, "batch", 256)];

    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-converted-").FullName;

    private string Source => Path.Combine(_folder, "model.onnx");

    private string Target => Path.Combine(_folder, "small.onnx");

    [Theory]
    [InlineData(OnnxPrecision.Int8, 0.27)]      // a byte of four, and scales and nodes
    [InlineData(OnnxPrecision.Float16, 0.52)]
    public void Convert_Perceptron_IsSmallerAndDecidesTheSame(OnnxPrecision precision, double share)
    {
        using var network = ModuleKinds.Drawn(nn.Sequential(("a", nn.Linear(256, 256)), ("b", nn.GELU()), ("c", nn.Linear(256, 4))), 0.0625);
        OnnxExporter.Export(network, Wide, Source, new() { Outputs = ["scores"] });
        var small = OnnxConverter.Convert(Source, Target, precision, new() { MinAgreement = 0.95 });
        Assert.Equal(new FileInfo(Source).Length, small.SourceBytes);
        Assert.Equal(new FileInfo(Target).Length, small.SizeBytes);
        Assert.InRange((double)small.SizeBytes / small.SourceBytes, 0, share);
        Assert.Equal(4 * 64, small.Decisions);
        Assert.InRange(small.MeanAbsoluteDifference, 1e-9, small.MaxAbsoluteDifference);
        Assert.InRange(small.MaxAbsoluteDifference, 1e-9, 0.1);

        // The reported difference is of the file on disk, its inputs and outputs still float32.
        using InferenceSession before = new(Source), after = new(Target);
        Assert.Equal(TensorElementType(before), TensorElementType(after));
        Assert.Equal(precision.ToString().ToLowerInvariant(), after.ModelMetadata.CustomMetadataMap["workbench.precision"]);
        Assert.Equal(before.ModelMetadata.CustomMetadataMap["workbench.weights_hash"], after.ModelMetadata.CustomMetadataMap["workbench.weights_hash"]);
        var random = new Random(7);
        float[] x = [.. Enumerable.Range(0, 256).Select(_ => (float)random.NextDouble() * 6 - 3)];
        foreach (var (one, other) in Run(before, x, 1, 256).Zip(Run(after, x, 1, 256)))
            Assert.Equal(one, other, 0.1f);
    }

    /// <summary>The formulas of ONNX's specification by hand: x and W in 8 bit, product in whole numbers, scales, bias.</summary>
    [Fact]
    public void Convert_Int8_ComputesWhatTheSpecificationSays()
    {
        using var network = nn.Linear(3, 2);
        float[,] weight = { { 1f, -2f, 0.5f }, { 0.25f, 4f, -3f } };   // [N, K]
        float[] bias = [0.1f, -0.2f], x = [1.5f, -0.5f, 2f];
        using (no_grad())
        {
            network.weight.copy_(tensor(weight));
            network.bias!.copy_(tensor(bias));
        }
        OnnxExporter.Export(network, [new("x", OnnxType.Float, "batch", 3)], Source);
        OnnxConverter.Convert(Source, Target, OnnxPrecision.Int8, new() { MinAgreement = 0.5 });

        float scale = (2f - -0.5f) / 255, zero = MathF.Round(0.5f / scale);   // DynamicQuantizeLinear over [-0.5, 2]
        for (int column = 0; column < 2; column++)
        {
            float columnScale = new[] { 0, 1, 2 }.Max(k => Math.Abs(weight[column, k])) / 127;
            float sum = 0;
            for (int k = 0; k < 3; k++)
                sum += (Math.Clamp(MathF.Round(x[k] / scale) + zero, 0, 255) - zero) * MathF.Round(weight[column, k] / columnScale);
            using var session = new InferenceSession(Target);
            Assert.Equal(sum * scale * columnScale + bias[column], Run(session, x, 1, 3)[column], 1e-5f);   // float32 products in another order
        }
    }

    [Theory]
    [InlineData(OnnxPrecision.Int8)]
    [InlineData(OnnxPrecision.Float16)]
    public void Convert_DecoderWithTiedTable_StoresItOnce(OnnxPrecision precision)
    {
        using var network = ModuleKinds.Drawn(new TinyLlama(), 0.5);
        OnnxExporter.Export(network, TinyLlama.Inputs, Source);
        var small = OnnxConverter.Convert(Source, Target, precision, new() { MinAgreement = 0.8, Sizes = new Dictionary<string, long> { ["batch"] = 4 } });
        Assert.Equal(4 * 4 * 16, small.Decisions);
        Assert.InRange(small.MaxAbsoluteDifference, 1e-9, 0.5);
        Assert.Single(OnnxFile.Read(Target, out _).Graph.Initializer, weight => weight.Name.Contains("tokens.weight") && weight.Dims.Count == 2);
        using var model = new InferenceSession(Target);
        Assert.Equal(["batch", "sequence", ""], model.OutputMetadata["output"].SymbolicDimensions);
    }

    [Theory]
    [InlineData("Conv2d")]
    [InlineData("BatchNorm1d of sequences")]
    [InlineData("LSTM")]
    [InlineData("GRU batch first")]
    [InlineData("TransformerEncoder")]
    [InlineData("EmbeddingBag mean")]
    [InlineData("GroupNorm")]
    [InlineData("PReLU")]
    [InlineData("Upsample bilinear")]
    public void Convert_Float16OfEachFamily_StaysClose(string kind)
    {
        var one = ModuleKinds.All[kind](new Random(9));
        using var module = nn.Sequential(("inner", (nn.Module<Tensor, Tensor>?)(one.Module as nn.Module<Tensor, Tensor>) ?? nn.Identity()));
        var exported = one.Module is nn.Module<Tensor, Tensor> ? module : one.Module;
        OnnxExporter.Export(exported, one.Inputs, Source, new() { Sizes = one.Sizes });
        if (kind is "PReLU" or "GroupNorm" or "Upsample bilinear")
        {
            if (kind == "GroupNorm")
                Assert.InRange(OnnxConverter.Convert(Source, Target, OnnxPrecision.Float16, Loose).MaxAbsoluteDifference, 0, 0.02);
            else   // no layer with weights of its own: nothing becomes smaller
                Assert.Contains("has no weight that can be converted", Assert.Throws<DataException>(() => OnnxConverter.Convert(Source, Target, OnnxPrecision.Float16, Loose)).Message);
            return;
        }
        Assert.InRange(OnnxConverter.Convert(Source, Target, OnnxPrecision.Float16, Loose).MaxAbsoluteDifference, 1e-9, 0.02);   // 11 bits of values up to some 10
    }

    private static OnnxConversionOptions Loose => new() { MinAgreement = 0.9 };

    /// <summary>Raw columns far beyond float16 are standardised in float32 before the network sees them.</summary>
    [Theory]
    [InlineData(OnnxPrecision.Int8)]
    [InlineData(OnnxPrecision.Float16)]
    public void Convert_TabularModelWithLargeNumbers_KeepsItsDecisions(OnnxPrecision precision)
    {
        TabularData Large(TabularData rows) => rows with { Numeric = [.. rows.Numeric.Select(value => value * 10_000)] };
        using var trained = TabularTrainer.Fit(Large(ChurnModels.Rows(400, 1)), Large(ChurnModels.Rows(100, 2)), new() { MaxEpochs = 3, HiddenSizes = [32, 16] });
        OnnxExporter.Export(trained, Source);
        var rows = Large(ChurnModels.Rows(500, 3));
        var small = OnnxConverter.Convert(Source, Target, precision, new() { Rows = rows, MinAgreement = 0.97 });
        Assert.Equal(500, small.Decisions);
        using var model = OnnxModel.Load(Target);
        using var original = OnnxModel.Load(Source);
        Assert.Equal(small.MaxAbsoluteDifference, original.Predict(rows).Zip(model.Predict(rows), (one, other) => (double)Math.Abs(one - other)).Max(), 1e-6);
        Assert.InRange(small.MaxAbsoluteDifference, 1e-9, 0.05);
    }

    [Fact]
    public void Convert_TooFarOff_WritesNothing()
    {
        using var network = ModuleKinds.Drawn(nn.Sequential(("a", nn.Linear(256, 64)), ("b", nn.ReLU()), ("c", nn.Linear(64, 50))), 0.1);
        OnnxExporter.Export(network, Wide, Source);
        Assert.Contains("decisions stay the same; at least 100.00 % was asked for", Assert.Throws<DataException>(() =>
            OnnxConverter.Convert(Source, Target, OnnxPrecision.Int8, new() { MinAgreement = 1, Runs = 20 })).Message.Replace("100.00%", "100.00 %"));
        Assert.Contains("allowed is 1E-06", Assert.Throws<DataException>(() =>
            OnnxConverter.Convert(Source, Target, OnnxPrecision.Int8, new() { MinAgreement = 0, MaxDifference = 1e-6 })).Message);
        Assert.Equal([Source], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Convert_OutOfFloat16sRange_IsRefused()
    {
        using var network = nn.Sequential(("large", nn.Linear(4, 1)), ("small", nn.Linear(1, 1)));
        using (no_grad())
            ((TorchSharp.Modules.Linear)network.children().First()).weight.fill_(60_000);
        OnnxExporter.Export(network, [new("x", OnnxType.Float, "batch", 4) { Low = 2, High = 3 }], Source);
        Assert.Contains("float16 ends at 65,504", Assert.Throws<DataException>(() => OnnxConverter.Convert(Source, Target, OnnxPrecision.Float16)).Message);
    }

    [Fact]
    public void Convert_WhatCannotBe_SaysWhy()
    {
        string Message(OnnxConversionOptions? options = null) => Assert.Throws<DataException>(() => OnnxConverter.Convert(Source, Target, OnnxPrecision.Float16, options)).Message;
        Assert.Contains("does not exist", Message());
        File.WriteAllText(Source, "this is no model");
        Assert.Contains("no model that can be read", Message());
        File.WriteAllBytes(Source, ChurnModels.FirstFile);
        Assert.Contains("is a tabular model, which is compared on rows", Message());
        OnnxConverter.Convert(Source, Source, OnnxPrecision.Float16, new() { Rows = ChurnModels.Rows(300, 5), MinAgreement = 0.9 });
        Assert.Contains("was converted to float16 before", Message(new() { Rows = ChurnModels.Rows(300, 5) }));
        using var module = nn.Linear(3, 2);
        OnnxExporter.Export(module, [new("x", OnnxType.Float, "batch", 3) { Sample = (shape, _) => ones(shape) }], Source);
        Assert.Contains("input 'x'", Message());
    }

    [Fact]
    public void Convert_WeightsInAFileOfTheirOwn_AreReadAndWritten()
    {
        using var network = ModuleKinds.Drawn(nn.Sequential(("a", nn.Linear(256, 256)), ("b", nn.Linear(256, 3))), 0.0625);
        var export = OnnxExporter.Export(network, Wide, Source, new() { ExternalData = true });
        var small = OnnxConverter.Convert(Source, Target, OnnxPrecision.Float16, new() { ExternalData = true, MinAgreement = 0.95 });
        Assert.Equal(export.SizeBytes, small.SourceBytes);
        Assert.Equal(2, Directory.GetFiles(_folder, "*.data").Length);
        Assert.InRange((double)small.SizeBytes / small.SourceBytes, 0, 0.55);
        using var session = new InferenceSession(Target);
        Assert.Equal(3, Run(session, new float[256], 1, 256).Length);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static object TensorElementType(InferenceSession session) => (session.InputMetadata["x"].ElementDataType, session.OutputMetadata["scores"].ElementDataType);

    private static float[] Run(InferenceSession session, float[] x, params long[] shape)
    {
        using var options = new RunOptions();
        using var value = OrtValue.CreateTensorValueFromMemory(x, shape);
        using var results = session.Run(options, ["x"], [value], [.. session.OutputNames]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
