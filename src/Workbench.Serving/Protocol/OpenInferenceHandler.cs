using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Workbench.Data;
using Workbench.Features;
using Workbench.Serving.Sessions;

namespace Workbench.Serving.Protocol;

/// <summary>Answers the protocol's requests.</summary>
internal sealed partial class OpenInferenceHandler(ServedModels models, IPredictionSink? sink, OpenInferenceOptions options)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // application/json, never part of a page: quotes stay readable
    };

    private static readonly string ServerVersion =
        typeof(OpenInferenceHandler).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public IResult Server() => Results.Json(new { name = "workbench", version = ServerVersion, extensions = Array.Empty<string>() });

    public IResult Ready(string model, string? version) => Answer(model, version, served => Results.Json(new { name = served.Name, ready = true }));

    public IResult Model(string model, string? version) => Answer(model, version, served => Results.Json(new
    {
        name = served.Name,
        versions = new[] { served.Version.ToString(CultureInfo.InvariantCulture) },
        platform = "onnx_onnxv1",
        inputs = served.Schema.Numeric.Select(name => Tensor(name, InferenceRows.Number))
            .Concat(served.Schema.Categorical.Select(name => Tensor(name, InferenceRows.Text))),
        outputs = Outputs(served),
    }));

    public async Task<IResult> InferAsync(HttpContext context, string model, string? version)
    {
        try
        {
            using var body = await ReadBodyAsync(context);
            using var lease = Lease(model, version);
            return await AnswerAsync(body.RootElement, lease, context.RequestAborted);
        }
        catch (RefusedRequestException refusal)
        {
            return Error(refusal.Message, refusal.Status);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)   // the edge of a request
        {
            LogFailure(context.RequestServices.GetRequiredService<ILogger<ServedModels>>(), failure, model, context.TraceIdentifier);
            return Error($"The server failed to answer; its log says why under {context.TraceIdentifier}.", StatusCodes.Status500InternalServerError);
        }
    }

    private async Task<IResult> AnswerAsync(JsonElement body, ServedModelLease lease, CancellationToken cancellationToken)
    {
        var (request, rows) = Read(body, lease.Model.Schema);
        string id = request.Id is { Length: > 0 } given ? given : Guid.NewGuid().ToString();
        var prediction = new ServedPrediction
        {
            Id = id,
            Model = lease.Served.Name,
            Version = lease.Served.Version,
            Rows = rows,
            RowIds = rows.Rows == 1 ? [id] : Enumerable.Range(0, rows.Rows).Select(row => $"{id}/{row}").ToList(),
            Answer = lease.Model.Answer(rows),
        };
        var response = InferenceResponse.From(prediction, lease.Model.Unseen(rows), request.Outputs);
        if (sink is not null)
            await sink.LogAsync(prediction, cancellationToken);
        return Results.Json(response, Json);
    }

    private (InferenceRequest, TabularData) Read(JsonElement body, FeatureSchema schema)
    {
        try
        {
            var request = InferenceRequest.Read(body);
            return (request, InferenceRows.From(request, schema, options.MaxRows));
        }
        catch (InvalidOperationException failure)   // thrown for text that is no Unicode, as half a surrogate pair
        {
            throw new RefusedRequestException($"The body holds text that cannot be read: {failure.Message}");
        }
    }

    private async Task<JsonDocument> ReadBodyAsync(HttpContext context)
    {
        if (context.Request.Headers.ContainsKey("Inference-Header-Content-Length"))
            throw new RefusedRequestException(
                "The header Inference-Header-Content-Length announces binary tensors. This server speaks JSON tensors only (tritonclient: binary_data=False).");
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = options.MaxRequestBytes;
        try
        {
            return await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException failure)
        {
            throw new RefusedRequestException($"The body is no JSON: {failure.Message} JSON knows neither NaN nor Infinity; send null for a value that is not known.");
        }
        catch (BadHttpRequestException failure) when (failure.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new RefusedRequestException($"The body is larger than {options.MaxRequestBytes} bytes. Send several requests.", failure.StatusCode);
        }
        catch (BadHttpRequestException failure)
        {
            throw new RefusedRequestException($"The body could not be read: {failure.Message}", failure.StatusCode);
        }
    }

    private IResult Answer(string model, string? version, Func<ServedModel, IResult> answer)
    {
        try
        {
            using var lease = Lease(model, version);
            return answer(lease.Served);
        }
        catch (RefusedRequestException refusal)
        {
            return Error(refusal.Message, refusal.Status);
        }
    }

    private ServedModelLease Lease(string model, string? version)
    {
        int? number = version is null ? null : int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int parsed) ? parsed : -1;
        if (models.TryGet(model, number, out var lease))
            return lease;
        var active = models.Active;
        string message = active.FirstOrDefault(served => served.Name == model) is { } other
            ? $"Version '{version}' of model '{model}' is not in service. In service is version {other.Version}."
            : $"Model '{model}' is not in service.{Suggestion.DidYouMean(model, active.Select(served => served.Name))} In service: {(active.Count == 0 ? "none" : string.Join(", ", active.Select(served => served.Name)))}.";
        throw new RefusedRequestException(message, StatusCodes.Status404NotFound);
    }

    private static object[] Outputs(ServedModel served) => served.Task switch
    {
        PredictionTask.Binary => [Tensor(OnnxModel.ProbabilityOutput, "FP32"), Tensor(OnnxModel.LabelOutput, "INT64")],
        PredictionTask.Multiclass => [Tensor(OnnxModel.ProbabilitiesOutput, "FP32", served.Classes.Count), Tensor(OnnxModel.LabelOutput, "BYTES")],
        _ => [Tensor(OnnxModel.ValueOutput, "FP32")],
    };

    private static object Tensor(string name, string datatype, int columns = 1) => new { name, datatype, shape = new[] { -1, columns } };

    private static IResult Error(string message, int status) => Results.Json(new { error = message }, Json, statusCode: status);

    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "An inference request for model {Model} failed ({TraceId})")]
    private static partial void LogFailure(ILogger logger, Exception failure, string model, string traceId);
}
