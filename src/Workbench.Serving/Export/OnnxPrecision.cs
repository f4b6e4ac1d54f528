namespace Workbench.Serving.Export;

/// <summary>What an exported model's weights are converted to.</summary>
public enum OnnxPrecision
{
    /// <summary>
    /// Weights of matrix products and embedding tables in 8 bit with a scale a column, inputs of the products quantised
    /// by the values of each call (dynamic). A quarter of the size; faster on CPUs where the products are large.
    /// </summary>
    Int8,
    /// <summary>Weights and nodes in 16 bit floating point, inputs and outputs as before. Half the size; faster on GPUs, not on CPUs.</summary>
    Float16,
}
