namespace Workbench.Registry;

/// <summary>Where a version keeps what the gate, serving and monitoring need. All but the first are optional.</summary>
public static class ModelFiles
{
    /// <summary>The exported model.</summary>
    public const string Onnx = "model.onnx";
    /// <summary>Folder of rows that training never saw, as TabularData saves them: the gate compares on them.</summary>
    public const string Holdout = "holdout";
    /// <summary>Folder of the rows that training saw: the reference of the drift check.</summary>
    public const string Reference = "reference";
    /// <summary>Tag that holds the hash of the trained weights.</summary>
    public const string WeightsHashTag = "weights_hash";
}
