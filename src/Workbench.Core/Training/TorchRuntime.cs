using System.Globalization;
using TorchSharp;

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

    /// <summary>The device behind <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c> or <c>auto</c> (the first GPU where there is one, else the CPU).</summary>
    /// <exception cref="TrainingException">A GPU was asked for and is not there; names the remedy.</exception>
    internal static torch.Device Device(string name)
    {
        EnsureAvailable();
        if (name == "cpu")
            return torch.CPU;
        int devices = torch.cuda_is_available() ? torch.cuda.device_count() : 0;
        if (name == "auto")
            return devices > 0 ? new torch.Device(DeviceType.CUDA, 0) : torch.CPU;
        int index = name.Split(':') is [_, var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 0;
        if (index < devices)
            return new torch.Device(DeviceType.CUDA, index);
        throw new TrainingException(devices > 0
            ? $"Device '{name}' was asked for and this machine has {devices} GPU(s), cuda:0 to cuda:{devices - 1}. Choose one of them, or 'auto'."
            : $"Device '{name}' was asked for and libtorch sees no GPU. Build with -p:TorchBackend=cuda-linux (or cuda-windows) on a machine with an NVIDIA driver, or choose 'cpu' or 'auto'.");
    }

    private static Exception? Load()
    {
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
            return null;
        }
        catch (Exception failure) when (failure is NotSupportedException or DllNotFoundException or TypeInitializationException
            or EntryPointNotFoundException or BadImageFormatException or InvalidOperationException)
        {
            return failure;
        }
    }
}
