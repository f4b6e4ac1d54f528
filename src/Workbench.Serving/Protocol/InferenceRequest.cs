using System.Text.Json;

namespace Workbench.Serving.Protocol;

/// <summary>One input tensor as it was sent.</summary>
internal sealed record InferenceInput(string Name, string Datatype, IReadOnlyList<long> Shape, JsonElement Data);

/// <summary>
/// The body of an infer request: https://github.com/kserve/open-inference-protocol, "Inference Request JSON Object".
/// Unknown members and parameters are passed over, as the protocol asks; those of the binary extension are refused.
/// </summary>
internal sealed record InferenceRequest
{
    private const int MaxIdLength = 256;
    private const string NoBinary = "This server speaks JSON tensors only. Send data as JSON and ask for no binary output (tritonclient: binary_data=False).";

    /// <summary>The client's id, or null.</summary>
    public string? Id { get; private init; }
    /// <summary>At least one input.</summary>
    public required IReadOnlyList<InferenceInput> Inputs { get; init; }
    /// <summary>Names of the outputs asked for, in order; empty means all.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>Reads a parsed body; the request lives as long as the document.</summary>
    /// <exception cref="RefusedRequestException">A member is missing, of the wrong kind, or asks for binary tensors.</exception>
    public static InferenceRequest Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
            throw new RefusedRequestException($"The body is a JSON {body.ValueKind}; expected an object with 'inputs'.");
        RefuseBinary(body, "binary_data_output");
        return new()
        {
            Id = ReadId(body),
            Inputs = Elements(body, "inputs") is { Count: > 0 } inputs
                ? inputs.Select(ReadInput).ToList()
                : throw new RefusedRequestException("The request has no 'inputs'. Send one for every column of the model."),
            Outputs = Elements(body, "outputs").Select(ReadOutput).ToList(),
        };
    }

    private static string? ReadId(JsonElement body)
    {
        string? id = Optional(body, "id", JsonValueKind.String, "The request")?.GetString();
        return id is { Length: > MaxIdLength }
            ? throw new RefusedRequestException($"The 'id' has {id.Length} characters; at most {MaxIdLength} are allowed.")
            : id;
    }

    private static InferenceInput ReadInput(JsonElement input)
    {
        string name = Required(input, "name", JsonValueKind.String, "An input").GetString() ?? "";
        RefuseBinary(input, "binary_data_size");
        string what = $"Input '{name}'";
        var shape = Required(input, "shape", JsonValueKind.Array, what).EnumerateArray()
            .Select(size => size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out long value)
                ? value
                : throw new RefusedRequestException($"{what} has {size.GetRawText()} in its shape; expected whole numbers."));
        return new(name, Required(input, "datatype", JsonValueKind.String, what).GetString() ?? "", shape.ToList(),
            Required(input, "data", JsonValueKind.Array, what));
    }

    private static string ReadOutput(JsonElement output)
    {
        RefuseBinary(output, "binary_data");
        return Required(output, "name", JsonValueKind.String, "An output").GetString() ?? "";
    }

    private static List<JsonElement> Elements(JsonElement body, string member) =>
        Optional(body, member, JsonValueKind.Array, "The request")?.EnumerateArray().ToList() ?? [];

    private static JsonElement Required(JsonElement owner, string member, JsonValueKind kind, string what) =>
        Optional(owner, member, kind, what) ?? throw new RefusedRequestException($"{what} has no '{member}'.");

    private static JsonElement? Optional(JsonElement owner, string member, JsonValueKind kind, string what)
    {
        if (owner.ValueKind != JsonValueKind.Object)
            throw new RefusedRequestException($"{what} is a JSON {owner.ValueKind}; expected an object.");
        if (!owner.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == kind ? value : throw new RefusedRequestException($"{what} has '{member}' of kind {value.ValueKind}; expected {kind}.");
    }

    private static void RefuseBinary(JsonElement owner, string parameter)
    {
        if (Optional(owner, "parameters", JsonValueKind.Object, "The request or one of its tensors") is { } parameters
            && parameters.TryGetProperty(parameter, out var value) && value.ValueKind != JsonValueKind.False)
            throw new RefusedRequestException($"The parameter '{parameter}' belongs to the binary tensor extension. {NoBinary}");
    }
}
