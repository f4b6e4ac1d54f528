using System.Text.Json;
using Workbench.Features;
using Workbench.Serving.Export;
using Workbench.Training;

namespace Workbench.Serving.Tests.Protocol;

/// <summary>Models of several classes and of numbers over the open inference protocol.</summary>
public sealed class TaskInferenceTests
{
    private const string Body = """
        {"id": "r", "inputs": [
          {"name": "usage", "shape": [2, 1], "datatype": "FP32", "data": [5, 95]}, {"name": "price", "shape": [2, 1], "datatype": "FP32", "data": [20, null]},
          {"name": "plan", "shape": [2, 1], "datatype": "BYTES", "data": ["plan-1", "plan-2"]}, {"name": "region", "shape": [2, 1], "datatype": "BYTES", "data": [null, "region-0"]}]}
        """;

    private static async Task<InferenceServer> ServeAsync(TrainedTabularModel model)
    {
        string folder = Directory.CreateTempSubdirectory("workbench-task-").FullName;
        var server = await InferenceServer.StartAsync();
        server.Models.Activate("task", 2, OnnxExporter.Export(model, Path.Combine(folder, "model.onnx")).Path);
        Directory.Delete(folder, recursive: true);
        return server;
    }

    private static TabularData Rows(PredictionTask task) => TaskModels.Rows(task, 2, 1) with { Numeric = [5, 20, 95, float.NaN], Categorical = ["plan-1", null, "plan-2", "region-0"] };

    private static string Head(JsonElement output) => $"{output.GetProperty("name")} {output.GetProperty("datatype")} {output.GetProperty("shape").GetRawText()}";

    [Fact]
    public async Task Infer_SeveralClasses_AnswersProbabilitiesAndTheClass()
    {
        using var model = TaskModels.Train(TabularArchitecture.LightGbm, PredictionTask.Multiclass);
        await using var server = await ServeAsync(model);
        var (_, described) = await server.GetAsync("/v2/models/task");
        Assert.Equal("""[{"name":"probabilities","datatype":"FP32","shape":[-1,3]},{"name":"label","datatype":"BYTES","shape":[-1,1]}]""", described.GetProperty("outputs").GetRawText());

        var (status, json) = await server.InferAsync(Body, "/v2/models/task/infer");
        Assert.Equal(200, status);
        var outputs = json.GetProperty("outputs");
        Assert.Equal("probabilities FP32 [2,3]", Head(outputs[0]));
        Assert.Equal("label BYTES [2,1]", Head(outputs[1]));
        var expected = model.PredictProbabilities(Rows(PredictionTask.Multiclass));
        for (int i = 0; i < 6; i++)
            Assert.Equal(expected[i], outputs[0].GetProperty("data")[i].GetSingle(), 1e-5f);
        // A usage of 5 and of 95 are in the first and the last third.
        Assert.Equal([TaskModels.Classes[0], TaskModels.Classes[2]], outputs[1].GetProperty("data").EnumerateArray().Select(label => label.GetString()!));
        Assert.Equal(PredictionTask.Multiclass, Assert.Single(server.Logged).Answer.Task);
    }

    [Fact]
    public async Task Infer_Regression_AnswersTheValue()
    {
        using var model = TaskModels.Train(TabularArchitecture.FastTree, PredictionTask.Regression);
        await using var server = await ServeAsync(model);
        var (status, json) = await server.InferAsync(Body, "/v2/models/task/infer");
        Assert.Equal(200, status);
        var output = Assert.Single(json.GetProperty("outputs").EnumerateArray());
        Assert.Equal("value FP32 [2,1]", Head(output));
        var expected = model.Predict(Rows(PredictionTask.Regression));
        for (int row = 0; row < 2; row++)
            Assert.Equal(expected[row], output.GetProperty("data")[row].GetSingle(), 0.005f);   // 5e-5 of a deviation of 87
        Assert.InRange(expected[0], 1_990, 2_060);   // 2000 + 3·5, and 2000 + 3·95
        Assert.InRange(expected[1], 2_240, 2_310);
    }
}
