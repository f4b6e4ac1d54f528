using System.Text;
using CsCheck;
using Workbench.Data;
using Workbench.Training;

namespace Workbench.Core.Tests.Training;

public sealed class SafeTensorsTests
{
    private static readonly Gen<SafeTensor> AnyTensor =
        from name in Gen.String[Gen.Char.AlphaNumeric, 1, 12]
        from shape in Gen.Long[0, 4].Array[0, 4]
        let bytes = (int)shape.Aggregate(4L, (product, size) => product * size)
        from data in Gen.Byte.Array[bytes]
        select new SafeTensor { Name = name, Type = "F32", Shape = shape, Data = data };

    [Fact]
    public void Read_Written_GivesTheSameTensors() =>
        AnyTensor.Array[0, 6].Where(tensors => tensors.DistinctBy(tensor => tensor.Name).Count() == tensors.Length).Sample(tensors =>
        {
            var read = SafeTensors.Read(SafeTensors.Write(tensors), "memory").ToDictionary(tensor => tensor.Name);
            return read.Count == tensors.Length && tensors.All(tensor =>
                read[tensor.Name].Shape.SequenceEqual(tensor.Shape) && read[tensor.Name].Data.Span.SequenceEqual(tensor.Data.Span));
        }, iter: 200);

    // The bytes follow the format's description by hand: https://github.com/huggingface/safetensors#format
    [Fact]
    public void Write_OneTensor_WritesTheDocumentedBytes()
    {
        byte[] file = SafeTensors.Write([new() { Name = "w", Type = "F32", Shape = [2], Data = new byte[] { 0, 0, 128, 63, 0, 0, 0, 64 } }]);
        const string Header = """{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";
        byte[] expected = [56, 0, 0, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(Header.PadRight(56)), 0, 0, 128, 63, 0, 0, 0, 64];
        Assert.Equal(expected, file);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 8, "'b' lies at 2 to 6")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "'a' lies at 4 to 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "4 bytes belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 8, "'a' lies at 0 to 16")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "takes 12 bytes and has 8")]
    [InlineData("""{"a":{"dtype":"F7","shape":[2],"data_offsets":[0,8]}}""", 8, "unknown type 'F7'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "impossible shape [-2]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2000000000,2000000000,2000000000],"data_offsets":[0,8]}}""", 8, "impossible shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", 8, "data_offsets needs two numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", 8, "'a' lies at -8 to 0")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", 8, "header is not readable")]
    [InlineData("""[1,2]""", 0, "header is not readable")]
    [InlineData("""{"a":""", 0, "header is not readable")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "names a tensor twice")]
    public void Read_Damaged_SaysWhatIsWrong(string header, int dataBytes, string expected)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] file = [.. BitConverter.GetBytes((ulong)text.Length), .. text, .. new byte[dataBytes]];
        Assert.Contains(expected, Assert.Throws<DataException>(() => SafeTensors.Read(file, "w.safetensors")).Message);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 }, "it has 3 bytes")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 123, 125 }, "its header claims")]
    [InlineData(new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, 123, 125 }, "its header claims 3 bytes and 2 follow")]
    public void Read_HeaderBeyondTheFile_Refuses(byte[] file, string expected) =>
        Assert.Contains(expected, Assert.Throws<DataException>(() => SafeTensors.Read(file, "w.safetensors")).Message);

    [Fact]
    public void Read_Metadata_IsPassedOver()
    {
        byte[] text = Encoding.UTF8.GetBytes("""{"__metadata__":{"format":"pt"},"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}""");
        var tensor = Assert.Single(SafeTensors.Read((byte[])[.. BitConverter.GetBytes((ulong)text.Length), .. text, 9], "w"));
        Assert.Equal(9, tensor.Data.Span[0]);
        Assert.Empty(tensor.Shape);
    }

    [Fact]
    public void Write_SameNameTwice_Refuses()
    {
        var tensor = new SafeTensor { Name = "w", Type = "U8", Shape = [1], Data = new byte[1] };
        Assert.Contains("'w'", Assert.Throws<ArgumentException>(() => SafeTensors.Write([tensor, tensor])).Message);
    }
}
