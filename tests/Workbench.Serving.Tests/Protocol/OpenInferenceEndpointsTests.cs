using System.Net;
using System.Text;
using System.Text.Json;
using Workbench.Serving.Protocol;

namespace Workbench.Serving.Tests.Protocol;

public sealed class OpenInferenceEndpointsTests : IAsyncLifetime
{
    // InitializeAsync runs before every test.
    private InferenceServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await InferenceServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("/v2/health/live", """{"live":true}""")]
    [InlineData("/v2/health/ready", """{"ready":true}""")]
    [InlineData("/v2/models/churn/ready", """{"name":"churn","ready":true}""")]
    [InlineData("/v2/models/churn/versions/1/ready", """{"name":"churn","ready":true}""")]
    [InlineData("/v2/models/churn/versions/1", """
        {"name":"churn","versions":["1"],"platform":"onnx_onnxv1","inputs":[{"name":"usage","datatype":"FP32","shape":[-1,1]},{"name":"price","datatype":"FP32","shape":[-1,1]},{"name":"plan","datatype":"BYTES","shape":[-1,1]},{"name":"region","datatype":"BYTES","shape":[-1,1]}],"outputs":[{"name":"probability","datatype":"FP32","shape":[-1,1]},{"name":"label","datatype":"INT64","shape":[-1,1]}]}
        """)]
    public async Task Get_KnownPath_AnswersAsTheProtocolSays(string path, string expected)
    {
        var (status, json) = await _server.GetAsync(path);
        Assert.Equal(200, status);
        Assert.Equal(expected.Trim(), json.GetRawText());
    }

    [Fact]
    public async Task Get_Server_AdvertisesNoExtension()
    {
        var (_, json) = await _server.GetAsync("/v2");
        Assert.Equal("workbench", json.GetProperty("name").GetString());
        Assert.NotEqual("", json.GetProperty("version").GetString());
        Assert.Equal(0, json.GetProperty("extensions").GetArrayLength());
    }

    [Fact]
    public async Task Infer_ThreeRows_AnswersLikeTorchSharpAndLogs()
    {
        var (status, json) = await _server.InferAsync("""
            {"id": "r-7", "parameters": {"priority": 1}, "inputs": [
              {"name": "plan", "shape": [3, 1], "datatype": "BYTES", "data": ["plan-1", "flex", null]},
              {"name": "usage", "shape": [3], "datatype": "FP32", "data": [1.5, null, 80]},
              {"name": "price", "shape": [3, 1], "datatype": "FP32", "data": [[20], [30], [1e1]], "parameters": {"x": 1}},
              {"name": "region", "shape": [3, 1], "datatype": "BYTES", "data": [["region-0"], [null], ["region-3"]]}]}
            """);
        Assert.Equal(200, status);
        Assert.Equal(("churn", "1", "r-7"), (json.GetProperty("model_name").GetString(), json.GetProperty("model_version").GetString(), json.GetProperty("id").GetString()));
        Assert.Equal("plan=flex", json.GetProperty("parameters").GetProperty("unseen").GetString());
        var (probability, label) = (json.GetProperty("outputs")[0], json.GetProperty("outputs")[1]);
        Assert.Equal("""["probability","FP32",[3,1]]""", Head(probability));
        Assert.Equal("""["label","INT64",[3,1]]""", Head(label));
        float[] expected =
        [
            ChurnModels.First.Predict(ChurnModels.Row(1.5f, 20, "plan-1", "region-0"))[0],
            ChurnModels.First.Predict(ChurnModels.Row(float.NaN, 30, null, null))[0],
            ChurnModels.First.Predict(ChurnModels.Row(80, 10, null, "region-3"))[0],
        ];
        for (int row = 0; row < 3; row++)
        {
            Assert.Equal(expected[row], probability.GetProperty("data")[row].GetSingle(), 1e-5f);
            Assert.Equal(expected[row] >= 0.5f ? 1 : 0, label.GetProperty("data")[row].GetInt32());
        }

        var logged = Assert.Single(_server.Logged);
        Assert.Equal(("r-7", "churn", 1), (logged.Id, logged.Model, logged.Version));
        Assert.Equal(["r-7/0", "r-7/1", "r-7/2"], logged.RowIds);
        Assert.Equal(["plan-1", "region-0", "flex", null, null, "region-3"], logged.Rows.Categorical);
        Assert.Equal([1.5f, 20, float.NaN, 30, 80, 10], logged.Rows.Numeric);
        Assert.Equal(probability.GetProperty("data").EnumerateArray().Select(value => value.GetSingle()), logged.Answer.Numbers);
    }

    [Fact]
    public async Task Infer_OneRowWithoutId_MakesOneUp()
    {
        var (status, json) = await _server.InferAsync(Body());
        Assert.Equal(200, status);
        Assert.True(Guid.TryParse(json.GetProperty("id").GetString(), out _));
        Assert.False(json.TryGetProperty("parameters", out _));
        Assert.Equal([json.GetProperty("id").GetString()!], Assert.Single(_server.Logged).RowIds);
    }

    [Fact]
    public async Task Infer_NoContentType_IsAnswered()
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body()));
        using var response = await _server.Client.PostAsync("/v2/models/churn/versions/1/infer", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Infer_OutputsNamed_AnswersThoseInOrder()
    {
        var (_, both) = await _server.InferAsync(Body(""", "outputs": [{"name": "label"}, {"name": "probability", "parameters": {"binary_data": false}}]"""));
        Assert.Equal(["label", "probability"], both.GetProperty("outputs").EnumerateArray().Select(output => output.GetProperty("name").GetString()!));
        var (_, one) = await _server.InferAsync(Body(""", "outputs": [{"name": "label"}]"""));
        Assert.Equal("label", Assert.Single(one.GetProperty("outputs").EnumerateArray()).GetProperty("name").GetString());
    }

    public static TheoryData<string, string> WrongBodies => new()
    {
        { "", "The body is no JSON" },
        { "{\"inputs\": [NaN]}", "send null for a value that is not known" },
        { "[1]", "The body is a JSON Array; expected an object with 'inputs'" },
        { "{}", "The request has no 'inputs'" },
        { """{"inputs": []}""", "The request has no 'inputs'" },
        { """{"inputs": 3}""", "The request has 'inputs' of kind Number; expected Array" },
        { """{"inputs": [3]}""", "An input is a JSON Number" },
        { """{"inputs": [{"shape": [1]}]}""", "An input has no 'name'" },
        { """{"inputs": [{"name": "usage"}]}""", "Input 'usage' has no 'shape'" },
        { """{"inputs": [{"name": "usage", "shape": [1], "data": [1]}]}""", "Input 'usage' has no 'datatype'" },
        { """{"inputs": [{"name": "usage", "shape": [1], "datatype": "FP32"}]}""", "Input 'usage' has no 'data'" },
        { """{"inputs": [{"name": "usage", "shape": [1.5], "datatype": "FP32", "data": [1]}]}""", "Input 'usage' has 1.5 in its shape" },
        { Body(""", "id": 5"""), "The request has 'id' of kind Number; expected String" },
        { Body($", \"id\": \"{new string('x', 257)}\""), "The 'id' has 257 characters; at most 256" },
        { Body(""", "outputs": [{"name": "score"}]"""), "Unknown output 'score'. Known: probability, label." },
        { Body(""", "outputs": [{"name": "label", "parameters": {"binary_data": true}}]"""), "speaks JSON tensors only" },
        { Body(""", "parameters": {"binary_data_output": true}"""), "'binary_data_output' belongs to the binary tensor extension" },
        { Body(usage: """{"name": "usage", "shape": [1, 1], "datatype": "FP32", "parameters": {"binary_data_size": 4}}"""), "speaks JSON tensors only" },
        { Body(usage: Column("usge", "FP32", "[1]")), "Unknown column 'usge'. Did you mean 'usage'? The model reads usage, price, plan, region." },
        { Body(usage: Column("zzz", "FP32", "[1]")), "Unknown column 'zzz'. The model reads" },
        { Body(usage: Column("price", "FP32", "[1]")), "Column 'price' was sent twice" },
        { """{"inputs": [{"name": "plan", "shape": [1], "datatype": "BYTES", "data": ["a"]}]}""", "Missing columns usage, price, region. The model reads" },
        { Body(usage: Column("usage", "INT64", "[1]")), "Column 'usage' has the datatype 'INT64'; the model reads FP32" },
        { Body(usage: Column("usage", "FP32", "[1, 2]")), "Column 'usage' has the shape [1, 1] and 2 values in its data; expected 1" },
        { Body(usage: Column("usage", "FP32", "[]")), "0 values in its data" },
        { Body(usage: Column("usage", "FP32", "[[1, 2]]")), "Column 'usage' row 0: [1, 2] is no number" },
        { Body(usage: Column("usage", "FP32", "[1, 2]", "[2, 1]")), "Column 'price' has 1 rows and column 'usage' has 2" },
        { Body(usage: Column("usage", "FP32", "[1, 2]", "[1, 2]")), "Column 'usage' has the shape [1, 2]; expected [rows] or [rows, 1]" },
        { Body(usage: Column("usage", "FP32", "[]", "[0, 1]")), "Column 'usage' has the shape [0, 1]; expected" },
        { Body(usage: Column("usage", "FP32", "[1]", "[-1, 1]")), "Column 'usage' has the shape [-1, 1]; expected" },
        { Body(usage: Column("usage", "FP32", "[1]", "[10001, 1]")).Replace("[1, 1]", "[10001, 1]"), "The request has 10001 rows; at most 10000 are allowed" },
        { Body(usage: Column("usage", "FP32", "[1e999]")), "Column 'usage' row 0: 1e999 is infinite or too large for FP32" },
        { Body(usage: Column("usage", "FP32", "[-4e38]")), "Column 'usage' row 0: -4e38 is infinite or too large for FP32" },
        { Body(usage: Column("usage", "FP32", "[\"Infinity\"]")), "Column 'usage' row 0: \"Infinity\" is no number" },
        { Body(usage: Column("usage", "FP32", "[true]")), "Column 'usage' row 0: true is no number" },
        { Body(plan: Column("plan", "BYTES", "[5]")), "Column 'plan' row 0: 5 is no text" },
        { Body(plan: Column("plan", "BYTES", "[\"\\ud800\"]")), "text that cannot be read" },
    };

    [Theory]
    [MemberData(nameof(WrongBodies))]
    public async Task Infer_WrongBody_SaysWhatAndLogsNothing(string body, string expected)
    {
        var (status, json) = await _server.InferAsync(body);
        Assert.Equal(400, status);
        Assert.Contains(expected, json.GetProperty("error").GetString());
        Assert.Empty(_server.Logged);
    }

    [Fact]
    public async Task Infer_BinaryHeader_SaysJsonOnly()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/churn/infer") { Content = new ByteArrayContent([1, 2, 3]) };
        request.Headers.Add("Inference-Header-Content-Length", "2");
        using var response = await _server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("binary_data=False", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/v2/models/chrun", "Model 'chrun' is not in service. Did you mean 'churn'? In service: churn.")]
    [InlineData("/v2/models/chrun/ready", "In service: churn.")]
    [InlineData("/v2/models/churn/versions/9", "Version '9' of model 'churn' is not in service. In service is version 1.")]
    [InlineData("/v2/models/churn/versions/latest/ready", "Version 'latest'")]
    public async Task Get_UnknownModelOrVersion_Is404AndNamesTheKnown(string path, string expected)
    {
        var (status, json) = await _server.GetAsync(path);
        Assert.Equal(404, status);
        Assert.Contains(expected, json.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("/v2/models/other/infer")]
    [InlineData("/v2/models/churn/versions/2/infer")]
    public async Task Infer_UnknownModelOrVersion_Is404(string path) => Assert.Equal(404, (await _server.InferAsync(Body(), path)).Status);

    [Fact]
    public async Task Infer_BodyBeyondTheLimit_Is413()
    {
        await using var server = await InferenceServer.StartAsync(new() { MaxRequestBytes = 1_000 });
        var (status, json) = await server.InferAsync(Body().PadRight(1_500));
        Assert.Equal(413, status);
        Assert.Contains("larger than 1000 bytes", json.GetProperty("error").GetString());
        Assert.Equal(200, (await server.InferAsync(Body())).Status);
    }

    [Fact]
    public async Task Infer_SinkFails_IsAnErrorAndNoAnswer()
    {
        _server.SinkFailure = new IOException("disk full");
        var (status, json) = await _server.InferAsync(Body());
        Assert.Equal(500, status);
        Assert.Contains("its log says why", json.GetProperty("error").GetString());
        Assert.False(json.TryGetProperty("outputs", out _));
        _server.SinkFailure = null;
        Assert.Equal(200, (await _server.InferAsync(Body())).Status);
    }

    [Fact]
    public async Task Infer_SwapsUnderLoad_NoRequestFails()
    {
        float[] expected = [0, ChurnModels.First.Predict(ChurnModels.Row(1, 2, "plan-1", "region-1"))[0], ChurnModels.Second.Predict(ChurnModels.Row(1, 2, "plan-1", "region-1"))[0]];
        await AnsweredByAsync(1);
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 4).Select(_ => Task.Run(() => AskUntilAsync(stop.Token, expected))).ToList();
        for (int version = 2; version <= 30; version++)
        {
            _server.Models.Activate("churn", version, version % 2 == 1 ? ChurnModels.FirstFile : ChurnModels.SecondFile, "test");
            await AnsweredByAsync(version);
        }
        await stop.CancelAsync();
        int[] answers = await Task.WhenAll(clients);
        TestContext.Current.TestOutputHelper?.WriteLine($"{answers.Sum()} answers over 29 swaps, none failed");
        Assert.All(answers, count => Assert.True(count > 0));
        Assert.Equal(30, _server.Logged.Select(prediction => prediction.Version).Distinct().Count());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void MapOpenInference_WrongLimit_Throws(int rows, long bytes) =>
        Assert.Contains("is 0; allowed is 1 or more", Assert.Throws<ArgumentException>(() => new OpenInferenceOptions { MaxRows = rows, MaxRequestBytes = bytes }.EnsureValid()).Message);

    private async Task<int> AskUntilAsync(CancellationToken stop, float[] expected)
    {
        int answers = 0;
        for (; !stop.IsCancellationRequested; answers++)
        {
            var (status, json) = await _server.InferAsync(Body());
            Assert.True(status == 200, json.GetRawText());
            int version = int.Parse(json.GetProperty("model_version").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(expected[2 - version % 2], json.GetProperty("outputs")[0].GetProperty("data")[0].GetSingle(), 1e-5f);
        }
        return answers;
    }

    private async Task AnsweredByAsync(int version)
    {
        var (status, json) = await _server.InferAsync(Body());
        Assert.Equal((200, $"{version}"), (status, json.GetProperty("model_version").GetString()));
    }

    private static string Head(JsonElement output) =>
        $"[{output.GetProperty("name").GetRawText()},{output.GetProperty("datatype").GetRawText()},{output.GetProperty("shape").GetRawText()}]";

    private static string Column(string name, string datatype, string data, string shape = "[1, 1]") =>
        $$"""{"name": "{{name}}", "shape": {{shape}}, "datatype": "{{datatype}}", "data": {{data}}}""";

    /// <summary>A right body of one row, with a column replaced or more members added.</summary>
    private static string Body(string more = "", string? usage = null, string? plan = null) => $$"""
        {"inputs": [{{usage ?? Column("usage", "FP32", "[1]")}}, {{Column("price", "FP32", "[2]")}},
        {{plan ?? Column("plan", "BYTES", "[\"plan-1\"]")}}, {{Column("region", "BYTES", "[\"region-1\"]")}}]{{more}}}
        """;
}
