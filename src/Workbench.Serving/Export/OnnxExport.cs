namespace Workbench.Serving.Export;

/// <summary>An ONNX file that was written, and how closely it agrees with the network it came from.</summary>
public sealed record OnnxExport
{
    /// <summary>Full path of the file.</summary>
    public required string Path { get; init; }
    /// <summary>Version of ONNX's own operator set.</summary>
    public required int Opset { get; init; }
    /// <summary>Version of the ONNX intermediate representation.</summary>
    public required int IrVersion { get; init; }
    /// <summary>Largest difference of an output between the trained model and ONNX Runtime over the checked rows; of a regression or forecast in standard deviations of the training values.</summary>
    public required double MaxAbsoluteDifference { get; init; }
    /// <summary>Random rows that both were asked about; of a tabular model some with missing numbers and unseen categories.</summary>
    public required int RowsChecked { get; init; }
    /// <summary>Hash of the model's weights, as the model has it.</summary>
    public required string WeightsHash { get; init; }
    /// <summary>Bytes of the file, and of its weights where they lie in one of their own.</summary>
    public required long SizeBytes { get; init; }
}
