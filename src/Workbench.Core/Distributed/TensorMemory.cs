using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Workbench.Distributed;

/// <summary>Where the values of a contiguous tensor lie.</summary>
/// <param name="Address">Of the first element, on the tensor's device.</param>
/// <param name="Count">Number of elements.</param>
/// <param name="ElementBytes">Size of one.</param>
/// <param name="Type">Of the elements.</param>
internal readonly partial record struct TensorMemory(nint Address, long Count, int ElementBytes, ScalarType Type)
{
    /// <summary>Size in bytes.</summary>
    public long Bytes => Count * ElementBytes;

    /// <exception cref="ArgumentException">It is not contiguous.</exception>
    public static TensorMemory Of(Tensor tensor, string name)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (!tensor.is_contiguous())
            throw new ArgumentException($"The tensor of shape [{string.Join(", ", tensor.shape)}] with strides [{string.Join(", ", tensor.stride())}] is not contiguous. Pass contiguous(), and copy the result back.", name);
        nint address = THSTensor_data(tensor.Handle);
        GC.KeepAlive(tensor);
        return new(address, tensor.NumberOfElements, checked((int)tensor.ElementSize), tensor.dtype);
    }

    /// <exception cref="ArgumentException">The type is not one that ranks reduce.</exception>
    public void RequireReducible(string name)
    {
        if (Type is not (ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16 or ScalarType.Float16 or ScalarType.Int64))
            throw new ArgumentException($"Tensors of {Type} cannot be reduced over ranks. Known: Float32, Float64, BFloat16, Float16, Int64. Convert it with to().", name);
    }

    /// <exception cref="ArgumentException"><paramref name="whole"/> has not the values of <paramref name="ranks"/> such parts.</exception>
    public void RequireParts(TensorMemory whole, int ranks, string name)
    {
        if (whole.Type != Type || whole.Count != Count * ranks)
            throw new ArgumentException($"Of {ranks} ranks with {Count} elements of {Type} each, the whole has {Count * ranks} elements of {Type}; the given tensor has {whole.Count} of {whole.Type}.", name);
    }

    // TorchSharp's own library, which is loaded when there is a tensor.
    [LibraryImport("LibTorchSharp")]
    private static partial nint THSTensor_data(nint tensor);
}
