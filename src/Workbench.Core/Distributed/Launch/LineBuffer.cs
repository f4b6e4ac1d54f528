namespace Workbench.Distributed.Launch;

/// <summary>Cuts what a socket brings into lines. Not thread-safe.</summary>
internal sealed class LineBuffer
{
    private byte[] _bytes = new byte[4096];
    private int _length;

    /// <summary>Bytes of the line that has begun.</summary>
    public int Pending => _length;

    /// <summary>Room for the next bytes; say how many came with <see cref="Take"/>.</summary>
    public Memory<byte> Room()
    {
        if (_length == _bytes.Length)
            Array.Resize(ref _bytes, _bytes.Length * 2);
        return _bytes.AsMemory(_length);
    }

    /// <summary>The lines that are whole now, without their ends.</summary>
    public List<byte[]> Take(int added)
    {
        _length += added;
        var lines = new List<byte[]>();
        var start = 0;
        for (int end; (end = Array.IndexOf(_bytes, (byte)'\n', start, _length - start)) >= 0; start = end + 1)
            lines.Add(_bytes[start..end]);
        Array.Copy(_bytes, start, _bytes, 0, _length - start);
        _length -= start;
        return lines;
    }
}
