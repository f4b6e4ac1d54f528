using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;
using Workbench.Data;

namespace Workbench.Serving.Export;

/// <summary>A tensor in plain memory, between TorchSharp and ONNX Runtime.</summary>
/// <param name="Type">Type of the elements.</param>
/// <param name="Shape">Dimensions.</param>
/// <param name="Elements">An array of float, long, int, bool or string.</param>
internal sealed record OnnxValue(OnnxType Type, IReadOnlyList<long> Shape, Array Elements)
{
    public static OnnxValue Of(torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        var plain = tensor.detach().cpu().contiguous();
        return plain.dtype switch
        {
            torch.ScalarType.Float32 => new(OnnxType.Float, plain.shape, Copy<float>(plain)),
            torch.ScalarType.Int64 => new(OnnxType.Int64, plain.shape, Copy<long>(plain)),
            torch.ScalarType.Int32 => new(OnnxType.Int32, plain.shape, Copy<int>(plain)),
            torch.ScalarType.Bool => new(OnnxType.Bool, plain.shape, Copy<bool>(plain)),
            var other => throw new DataException($"A tensor of {other} goes in or out of the module; exported are Float32, Int64, Int32 and Bool. Convert the module with module.to(torch.float32)."),
        };
    }

    public static OnnxValue Of(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        return info.ElementDataType switch
        {
            TensorElementType.Float => new(OnnxType.Float, info.Shape, value.GetTensorDataAsSpan<float>().ToArray()),
            TensorElementType.Int64 => new(OnnxType.Int64, info.Shape, value.GetTensorDataAsSpan<long>().ToArray()),
            TensorElementType.Int32 => new(OnnxType.Int32, info.Shape, value.GetTensorDataAsSpan<int>().ToArray()),
            TensorElementType.Bool => new(OnnxType.Bool, info.Shape, value.GetTensorDataAsSpan<bool>().ToArray()),
            var other => throw new DataException($"The model answers with elements of {other}; compared are Float, Int64, Int32 and Bool."),
        };
    }

    public torch.Tensor ToTensor() => Elements switch
    {
        float[] numbers => torch.tensor(numbers, [.. Shape]),
        long[] numbers => torch.tensor(numbers, [.. Shape]),
        int[] numbers => torch.tensor(numbers, [.. Shape]),
        bool[] flags => torch.tensor(flags, [.. Shape]),
        _ => throw new InvalidOperationException($"No tensor of {Elements.GetType().Name}."),
    };

    public OrtValue ToOrt() => Elements switch
    {
        float[] numbers => OrtValue.CreateTensorValueFromMemory(numbers, [.. Shape]),
        long[] numbers => OrtValue.CreateTensorValueFromMemory(numbers, [.. Shape]),
        int[] numbers => OrtValue.CreateTensorValueFromMemory(numbers, [.. Shape]),
        bool[] flags => OrtValue.CreateTensorValueFromMemory(flags, [.. Shape]),
        string[] texts => Text(texts),
        _ => throw new InvalidOperationException($"No ONNX value of {Elements.GetType().Name}."),
    };

    /// <summary>The elements as numbers; true is 1.</summary>
    public IEnumerable<double> Numbers() => Elements switch
    {
        float[] numbers => numbers.Select(number => (double)number),
        bool[] flags => flags.Select(flag => flag ? 1.0 : 0.0),
        _ => Elements.Cast<IConvertible>().Select(number => number.ToDouble(null)),
    };

    // An accessor of no elements cannot be copied.
    private static T[] Copy<T>(torch.Tensor tensor) where T : unmanaged => tensor.numel() == 0 ? [] : tensor.data<T>().ToArray();

    private OrtValue Text(string[] texts)
    {
        var value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [.. Shape]);
        for (int index = 0; index < texts.Length; index++)
            value.StringTensorSetElementAt(texts[index].AsSpan(), index);
        return value;
    }
}
