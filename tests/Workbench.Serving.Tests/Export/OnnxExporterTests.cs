using Workbench.Data;
using Workbench.Features;
using Workbench.Serving.Export;
using Workbench.Serving.Sessions;
using Workbench.Training;

namespace Workbench.Serving.Tests.Export;

public sealed class OnnxExporterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-onnx-").FullName;

    private string File => Path.Combine(_folder, "sub", "model.onnx");

    [Fact]
    public void Export_TrainedModel_AgreesWithTorchSharp()
    {
        var export = OnnxExporter.Export(ChurnModels.First, File);
        Assert.Equal((20, 9, 264), (export.Opset, export.IrVersion, export.RowsChecked));
        Assert.InRange(export.MaxAbsoluteDifference, 0, 1e-5);
        Assert.Equal(ChurnModels.First.WeightsHash, export.WeightsHash);
        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));   // and no temporary file

        using var model = OnnxModel.Load(export.Path);
        foreach (int rows in new[] { 1, 3, 1_000 })
        {
            var data = ChurnModels.Rows(rows, seed: 50 + rows);   // other rows than the exporter's own
            var expected = ChurnModels.First.Predict(data);
            var actual = model.Predict(data);
            for (int row = 0; row < rows; row++)
                Assert.Equal(expected[row], actual[row], 1e-5f);
        }
    }

    [Fact]
    public void Export_TrainedModel_KeepsSchemaCategoriesHashAndDifferenceInTheFile()
    {
        var export = OnnxExporter.Export(ChurnModels.First, File, new Dictionary<string, string> { ["notebook"] = "02-train" });
        using var model = OnnxModel.Load(export.Path);
        Assert.Equal(ChurnModels.Schema.Inputs, model.Schema.Inputs);
        Assert.Equal("churned", model.Schema.Label);
        Assert.Equal(ChurnModels.First.Preprocessor.Categories, model.Categories);
        Assert.Equal(ChurnModels.First.WeightsHash, model.WeightsHash);
        Assert.Equal("20", model.Metadata["workbench.opset"]);
        Assert.Equal(export.MaxAbsoluteDifference, double.Parse(model.Metadata["workbench.max_absolute_difference"], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("02-train", model.Metadata["notebook"]);
    }

    [Fact]
    public void Export_Twice_WritesTheSameBytes()
    {
        byte[] first = System.IO.File.ReadAllBytes(OnnxExporter.Export(ChurnModels.First, File).Path);
        Assert.Equal(first, System.IO.File.ReadAllBytes(OnnxExporter.Export(ChurnModels.First, File).Path));
    }

    [Theory]
    [InlineData("a", "")]
    [InlineData("", "p")]
    [InlineData("a,b,c", "p")]
    public void Export_OnlySomeKindsOfColumns_Agrees(string numeric, string categorical)
    {
        var schema = new FeatureSchema
        {
            Numeric = numeric.Split(',', StringSplitOptions.RemoveEmptyEntries),
            Categorical = categorical.Split(',', StringSplitOptions.RemoveEmptyEntries),
            Label = "y",
        };
        using var model = ChurnModels.Train(3, schema);
        Assert.InRange(OnnxExporter.Export(model, File).MaxAbsoluteDifference, 0, 1e-5);
    }

    [Fact]
    public void Export_ColumnWithoutAnyCategory_Agrees()
    {
        var training = ChurnModels.Rows(200, 1);
        training = training with { Categorical = [.. training.Categorical.Select((value, index) => index % 2 == 0 ? null : value)] };
        using var model = TabularTrainer.Fit(training, ChurnModels.Rows(50, 2), new() { MaxEpochs = 1 });
        Assert.Empty(model.Preprocessor.Categories[0]);
        Assert.InRange(OnnxExporter.Export(model, File).MaxAbsoluteDifference, 0, 1e-5);
    }

    [Fact]
    public void Export_EmptyTextAsCategory_IsNotTakenForMissing()
    {
        var training = ChurnModels.Rows(400, 1);
        training = training with { Categorical = [.. training.Categorical.Select(value => value == "plan-1" ? "" : value)] };
        using var trained = TabularTrainer.Fit(training, ChurnModels.Rows(50, 2), new() { MaxEpochs = 3, LearningRate = 0.05 });
        using var model = OnnxModel.Load(OnnxExporter.Export(trained, File).Path);
        foreach (string? plan in new[] { "", null })
            Assert.Equal(trained.Predict(ChurnModels.Row(50, 50, plan, "region-1"))[0], model.Predict(ChurnModels.Row(50, 50, plan, "region-1"))[0], 1e-5f);
        Assert.NotEqual(model.Predict(ChurnModels.Row(50, 50, "", "region-1"))[0], model.Predict(ChurnModels.Row(50, 50, null, "region-1"))[0]);
    }

    /// <summary>A network that was changed after its file was made must not pass for the same model.</summary>
    [Fact]
    public void Compare_OtherWeights_Refuses()
    {
        var failure = Assert.Throws<DataException>(() => ExportCheck.Compare(ChurnModels.Second, ChurnModels.FirstFile));
        Assert.Contains("allowed is 1E-05", failure.Message);
    }

    [Theory]
    [InlineData("label")]
    [InlineData("probability")]
    [InlineData("/means")]
    public void Export_ColumnNamedLikeAnOutput_NamesIt(string name)
    {
        using var model = ChurnModels.Train(4, new() { Numeric = [name], Categorical = [], Label = "y" });
        Assert.Contains($"'{name}'", Assert.Throws<DataException>(() => OnnxExporter.Export(model, File)).Message);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void Export_ReservedMetadataKey_Refuses() => Assert.Contains("workbench.schema", Assert.Throws<ArgumentException>(() =>
        OnnxExporter.Export(ChurnModels.First, File, new Dictionary<string, string> { ["workbench.schema"] = "{}" })).Message);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
