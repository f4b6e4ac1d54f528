using System.IO.Compression;
using System.Text;
using Workbench.Drift.Sources;

namespace Workbench.Core.Tests.Drift.Sources;

public sealed class GzipFileTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void IsWhole_FileOfTwoMembersCutAnywhereElseThanBetweenThem_IsFalse()
    {
        byte[] first = Packed(0, 300), second = Packed(300, 300), both = [.. first, .. second];
        var whole = Enumerable.Range(1, both.Length).Where(length => IsWhole(both[..length]));

        Assert.Equal([first.Length, both.Length], whole);
    }

    [Fact]
    public void IsWhole_WrongBytesOrOthersBehindTheEnd_IsFalse()
    {
        byte[] one = Packed(0, 5_000), hurt = [.. one];
        hurt[one.Length / 2] ^= 0x55;

        Assert.True(IsWhole(one));
        Assert.False(IsWhole(hurt));
        Assert.False(IsWhole([.. one, 1, 2, 3]));
        Assert.False(IsWhole(Encoding.UTF8.GetBytes("x,y\n1,2\n")));
    }

    private bool IsWhole(byte[] content)
    {
        File.WriteAllBytes(_file, content);
        return GzipFile.IsWhole(_file, TestContext.Current.CancellationToken);
    }

    private static byte[] Packed(int from, int count)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Optimal))
            stream.Write(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(from, count).Select(i => i * 2654435761L % 1_000_003)) + "\n"));
        return packed.ToArray();
    }
}
