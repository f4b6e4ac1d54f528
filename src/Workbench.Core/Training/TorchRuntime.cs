using System.Globalization;
using TorchSharp;
using Workbench.Distributed;
using Workbench.Training.Native;

namespace Workbench.Training;

/// <summary>The native libtorch engine of this process. Thread-safe.</summary>
public static class TorchRuntime
{
    private static readonly Lazy<Exception?> LoadFailure = new(Load);

    /// <summary>
    /// Held by whoever draws from libtorch's random numbers. There is one generator a process; two trainings at once, or
    /// one while a network is being built, would take each other's numbers and not repeat.
    /// </summary>
    internal static Lock Generator { get; } = new();

    /// <summary>Loads libtorch once.</summary>
    /// <exception cref="TrainingException">libtorch is not there or does not load; names the remedy.</exception>
    public static void EnsureAvailable()
    {
        if (LoadFailure.Value is { } failure)
            throw new TrainingException(
                "The native libtorch engine could not be loaded. Build again with -p:TorchBackend=cpu (or cuda-linux, cuda-windows); " +
                "a build with -p:TorchBackend=external takes it from the machine: put libtorch's lib folder into LD_LIBRARY_PATH. " +
                $"The loader said: {failure.GetBaseException().Message.Trim()}", failure);
    }

    /// <summary>
    /// The device behind <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c> or <c>auto</c> (a GPU where there is one, else the CPU). Which GPU, where
    /// none is named: the first; in a job, the one of this rank's number on its host.
    /// </summary>
    /// <exception cref="TrainingException">A GPU was asked for and is not there, or a host has fewer than ranks; names the remedy.</exception>
    internal static torch.Device Device(string name)
    {
        EnsureAvailable();
        if (name == "cpu")
            return torch.CPU;
        int devices = torch.cuda_is_available() ? torch.cuda.device_count() : 0;
        return Gpu(name, devices, RankEnvironment.LocalRank, RankEnvironment.LocalSize) is { } index ? new torch.Device(DeviceType.CUDA, index) : torch.CPU;
    }

    /// <summary>The number of the GPU behind a name other than <c>cpu</c>; null for the CPU.</summary>
    /// <param name="name">What was asked for.</param>
    /// <param name="devices">GPUs of this host.</param>
    /// <param name="localRank">This rank among those of the host, from 0.</param>
    /// <param name="localSize">Ranks of the host.</param>
    /// <exception cref="TrainingException">There is none for it.</exception>
    internal static int? Gpu(string name, int devices, int localRank, int localSize)
    {
        if (name == "auto" && devices == 0)
            return null;
        bool isOwn = name is "auto" or "cuda";
        if (isOwn && devices > 0 && devices < localSize)
            throw new TrainingException($"Device '{name}' was asked for on {localSize} ranks of this host, each of which takes a GPU of its own, and libtorch sees {devices}. Start at most {devices} on this host (--nproc, --hosts), or choose 'cpu'.");
        int index = isOwn ? localRank : int.Parse(name.Split(':')[1], CultureInfo.InvariantCulture);
        if (index < devices)
            return index;
        throw new TrainingException(devices > 0
            ? $"Device '{name}' was asked for and this machine has {devices} GPU(s), cuda:0 to cuda:{devices - 1}. Choose one of them, or 'auto'."
            : $"Device '{name}' was asked for and libtorch sees no GPU. Build with -p:TorchBackend=cuda-linux (or cuda-windows) on a machine with an NVIDIA driver, or choose 'cpu' or 'auto'.");
    }

    private static Exception? Load()
    {
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
            FreedMemory.Keep();
            return null;
        }
        catch (Exception failure) when (failure is NotSupportedException or DllNotFoundException or TypeInitializationException
            or EntryPointNotFoundException or BadImageFormatException or InvalidOperationException)
        {
            return failure;
        }
    }
}
