namespace Workbench.Serving.Export;

/// <summary>Type of a tensor's elements, with ONNX's own numbers.</summary>
public enum OnnxType
{
    /// <summary>32 bit floating point.</summary>
    Float = 1,
    /// <summary>8 bit without sign.</summary>
    UInt8 = 2,
    /// <summary>8 bit with sign.</summary>
    Int8 = 3,
    /// <summary>32 bit with sign.</summary>
    Int32 = 6,
    /// <summary>64 bit with sign; token ids, indices and shapes.</summary>
    Int64 = 7,
    /// <summary>Text.</summary>
    String = 8,
    /// <summary>True or false; masks.</summary>
    Bool = 9,
    /// <summary>16 bit floating point.</summary>
    Float16 = 10,
    /// <summary>64 bit floating point.</summary>
    Double = 11,
}
