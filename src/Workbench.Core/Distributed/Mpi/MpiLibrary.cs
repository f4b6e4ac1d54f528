using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Workbench.Distributed.Mpi;

/// <summary>
/// Open MPI's library, major versions 4 and 5, which share one binary interface (libmpi.so.40): handles are addresses of
/// exported objects. MPICH, Intel MPI and their kin have another one and are refused by their name before any handle is used.
/// </summary>
internal sealed unsafe partial class MpiLibrary
{
    /// <summary>Names of the library; the last two are those of MPICH and its kin, to name what is there instead.</summary>
    public static readonly IReadOnlyList<string> Names = ["libmpi.so.40", "libmpich.so.12", "libmpi.so.12"];

    private const string Remedy = "Install Open MPI on every host: apt-get install openmpi-bin.";
    private const int LoadNow = 2, LoadGlobal = 0x100;   // RTLD_NOW, RTLD_GLOBAL of Linux's dlfcn.h
    private const int TextBytes = 8192;                  // more than MPI_MAX_LIBRARY_VERSION_STRING and MPI_MAX_ERROR_STRING of any MPI
    private const int ThreadMultiple = 3;
    private static readonly void* InPlace = (void*)1;

    private readonly nint _library;
    private readonly nint _world;
    private readonly delegate* unmanaged<void*, void*, int, nint, nint, nint, int> _allReduce;
    private readonly delegate* unmanaged<void*, void*, int, nint, nint, int, nint, int> _reduce;
    private readonly delegate* unmanaged<void*, void*, int, nint, nint, nint, int> _reduceScatter;
    private readonly delegate* unmanaged<void*, int, nint, void*, int, nint, nint, int> _allGather;
    private readonly delegate* unmanaged<void*, int, nint, int, nint, int> _broadcast;

    private MpiLibrary(nint library, string version)
    {
        (_library, Version) = (library, version);
        _world = Symbol("ompi_mpi_comm_world");
        Byte = Symbol("ompi_mpi_byte");
        _allReduce = (delegate* unmanaged<void*, void*, int, nint, nint, nint, int>)Symbol("MPI_Allreduce");
        _reduce = (delegate* unmanaged<void*, void*, int, nint, nint, int, nint, int>)Symbol("MPI_Reduce");
        _reduceScatter = (delegate* unmanaged<void*, void*, int, nint, nint, nint, int>)Symbol("MPI_Reduce_scatter_block");
        _allGather = (delegate* unmanaged<void*, int, nint, void*, int, nint, nint, int>)Symbol("MPI_Allgather");
        _broadcast = (delegate* unmanaged<void*, int, nint, int, nint, int>)Symbol("MPI_Bcast");
    }

    /// <summary>Such as <c>Open MPI 4.1.4</c>.</summary>
    public string Version { get; }

    /// <summary>The datatype of bytes.</summary>
    public nint Byte { get; }

    /// <summary>Loads the first library that is there. Nothing is started yet.</summary>
    /// <exception cref="DistributedException">None is there, or it is another MPI.</exception>
    public static MpiLibrary Load(IReadOnlyList<string> names)
    {
        if (!OperatingSystem.IsLinux())
            throw new DistributedException("Ranks over MPI run on Linux. Train in one process here, or on a Linux host.");
        var failures = new List<string>();
        foreach (string name in names)
            if (Open(name, failures) is var library and not 0)
                return new(library, Checked(library, name));
        throw new DistributedException($"No MPI could be loaded. {Remedy} The loader said: {string.Join("; ", failures)}.");
    }

    /// <summary>The name and version in the words of MPI_Get_library_version.</summary>
    /// <exception cref="DistributedException">It is no Open MPI of a known major version.</exception>
    internal static string CheckedVersion(string words, string name)
    {
        if (OpenMpi().Match(words) is { Success: true } match && match.Groups["major"].Value is "4" or "5")
            return $"Open MPI {match.Groups["version"].Value}";
        string found = words.Split('\n')[0].Trim();
        throw new DistributedException($"'{name}' is '{found}', whose binary interface is not the one of Open MPI 4 and 5. {Remedy}");
    }

    /// <summary>Starts MPI, once a process. Errors are returned from here on.</summary>
    public (int Rank, int Size) Initialize()
    {
        int provided, rank, size;
        Check(((delegate* unmanaged<void*, void*, int, int*, int>)Symbol("MPI_Init_thread"))(null, null, ThreadMultiple, &provided));
        Check(((delegate* unmanaged<nint, nint, int>)Symbol("MPI_Comm_set_errhandler"))(_world, Symbol("ompi_mpi_errors_return")));
        Check(((delegate* unmanaged<nint, int*, int>)Symbol("MPI_Comm_rank"))(_world, &rank));
        Check(((delegate* unmanaged<nint, int*, int>)Symbol("MPI_Comm_size"))(_world, &size));
        return (rank, size);
    }

