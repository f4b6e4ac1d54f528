using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Training.Native;

/// <summary>
/// libtorch's automatic mixed precision for the calling thread, until disposed: operations on its lists compute in the
/// lower precision, the others in float32. The same that <c>torch.autocast</c> does in Python.
/// </summary>
internal readonly unsafe struct Autocast : IDisposable
{
    private const string Namespace = "_ZN2at8autocast";

    private static readonly delegate* unmanaged<sbyte, byte, void> SetEnabled =
        (delegate* unmanaged<sbyte, byte, void>)TorchSymbols.Find(Namespace + "20set_autocast_enabledEN3c1010DeviceTypeEb");
    private static readonly delegate* unmanaged<sbyte, sbyte, void> SetType =
        (delegate* unmanaged<sbyte, sbyte, void>)TorchSymbols.Find(Namespace + "18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE");
    private static readonly delegate* unmanaged<int> Enter = (delegate* unmanaged<int>)TorchSymbols.Find(Namespace + "17increment_nestingEv");
    private static readonly delegate* unmanaged<int> Leave = (delegate* unmanaged<int>)TorchSymbols.Find(Namespace + "17decrement_nestingEv");
    private static readonly delegate* unmanaged<void> ClearCache = (delegate* unmanaged<void>)TorchSymbols.Find(Namespace + "11clear_cacheEv");

    private readonly DeviceType? _device;

    private Autocast(DeviceType device, ScalarType type)
    {
        _device = device;
        SetEnabled((sbyte)device, 1);
        SetType((sbyte)device, (sbyte)type);
        Enter();
    }

    /// <summary>Begins a region; float32 begins none.</summary>
    public static Autocast Begin(DeviceType device, TrainingPrecision precision) => precision switch
    {
        TrainingPrecision.BFloat16 => new(device, ScalarType.BFloat16),
        TrainingPrecision.Float16 => new(device, ScalarType.Float16),
        _ => default,
    };

    /// <exception cref="TrainingException">This libtorch lacks what a lower precision needs.</exception>
    public static void EnsureAvailable(TrainingPrecision precision)
    {
        if (precision != TrainingPrecision.Float32 && (SetEnabled == null || SetType == null || Enter == null || Leave == null || ClearCache == null))
            throw new TrainingException(
                $"Precision {precision} was asked for and this build of libtorch does not offer autocast under the known names. Train with {TrainingPrecision.Float32}, or on Linux with libtorch 2.10.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_device is not { } device)
            return;
        if (Leave() == 0)
            ClearCache();   // the lower-precision copies of weights, which the next step changes
        SetEnabled((sbyte)device, 0);
    }
}
