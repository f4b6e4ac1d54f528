using Workbench.Data;
using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>A tensor, or a dictionary of tensors such as a state_dict, as <c>tensors.safetensors</c>. They come back on the CPU, without a gradient.</summary>
public static class TensorFiles
{
    private const string TensorsFile = "tensors.safetensors";
    private const string OnlyName = "tensor";

    private static readonly (ScalarType Torch, string Format)[] Types =
    [
        (ScalarType.Float64, "F64"), (ScalarType.Float32, "F32"), (ScalarType.Float16, "F16"), (ScalarType.BFloat16, "BF16"), (ScalarType.Int64, "I64"),
        (ScalarType.Int32, "I32"), (ScalarType.Int16, "I16"), (ScalarType.Int8, "I8"), (ScalarType.Byte, "U8"), (ScalarType.Bool, "BOOL"),
    ];

    /// <summary>Whether values of this type are tensors or a dictionary of them.</summary>
    public static bool Handles(Type type) => type == typeof(Tensor) || type == typeof(Dictionary<string, Tensor>);

    /// <summary>Whether this is a network, of which only the weights can be saved without its code.</summary>
    public static bool IsModule(Type type) => typeof(nn.Module).IsAssignableFrom(type);

    /// <summary>Writes a tensor or a dictionary of tensors into <paramref name="folder"/>, which exists.</summary>
    /// <exception cref="NotSupportedException">A tensor is of a type that the format does not have.</exception>
    public static void Save(object value, string folder)
    {
        using var scope = NewDisposeScope();
        var tensors = value is Tensor only ? new Dictionary<string, Tensor> { [OnlyName] = only } : (Dictionary<string, Tensor>)value;
        File.WriteAllBytes(Path.Combine(folder, TensorsFile), SafeTensors.Write([.. tensors.Select(pair => Stored(pair.Key, pair.Value))]));
    }

    /// <summary>A tensor's elements as a file has them.</summary>
    internal static SafeTensor Stored(string name, Tensor value)
    {
        using var scope = NewDisposeScope();
        return new() { Name = name, Type = Format(name, value.dtype), Shape = value.shape, Data = value.detach().cpu().contiguous().bytes.ToArray() };
    }

    /// <summary>Reads what <see cref="Save"/> wrote, as a value of <paramref name="type"/>.</summary>
    /// <exception cref="DataException">The file is missing or damaged.</exception>
    public static object Load(Type type, string folder)
    {
        TorchRuntime.EnsureAvailable();
        var path = Path.Combine(folder, TensorsFile);
        if (!File.Exists(path))
            throw new DataException($"'{path}' is missing.") { Origin = path };
        var tensors = SafeTensors.Read(File.ReadAllBytes(path), path).ToDictionary(tensor => tensor.Name, Restored);
        return type == typeof(Tensor) ? tensors[OnlyName] : tensors;
    }

    /// <summary>The element type behind the format's name, which must be one that torch has.</summary>
    /// <exception cref="NotSupportedException">Torch has no such type.</exception>
    internal static ScalarType TorchType(string format) =>
        Array.Find(Types, pair => pair.Format == format) is { Format: not null } pair ? pair.Torch
            : throw new NotSupportedException($"Tensors of type {format} cannot be read; supported are {string.Join(", ", Types.Select(pair => pair.Format))}.");

    /// <summary>The format's name of an element type.</summary>
    internal static string Format(string name, ScalarType type) =>
        Array.Find(Types, pair => pair.Torch == type).Format ?? throw new NotSupportedException($"tensor '{name}' is of type {type}; a file holds {string.Join(", ", Types.Select(pair => pair.Torch))}");

    /// <summary>The tensor that a file has, on the CPU.</summary>
    internal static Tensor Restored(SafeTensor stored)
    {
        var tensor = empty(stored.Shape.ToArray(), TorchType(stored.Type));
        stored.Data.Span.CopyTo(tensor.bytes);
        return tensor;
    }
}
