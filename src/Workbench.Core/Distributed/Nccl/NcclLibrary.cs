using System.Runtime.InteropServices;

namespace Workbench.Distributed.Nccl;

/// <summary>NCCL's library: that of the environment variable NCCL_LIBRARY, else libnccl.so.2, else the one inside of libtorch_cuda.so.</summary>
internal sealed unsafe class NcclLibrary
{
    /// <summary>Names the library to take, before those that are looked for.</summary>
    public const string Variable = "NCCL_LIBRARY";

    private readonly nint _library;

    private NcclLibrary(nint library)
    {
        _library = library;
        int version;
        Check(((delegate* unmanaged<int*, int>)Symbol("ncclGetVersion"))(&version));
        // Since 2.9 as 10,000 major + 100 minor + patch (nccl.h, NCCL_VERSION).
        Version = $"NCCL {version / 10_000}.{version / 100 % 100}.{version % 100}";
    }

    /// <summary>Such as <c>NCCL 2.21.5</c>.</summary>
    public string Version { get; }

    /// <summary>Loads the first library that is there and has NCCL's functions.</summary>
    /// <exception cref="DistributedException">None is; names what to install.</exception>
    public static NcclLibrary Load(string? chosen)
    {
        string[] names = chosen is { Length: > 0 } ? [chosen] : ["libnccl.so.2", "libtorch_cuda.so"];
        foreach (string name in names)
            if (NativeLibrary.TryLoad(name, typeof(NcclLibrary).Assembly, null, out nint library) && NativeLibrary.TryGetExport(library, "ncclGetVersion", out _))
                return new(library);
        string looked = chosen is { Length: > 0 } ? $"'{chosen}' of {Variable} is not it" : $"looked for {string.Join(" and ", names)}";
        throw new DistributedException($"NCCL is not there ({looked}). Install it from NVIDIA's packages: apt-get install libnccl2, or put the library's path into {Variable}; or join with {nameof(CollectiveBackend)}.{nameof(CollectiveBackend.Mpi)}.");
    }

    /// <summary>Whether there is one.</summary>
    public static bool IsThere(string? chosen)
    {
        try
        {
            Load(chosen);
            return true;
        }
        catch (DistributedException)
        {
            return false;
        }
    }

    /// <summary>Address of an exported function.</summary>
    public nint Symbol(string name) => NativeLibrary.GetExport(_library, name);

    /// <exception cref="DistributedException">The code is an error, in NCCL's words.</exception>
    public void Check(int code)
    {
        if (code != 0)
            throw new DistributedException($"{Version ?? "NCCL"} failed with error {code}: {Marshal.PtrToStringUTF8(((delegate* unmanaged<int, nint>)Symbol("ncclGetErrorString"))(code))}.");
    }
}