    /// <summary>Address of an exported object or function.</summary>
    public nint Symbol(string name) => NativeLibrary.GetExport(_library, name);

    /// <summary>A commutative reduction by a function.</summary>
    public nint CreateReduction(delegate* unmanaged[Cdecl]<void*, void*, int*, void*, void> function)
    {
        nint operation;
        Check(((delegate* unmanaged<void*, int, nint*, int>)Symbol("MPI_Op_create"))(function, 1, &operation));
        return operation;
    }

    /// <summary>Replaces values by those reduced over all ranks.</summary>
    public void AllReduce(nint values, int count, nint type, nint operation) =>
        Check(_allReduce(InPlace, (void*)values, count, type, operation, _world));

    /// <summary>Leaves the values reduced over all ranks at <paramref name="root"/>.</summary>
    public void Reduce(nint values, nint reduced, int count, nint type, nint operation, int root) =>
        Check(_reduce((void*)values, (void*)reduced, count, type, operation, root, _world));

    /// <summary>Leaves each rank its part, of <paramref name="count"/> elements, of the reduced values.</summary>
    public void ReduceScatter(nint values, nint part, int count, nint type, nint operation) =>
        Check(_reduceScatter((void*)values, (void*)part, count, type, operation, _world));

    /// <summary>Puts the bytes of all ranks behind one another.</summary>
    public void AllGather(nint values, nint gathered, int bytes) =>
        Check(_allGather((void*)values, bytes, Byte, (void*)gathered, bytes, Byte, _world));

    /// <summary>Replaces bytes by those of <paramref name="root"/>.</summary>
    public void Broadcast(nint values, int bytes, int root) => Check(_broadcast((void*)values, bytes, Byte, root, _world));

    /// <summary>Waits for all ranks.</summary>
    public void Barrier() => Check(((delegate* unmanaged<nint, int>)Symbol("MPI_Barrier"))(_world));

    /// <summary>Ends all ranks.</summary>
    public void Abort(int exitCode) => Check(((delegate* unmanaged<nint, int, int>)Symbol("MPI_Abort"))(_world, exitCode));

    /// <summary>Leaves MPI. Waits for all ranks to do so.</summary>
    public void Close() => Check(((delegate* unmanaged<int>)Symbol("MPI_Finalize"))());

    private void Check(int code)
    {
        if (code == 0)
            return;
        byte* text = stackalloc byte[TextBytes];
        int length;
        int failed = ((delegate* unmanaged<int, byte*, int*, int>)Symbol("MPI_Error_string"))(code, text, &length);
        string words = failed == 0 ? Marshal.PtrToStringUTF8((nint)text, length) : "no further words";
        throw new DistributedException(string.Create(CultureInfo.InvariantCulture, $"{Version} failed with error {code}: {words}."));
    }

    // With its symbols visible to all: Open MPI loads plugins that need them.
    private static nint Open(string name, List<string> failures)
    {
        nint program = NativeLibrary.GetMainProgramHandle();
        var open = (delegate* unmanaged<byte*, int, nint>)NativeLibrary.GetExport(program, "dlopen");
        var error = (delegate* unmanaged<nint>)NativeLibrary.GetExport(program, "dlerror");   // before: to look for it clears what it tells
        byte* path = (byte*)Marshal.StringToCoTaskMemUTF8(name);
        nint library = open(path, LoadNow | LoadGlobal);
        Marshal.FreeCoTaskMem((nint)path);
        if (library == 0)
            failures.Add(Marshal.PtrToStringUTF8(error()) ?? name);
        return library;
    }

    private static string Checked(nint library, string name)
    {
        if (!NativeLibrary.TryGetExport(library, "MPI_Get_library_version", out nint function))
            throw new DistributedException($"'{name}' is no MPI: it has no function MPI_Get_library_version. {Remedy}");
        byte* text = stackalloc byte[TextBytes];
        int length;
        ((delegate* unmanaged<byte*, int*, int>)function)(text, &length);
        return CheckedVersion(Marshal.PtrToStringUTF8((nint)text, length), name);
    }

    [GeneratedRegex(@"^Open MPI v(?<version>(?<major>\d+)\.[\w.]+)")]
    private static partial Regex OpenMpi();
}
