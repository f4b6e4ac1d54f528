using Microsoft.Win32.SafeHandles;
using Workbench.Data;
using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>
/// A safetensors file of any size, read and written in pieces, so that beside the tensors themselves only a buffer lives.
/// Reading is thread-safe.
/// </summary>
public sealed class SafeTensorsFile : IDisposable
{
    private const long PieceElements = 4 << 20;
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly long _dataStart;
    private readonly Dictionary<string, SafeTensorEntry> _entries;

    private SafeTensorsFile(SafeFileHandle file, string path)
    {
        (_file, _path) = (file, path);
        long fileBytes = RandomAccess.GetLength(file);
        var start = new byte[8];
        if (fileBytes >= 8)
            Fill(start, 0);
        var json = new byte[SafeTensors.HeaderBytes(start, fileBytes, path)];
        Fill(json, 8);
        _dataStart = 8 + json.Length;
        var header = SafeTensorsHeader.Parse(json, fileBytes - _dataStart, path);
        (Entries, Metadata) = (header.Entries, header.Metadata);
        _entries = Entries.ToDictionary(entry => entry.Name);
    }

    /// <summary>The tensors in the order of their data.</summary>
    public IReadOnlyList<SafeTensorEntry> Entries { get; }

    /// <summary>The header's <c>__metadata__</c>; empty when there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header against its length.</summary>
    /// <exception cref="DataException">The file is missing or no whole safetensors file.</exception>
    public static SafeTensorsFile Open(string path)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot read '{path}': {failure.Message}", failure) { Origin = path };
        }
        try
        {
            return new(file, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Copies a tensor into <paramref name="target"/>, which converts it to its own element type and device.</summary>
    /// <exception cref="ArgumentException">There is no such tensor, or its shape differs.</exception>
    public void CopyTo(string name, Tensor target)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw new ArgumentException($"'{_path}' has no tensor '{name}'.{Suggestion.DidYouMean(name, _entries.Keys)}", nameof(name));
        if (!entry.Shape.SequenceEqual(target.shape))
            throw new ArgumentException($"Tensor '{name}' in '{_path}' is [{string.Join(", ", entry.Shape)}] and the target [{string.Join(", ", target.shape)}].", nameof(target));
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var flat = target.is_contiguous() ? target.view(-1) : null;
        var whole = flat ?? empty([target.numel()], target.dtype, target.device);
        var buffer = empty([Math.Min(PieceElements, whole.numel())], TensorFiles.TorchType(entry.Type));
        int elementBytes = SafeTensorsHeader.ElementBytes(entry.Type);
        for (long start = 0; start < whole.numel(); start += PieceElements)
        {
            using var pieceScope = NewDisposeScope();
            var piece = buffer.narrow(0, 0, Math.Min(PieceElements, whole.numel() - start));
            Fill(piece.bytes, _dataStart + entry.Start + start * elementBytes);
            whole.narrow(0, start, piece.numel()).copy_(piece);
        }
        if (flat is null)
            target.copy_(whole.view(target.shape));
    }

    /// <summary>Writes tensors in the order given, to a temporary name first.</summary>
    /// <param name="path">The file; what is there is replaced.</param>
    /// <param name="tensors">Names and tensors, on any device.</param>
    /// <param name="metadata">Free-form texts for the header, such as <c>format</c>: <c>pt</c>.</param>
    /// <exception cref="ArgumentException">A name appears twice or is reserved.</exception>
    /// <exception cref="NotSupportedException">A tensor is of a type that the format does not have.</exception>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        byte[] header = SafeTensorsHeader.Of(
            tensors.Select(named => (named.Name, TensorFiles.Format(named.Name, named.Tensor.dtype), (IReadOnlyList<long>)named.Tensor.shape, named.Tensor.numel() * named.Tensor.element_size())),
            metadata ?? new Dictionary<string, string>()).ToBytes();
        AtomicFile.Write(path, stream =>
        {
            stream.Write(BitConverter.GetBytes((ulong)header.Length));
            stream.Write(header);
            foreach (var (_, tensor) in tensors)
                Write(stream, tensor);
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static void Write(Stream stream, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var flat = tensor.detach().contiguous().view(-1);
        for (long start = 0; start < flat.numel(); start += PieceElements)
        {
            using var pieceScope = NewDisposeScope();
            stream.Write(flat.narrow(0, start, Math.Min(PieceElements, flat.numel() - start)).cpu().bytes);
        }
    }

    private void Fill(Span<byte> target, long offset)
    {
        while (target.Length > 0)
        {
            int read = RandomAccess.Read(_file, target, offset);
            if (read == 0)
                throw SafeTensorsHeader.Damaged(_path, $"it ends at byte {offset:N0} while it is read");
            target = target[read..];
            offset += read;
        }
    }
}
