namespace Workbench.Training;

/// <summary>The numbers that a network computes with. Weights, optimizer and loss stay float32.</summary>
public enum TrainingPrecision
{
    /// <summary>float32 throughout.</summary>
    Float32,
    /// <summary>bfloat16 where libtorch's autocast finds it safe: half the memory, float32's range, 8 bits of precision.</summary>
    BFloat16,
    /// <summary>float16 where autocast finds it safe, with a scaled loss so that small gradients do not vanish; steps whose gradients overflow are skipped.</summary>
    Float16,
}
