using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Workbench.Distributed.Mpi;

/// <summary>
/// The datatype and operation behind each element type and reduction. MPI has neither bfloat16 nor float16: both are summed in
/// float32 and rounded to nearest, ties to even. Its greatest and least of floats depend on the order for NaN and for the two
/// zeros, so that ranks could differ; ours take NaN when there is one, and order -0 below +0.
/// </summary>
internal sealed unsafe class MpiReductions
{
    private const int ChunkElements = 1024;
    private readonly Dictionary<(ScalarType, Reduction), (nint Type, nint Operation)> _all = [];

    public MpiReductions(MpiLibrary mpi)
    {
        nint half = mpi.Symbol("ompi_mpi_uint16_t"), whole = mpi.Symbol("ompi_mpi_int64_t"), single = mpi.Symbol("ompi_mpi_float"), twice = mpi.Symbol("ompi_mpi_double");
        nint sum = mpi.Symbol("ompi_mpi_op_sum");
        Add(ScalarType.Int64, whole, sum, mpi.Symbol("ompi_mpi_op_max"), mpi.Symbol("ompi_mpi_op_min"));
        Add(ScalarType.Float32, single, sum, mpi.CreateReduction(&MaxSingle), mpi.CreateReduction(&MinSingle));
        Add(ScalarType.Float64, twice, sum, mpi.CreateReduction(&MaxDouble), mpi.CreateReduction(&MinDouble));
        Add(ScalarType.Float16, half, mpi.CreateReduction(&SumHalf), mpi.CreateReduction(&MaxHalf), mpi.CreateReduction(&MinHalf));
        Add(ScalarType.BFloat16, half, mpi.CreateReduction(&SumBFloat), mpi.CreateReduction(&MaxBFloat), mpi.CreateReduction(&MinBFloat));
    }

    public (nint Type, nint Operation) this[ScalarType type, Reduction reduction] => _all[(type, reduction)];

    private void Add(ScalarType type, nint datatype, nint sum, nint max, nint min)
    {
        _all[(type, Reduction.Sum)] = (datatype, sum);
        _all[(type, Reduction.Max)] = (datatype, max);
        _all[(type, Reduction.Min)] = (datatype, min);
    }

    // Each replaces the values at `to` by those reduced with the values at `from`.

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void MaxSingle(void* from, void* to, int* count, void* type) =>
        TensorPrimitives.Max(new ReadOnlySpan<float>(from, *count), new ReadOnlySpan<float>(to, *count), new Span<float>(to, *count));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void MinSingle(void* from, void* to, int* count, void* type) =>
        TensorPrimitives.Min(new ReadOnlySpan<float>(from, *count), new ReadOnlySpan<float>(to, *count), new Span<float>(to, *count));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void MaxDouble(void* from, void* to, int* count, void* type) =>
        TensorPrimitives.Max(new ReadOnlySpan<double>(from, *count), new ReadOnlySpan<double>(to, *count), new Span<double>(to, *count));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void MinDouble(void* from, void* to, int* count, void* type) =>
        TensorPrimitives.Min(new ReadOnlySpan<double>(from, *count), new ReadOnlySpan<double>(to, *count), new Span<double>(to, *count));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void SumHalf(void* from, void* to, int* count, void* type) => Halves(from, to, *count, Reduction.Sum);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void MaxHalf(void* from, void* to, int* count, void* type) => Halves(from, to, *count, Reduction.Max);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void MinHalf(void* from, void* to, int* count, void* type) => Halves(from, to, *count, Reduction.Min);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void SumBFloat(void* from, void* to, int* count, void* type) => BFloats(from, to, *count, Reduction.Sum);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void MaxBFloat(void* from, void* to, int* count, void* type) => BFloats(from, to, *count, Reduction.Max);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void MinBFloat(void* from, void* to, int* count, void* type) => BFloats(from, to, *count, Reduction.Min);

    [SkipLocalsInit]
    private static void Halves(void* from, void* to, int count, Reduction reduction)
    {
        Span<float> x = stackalloc float[ChunkElements], y = stackalloc float[ChunkElements];
        for (int start = 0; start < count; start += ChunkElements)
        {
            int n = Math.Min(ChunkElements, count - start);
            var target = new Span<Half>((Half*)to + start, n);
            TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>((Half*)from + start, n), x);
            TensorPrimitives.ConvertToSingle(target, y);
            Reduce(x[..n], y[..n], reduction);
            TensorPrimitives.ConvertToHalf(y[..n], target);
        }
    }

    [SkipLocalsInit]
    private static void BFloats(void* from, void* to, int count, Reduction reduction)
    {
        Span<float> x = stackalloc float[ChunkElements], y = stackalloc float[ChunkElements];
        for (int start = 0; start < count; start += ChunkElements)
        {
            int n = Math.Min(ChunkElements, count - start);
            var target = new Span<ushort>((ushort*)to + start, n);
            BFloat16.Widen(new ReadOnlySpan<ushort>((ushort*)from + start, n), x);
            BFloat16.Widen(target, y);
            Reduce(x[..n], y[..n], reduction);
            BFloat16.Narrow(y[..n], target);
        }
    }

    private static void Reduce(ReadOnlySpan<float> from, Span<float> to, Reduction reduction)
    {
        if (reduction == Reduction.Sum)
            TensorPrimitives.Add(from, to, to);
        else if (reduction == Reduction.Max)
            TensorPrimitives.Max(from, to, to);
        else
            TensorPrimitives.Min(from, to, to);
    }
}
