using Microsoft.ML.OnnxRuntime;
using Workbench.Data;

namespace Workbench.Serving.Export;

/// <summary>A model file in ONNX Runtime, one thread, for comparing.</summary>
internal sealed class OnnxRuns : IDisposable
{
    private readonly InferenceSession _session;

    /// <exception cref="DataException">ONNX Runtime does not take the file.</exception>
    public OnnxRuns(string path)
    {
        try
        {
            using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            _session = new(path, options);
        }
        catch (OnnxRuntimeException failure)
        {
            throw new DataException($"ONNX Runtime does not take the exported model: {failure.Message} The file was not written; correct the nodes that {nameof(IOnnxExportable.ToOnnx)} adds, or report the module's layers.", failure);
        }
    }

    /// <summary>Names of the outputs in order.</summary>
    public IReadOnlyList<string> Outputs => _session.OutputNames;

    /// <summary>Names of the inputs in order.</summary>
    public IReadOnlyList<string> Inputs => _session.InputNames;

    /// <exception cref="DataException">A node does not take its values.</exception>
    public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs)
    {
        var values = inputs.Select(input => input.ToOrt()).ToList();
        try
        {
            using var options = new RunOptions();
            using var results = _session.Run(options, [.. _session.InputNames], values, [.. _session.OutputNames]);
            return [.. results.Select(OnnxValue.Of)];
        }
        catch (OnnxRuntimeException failure)
        {
            throw new DataException($"The exported model fails on inputs of [{string.Join("], [", inputs.Select(input => string.Join(", ", input.Shape)))}]: {failure.Message}", failure);
        }
        finally
        {
            values.ForEach(value => value.Dispose());
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
