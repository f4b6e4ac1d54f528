using Google.Protobuf;
using Workbench.Data;
using Workbench.Serving.Export;
using Workbench.Serving.Export.Proto;
using Workbench.Serving.Sessions;
using DataType = Workbench.Serving.Export.Proto.TensorProto.Types.DataType;

namespace Workbench.Serving.Tests.Sessions;

public sealed class OnnxModelTests
{
    [Fact]
    public void Run_Rows_LabelsFollowTheProbabilities()
    {
        using var model = OnnxModel.Load(ChurnModels.FirstFile, "test");
        var (probabilities, labels) = model.Run(ChurnModels.Rows(500, 9));
        Assert.Equal(probabilities.Select(probability => probability >= 0.5f ? 1L : 0L), labels);
    }

    [Fact]
    public void Predict_NoRows_AnswersNone()
    {
        using var model = OnnxModel.Load(ChurnModels.FirstFile, "test");
        Assert.Empty(model.Predict(ChurnModels.Rows(0, 9) with { Labels = [] }));
    }

    [Fact]
    public void Unseen_NewAndMissingCategories_NamesTheNewOnesOnce()
    {
        using var model = OnnxModel.Load(ChurnModels.FirstFile, "test");
        var rows = ChurnModels.Rows(3, 9) with { Categorical = ["flex", "region-1", null, "mars", "flex", null] };
        Assert.Equal([("plan", "flex"), ("region", "mars")], model.Unseen(rows));
    }

    [Fact]
    public async Task Predict_ManyAtOnce_AnswersEachItsOwn()
    {
        using var model = OnnxModel.Load(ChurnModels.FirstFile, "test");
        var inputs = Enumerable.Range(0, 8).Select(seed => ChurnModels.Rows(50, seed)).ToList();
        var expected = inputs.ConvertAll(ChurnModels.First.Predict);
        await Parallel.ForAsync(0, 400, TestContext.Current.CancellationToken, (call, _) =>
        {
            var actual = model.Predict(inputs[call % 8]);
            for (int row = 0; row < actual.Length; row++)
                Assert.Equal(expected[call % 8][row], actual[row], 1e-5f);
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public void Predict_OtherColumns_NamesBoth()
    {
        using var model = OnnxModel.Load(ChurnModels.FirstFile, "test");
        var rows = ChurnModels.Row(1, 2, "plan-1", "region-1");
        var failure = Assert.Throws<DataException>(() => model.Predict(rows with { Schema = rows.Schema with { Categorical = ["region", "plan"] } }));
        Assert.Contains("usage, price, region, plan", failure.Message);
    }

    [Fact]
    public void Load_Missing_NamesTheFile() =>
        Assert.Contains("'/nowhere/model.onnx'", Assert.Throws<DataException>(() => OnnxModel.Load("/nowhere/model.onnx")).Message);

    [Fact]
    public void Load_Cut_Refuses()
    {
        byte[] file = ChurnModels.FirstFile;
        foreach (int length in new[] { 0, 1, 100, file.Length / 2, file.Length - 1 })
            Assert.Contains("'cut.onnx'", Assert.Throws<DataException>(() => OnnxModel.Load(file[..length], "cut.onnx")).Message);
    }

    [Fact]
    public void Load_ForeignModel_SaysWhatIsMissing()
    {
        var graph = new OnnxGraph("foreign");
        graph.Output(graph.Column("x", DataType.Float), "y", DataType.Float);
        var file = new ModelProto { IrVersion = 9, Graph = graph.Proto, OpsetImport = { new OperatorSetIdProto { Version = 20 } } };
        var failure = Assert.Throws<DataException>(() => OnnxModel.Load(file.ToByteArray(), "foreign.onnx"));
        Assert.Contains("'foreign.onnx' is no model that can be served: its metadata have no entry 'workbench.schema'", failure.Message);
    }
}
