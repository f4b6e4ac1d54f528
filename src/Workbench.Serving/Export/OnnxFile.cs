using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using Workbench.Data;
using Workbench.Serving.Export.Proto;

namespace Workbench.Serving.Export;

/// <summary>
/// A model on its way to disk: written into a folder beside its place, checked there, then moved in one step. Weights in a
/// file of their own are named by their content, so that a model and its weights always belong together whatever fails.
/// </summary>
internal sealed class OnnxFile : IDisposable
{
    /// <summary>Bytes from which a file needs its weights outside; protobuf's limit less some for nodes.</summary>
    private const long LargestSingleFile = int.MaxValue - (64L << 20);

    /// <summary>Weights smaller than this stay in the model, as ONNX's own tools have it.</summary>
    private const int SmallWeight = 1024;

    /// <summary>Weights begin at whole pages, so that runtimes can map them.</summary>
    private const int Page = 4096;

    private readonly ModelProto _model;
    private readonly string _target;
    private readonly string _folder;
    private string? _data;

    /// <summary>Writes a model into its folder.</summary>
    public OnnxFile(ModelProto model, string path, bool externalData)
    {
        (_model, _target) = (model, System.IO.Path.GetFullPath(path));
        string parent = System.IO.Path.GetDirectoryName(_target) ?? throw new ArgumentException($"'{path}' is a folder's name, not a file's.", nameof(path));
        _folder = System.IO.Path.Combine(parent, $".{System.IO.Path.GetFileName(_target)}.{Guid.NewGuid():N}.tmp");
        Directory.CreateDirectory(_folder);
        if (externalData || model.Graph.Initializer.Sum(weight => (long)weight.RawData.Length) > LargestSingleFile)
            WriteWeights();
        WriteModel();
    }

    /// <summary>Where the model lies until it is moved.</summary>
    public string Path => System.IO.Path.Combine(_folder, System.IO.Path.GetFileName(_target));

