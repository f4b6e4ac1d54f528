using System.Text;
using Workbench.Core.Tests.Registry;
using Workbench.Data;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.Core.Tests.Training;

public sealed class SafeTensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SafeTensorsFileTests() => TorchRuntime.EnsureAvailable();

    private string Path => System.IO.Path.Combine(_folder.Path, "w.safetensors");

    [Fact]
    public void Write_SmallTensors_GivesTheBytesOfTheWriterInMemory()
    {
        using var scope = NewDisposeScope();
        SafeTensorsFile.Write(Path, [("a", tensor(new float[] { 1, 2, 3 })), ("b", tensor(new long[] { 4, 5 }))]);
        var expected = SafeTensors.Write(
        [
            new() { Name = "a", Type = "F32", Shape = [3], Data = new byte[] { 0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64 } },
            new() { Name = "b", Type = "I64", Shape = [2], Data = new byte[] { 4, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0 } },
        ]);
        Assert.Equal(expected, File.ReadAllBytes(Path));
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    public void CopyTo_Written_GivesTheSameTensor(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var values = (arange(24).reshape(4, 6) % 5).to_type(type);
        SafeTensorsFile.Write(Path, [("values", values.t()), ("scalar", values.select(0, 1).select(0, 1)), ("none", zeros([0, 3], type))]);
        using var file = SafeTensorsFile.Open(Path);
        var (copy, scalar, none) = (zeros([6, 4], type), zeros([], type), zeros([0, 3], type));
        file.CopyTo("values", copy);
        file.CopyTo("scalar", scalar);
        file.CopyTo("none", none);
        Assert.True(copy.eq(values.t()).all().item<bool>());
        Assert.True(scalar.eq(values.select(0, 1).select(0, 1)).all().item<bool>());
    }

    [Fact]
    public void CopyTo_LongerThanAPiece_ConvertsEveryPart()
    {
        using var scope = NewDisposeScope();
        var values = arange((4L << 20) + 3, dtype: ScalarType.Int32).to_type(ScalarType.Byte);
        SafeTensorsFile.Write(Path, [("values", values)], new Dictionary<string, string> { ["format"] = "pt" });
        using var file = SafeTensorsFile.Open(Path);
        var target = empty([values.numel()], ScalarType.Float32);
        file.CopyTo("values", target);
        Assert.True(target.eq(values.to_type(ScalarType.Float32)).all().item<bool>());
        Assert.Equal("pt", file.Metadata["format"]);
    }

    [Fact]
    public void CopyTo_TargetThatIsNotContiguous_FillsIt()
    {
        using var scope = NewDisposeScope();
        var values = arange(12, dtype: ScalarType.Float32).reshape(3, 4);
        SafeTensorsFile.Write(Path, [("values", values)]);
        using var file = SafeTensorsFile.Open(Path);
        var target = zeros([4, 3]).t();
        file.CopyTo("values", target);
        Assert.True(target.eq(values).all().item<bool>());
    }

    [Fact]
    public void CopyTo_BeyondTwoGigabytes_ReadsTheRightPlace()
    {
        const long Big = 3_000_000_000;
        byte[] header = Encoding.UTF8.GetBytes($$$"""
            {"big":{"dtype":"U8","shape":[{{{Big}}}],"data_offsets":[0,{{{Big}}}]},"small":{"dtype":"F32","shape":[2],"data_offsets":[{{{Big}}},{{{Big + 8}}}]}}
            """);
        using (var stream = File.Create(Path))   // sparse: the hole takes no space
        {
            stream.Write(BitConverter.GetBytes((ulong)header.Length));
            stream.Write(header);
            stream.Position += Big;
            stream.Write([0, 0, 128, 63, 0, 0, 0, 64]);
        }
        using var scope = NewDisposeScope();
        using var file = SafeTensorsFile.Open(Path);
        var small = zeros(2);
        file.CopyTo("small", small);
        Assert.Equal([1f, 2f], small.data<float>().ToArray());
    }

    [Fact]
    public void CopyTo_WrongNameOrShape_SaysSo()
    {
        using var scope = NewDisposeScope();
        SafeTensorsFile.Write(Path, [("weight", ones(2))]);
        using var file = SafeTensorsFile.Open(Path);
        Assert.Contains("Did you mean 'weight'?", Assert.Throws<ArgumentException>(() => file.CopyTo("weigth", ones(2))).Message);
        Assert.Contains("is [2] and the target [3]", Assert.Throws<ArgumentException>(() => file.CopyTo("weight", ones(3))).Message);
    }

    [Fact]
    public void CopyTo_FileCutWhileOpen_SaysWhere()
    {
        using var scope = NewDisposeScope();
        SafeTensorsFile.Write(Path, [("weight", ones(2))]);
        using var file = SafeTensorsFile.Open(Path);
        using (var stream = new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            stream.SetLength(stream.Length - 4);
        Assert.Contains("it ends at byte", Assert.Throws<DataException>(() => file.CopyTo("weight", ones(2))).Message);
    }

    [Fact]
    public void Open_CutOrMissing_Refuses()
    {
        Assert.Contains("Cannot read", Assert.Throws<DataException>(() => SafeTensorsFile.Open(Path)).Message);
        File.WriteAllBytes(Path, [1, 2, 3]);
        Assert.Contains("it has 3 bytes", Assert.Throws<DataException>(() => SafeTensorsFile.Open(Path)).Message);
    }

    [Fact]
    public void Write_SameNameTwice_Refuses()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("'w'", Assert.Throws<ArgumentException>(() => SafeTensorsFile.Write(Path, [("w", ones(1)), ("w", ones(1))])).Message);
        Assert.False(File.Exists(Path));
    }

    public void Dispose() => _folder.Dispose();
}
