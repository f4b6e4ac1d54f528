namespace Workbench.Serving.Export;

/// <summary>An input as the file's metadata have it, so that a conversion can check with the same kind of values.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Shape">Sizes, and names of dynamic dimensions.</param>
/// <param name="Low">Smallest value, or null.</param>
/// <param name="High">Upper end, or null.</param>
/// <param name="IsOwn">Whether its values come from a function, which the file cannot hold.</param>
internal sealed record InputRange(string Name, OnnxType Type, IReadOnlyList<string> Shape, double? Low, double? High, bool IsOwn)
{
    public static InputRange Of(OnnxInput input) =>
        new(input.Name, input.Type, [.. input.Shape.Select(dimension => dimension.ToString())], input.Low, input.High, input.Sample is not null);

    public OnnxInput ToInput() => new(Name, Type, [.. Shape.Select(text => long.TryParse(text, out long size) ? size : (OnnxDimension)text)]) { Low = Low, High = High };
}
