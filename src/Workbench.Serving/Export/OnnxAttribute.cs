using Google.Protobuf;
using Workbench.Serving.Export.Proto;
using static Workbench.Serving.Export.Proto.AttributeProto.Types;

namespace Workbench.Serving.Export;

/// <summary>A named setting of a node, such as <c>axis</c>. Made by <see cref="OnnxGraph"/>'s <c>Attribute</c> methods.</summary>
public sealed class OnnxAttribute
{
    private OnnxAttribute(AttributeProto proto) => Proto = proto;

    /// <summary>Its name.</summary>
    public string Name => Proto.Name;

    internal AttributeProto Proto { get; }

    internal static OnnxAttribute Of(string name, long value) => new(new() { Name = name, Type = AttributeType.Int, I = value });

    internal static OnnxAttribute Of(string name, float value) => new(new() { Name = name, Type = AttributeType.Float, F = value });

    internal static OnnxAttribute Of(string name, string value) => new(new() { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(value) });

    internal static OnnxAttribute Of(string name, IEnumerable<long> values) => new(new() { Name = name, Type = AttributeType.Ints, Ints = { values } });

    internal static OnnxAttribute Of(string name, IEnumerable<float> values) => new(new() { Name = name, Type = AttributeType.Floats, Floats = { values } });

    internal static OnnxAttribute Of(string name, IEnumerable<string> values) =>
        new(new() { Name = name, Type = AttributeType.Strings, Strings = { values.Select(ByteString.CopyFromUtf8) } });
}
