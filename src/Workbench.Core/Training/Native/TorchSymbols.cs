using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Workbench.Training.Native;

/// <summary>
/// Functions of libtorch that TorchSharp does not wrap, found by their C++ names. Only functions whose arguments are
/// numbers, pointers and 16-byte spans are called so, in the Itanium ABI that Linux and macOS use; where a name is absent
/// (another version, Windows) the caller says so or takes another way.
/// </summary>
internal static class TorchSymbols
{
    private static readonly ConcurrentDictionary<string, nint> Found = new(StringComparer.Ordinal);
    private static readonly Lazy<nint> Library = new(Load);

    /// <summary>Address of an exported function; 0 when libtorch has none of that name.</summary>
    public static nint Find(string name) => Found.GetOrAdd(name, static name =>
        Library.Value != 0 && NativeLibrary.TryGetExport(Library.Value, name, out nint address) ? address : 0);

    // TorchSharp has loaded it by now; the loader gives the same library again.
    private static nint Load()
    {
        TorchRuntime.EnsureAvailable();
        string name = OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";
        return !OperatingSystem.IsWindows() && NativeLibrary.TryLoad(name, typeof(TorchSymbols).Assembly, null, out nint library) ? library : 0;
    }
}
