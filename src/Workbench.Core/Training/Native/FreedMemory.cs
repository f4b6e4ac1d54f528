using System.Runtime.InteropServices;

namespace Workbench.Training.Native;

/// <summary>
/// Lets glibc keep what tensors free for the next ones. By its defaults it gives the tops of its heaps back to the system until it
/// has seen larger pieces freed, so that a network's activations may come from the system anew in each step: ten times the
/// page faults (measured: a convolution over 64 images, 1,500 a step).
/// </summary>
internal static unsafe class FreedMemory
{
    // M_MMAP_THRESHOLD and M_TRIM_THRESHOLD of malloc.h, with the values that glibc comes to by itself after a piece of 32 MiB.
    private const int MappedFrom = -3, TrimmedFrom = -1;
    private const int MappedFromBytes = 32 << 20, TrimmedFromBytes = 64 << 20;

    /// <summary>Where there is glibc, and nobody has set it up by an environment variable.</summary>
    public static void Keep()
    {
        bool isSet = new[] { "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "GLIBC_TUNABLES" }.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });
        if (isSet || !OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libc.so.6", out nint library) || !NativeLibrary.TryGetExport(library, "mallopt", out nint function))
            return;
        var set = (delegate* unmanaged<int, int, int>)function;
        set(MappedFrom, MappedFromBytes);
        set(TrimmedFrom, TrimmedFromBytes);
    }
}