    /// <summary>A model of a graph.</summary>
    public static ModelProto Model(OnnxGraph graph)
    {
        var model = new ModelProto
        {
            IrVersion = IrVersionFor(graph.Opset),
            ProducerName = "workbench",
            ProducerVersion = typeof(OnnxFile).Assembly.GetName().Version?.ToString(3) ?? "",
            Graph = graph.Proto,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = graph.Opset } },
        };
        if (graph.Proto.Node.Any(node => node.Domain == OnnxGraph.MachineLearning))
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = OnnxGraph.MachineLearning, Version = 3 });
        return model;
    }

    /// <summary>A model of a file, with weights that lie in another one read in.</summary>
    /// <param name="path">The file.</param>
    /// <param name="size">Bytes of both.</param>
    /// <exception cref="DataException">It is missing, damaged, or its weights are.</exception>
    public static ModelProto Read(string path, out long size)
    {
        if (!File.Exists(path))
            throw new DataException($"The model file '{path}' does not exist. Export the model first.") { Origin = path };
        try
        {
            using var stream = File.OpenRead(path);
            var model = ModelProto.Parser.ParseFrom(stream);
            if (model.Graph is null)
                throw new FormatException("it has no graph.");
            string parent = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;   // a file has one
            size = stream.Length + Weights(path).Sum(name => new FileInfo(System.IO.Path.Combine(parent, name)).Length);
            foreach (var weight in model.Graph.Initializer.Where(weight => weight.DataLocation == TensorProto.Types.DataLocation.External))
                ReadWeight(weight, parent);
            return model;
        }
        catch (Exception failure) when (failure is InvalidProtocolBufferException or IOException or FormatException)
        {
            throw new DataException($"'{path}' is no model that can be read: {failure.Message} Export the model again.", failure) { Origin = path };
        }
    }

    /// <summary>Adds an entry of metadata.</summary>
    public static void Add(ModelProto model, string key, string value) => model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });

    /// <summary>Adds an entry of metadata, as long as it is not in place.</summary>
    public void Add(string key, double value) => Add(_model, key, value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Moves the model into place and removes weights that only the model before it used.</summary>
    /// <returns>Bytes of the model and its weights.</returns>
    public long Commit()
    {
        WriteModel();
        string parent = System.IO.Path.GetDirectoryName(_target)!;   // checked by the constructor
        var stale = Weights(_target).Where(name => name != _data).Select(name => System.IO.Path.Combine(parent, name)).ToList();
        long size = new FileInfo(Path).Length;
        if (_data is not null)
        {
            size += new FileInfo(System.IO.Path.Combine(_folder, _data)).Length;
            File.Move(System.IO.Path.Combine(_folder, _data), System.IO.Path.Combine(parent, _data), overwrite: true);
        }
        File.Move(Path, _target, overwrite: true);
        stale.ForEach(File.Delete);
        return size;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Files beside a model that hold its weights; none when the model is not there or not ours to read.</summary>
    private static IReadOnlyList<string> Weights(string path)
    {
        if (!File.Exists(path))
            return [];
        try
        {
            using var stream = File.OpenRead(path);
            return [.. ModelProto.Parser.ParseFrom(stream).Graph?.Initializer.SelectMany(weight => weight.ExternalData)
                .Where(entry => entry.Key == "location" && System.IO.Path.GetFileName(entry.Value) == entry.Value).Select(entry => entry.Value).Distinct() ?? []];
        }
        catch (InvalidProtocolBufferException)
        {
            return [];   // some other file stood there; it is replaced as asked and nothing else of it is known
        }
    }

    // https://github.com/onnx/onnx/blob/main/docs/Versioning.md, released versions
    private static int IrVersionFor(int opset) => opset switch { <= 14 => 7, <= 18 => 8, _ => OnnxExporter.IrVersion };

    private void WriteModel()
    {
        using var stream = new FileStream(Path, FileMode.Create, FileAccess.Write);
        _model.WriteTo(stream);
        stream.Flush(flushToDisk: true);
    }

    // https://github.com/onnx/onnx/blob/main/docs/ExternalData.md
    private void WriteWeights()
    {
        string unnamed = System.IO.Path.Combine(_folder, "weights");
        var outside = _model.Graph.Initializer.Where(weight => weight.RawData.Length >= SmallWeight).ToList();
        if (outside.Count == 0)
            return;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var stream = new FileStream(unnamed, FileMode.CreateNew, FileAccess.Write))
        {
            foreach (var weight in outside)
            {
                byte[] gap = new byte[(Page - stream.Position % Page) % Page];
                stream.Write(gap);
                weight.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = stream.Position.ToString(CultureInfo.InvariantCulture) });
                weight.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = weight.RawData.Length.ToString(CultureInfo.InvariantCulture) });
                stream.Write(weight.RawData.Span);
                hash.AppendData(gap);
                hash.AppendData(weight.RawData.Span);
                weight.RawData = ByteString.Empty;
                weight.DataLocation = TensorProto.Types.DataLocation.External;
            }
            stream.Flush(flushToDisk: true);
        }
        _data = $"{System.IO.Path.GetFileName(_target)}.{Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}.data";
        foreach (var weight in outside)
            weight.ExternalData.Insert(0, new StringStringEntryProto { Key = "location", Value = _data });
        File.Move(unnamed, System.IO.Path.Combine(_folder, _data));
    }

    private static void ReadWeight(TensorProto weight, string folder)
    {
        string Entry(string key) => weight.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value ?? throw new FormatException($"weight '{weight.Name}' has no {key}.");
        using var stream = File.OpenRead(System.IO.Path.Combine(folder, System.IO.Path.GetFileName(Entry("location"))));
        stream.Position = long.Parse(Entry("offset"), CultureInfo.InvariantCulture);
        byte[] data = new byte[int.Parse(Entry("length"), CultureInfo.InvariantCulture)];
        stream.ReadExactly(data);
        weight.RawData = UnsafeByteOperations.UnsafeWrap(data);
        weight.ExternalData.Clear();
        weight.DataLocation = TensorProto.Types.DataLocation.Default;
    }
}
