namespace Workbench.Training;

/// <summary>What one rank computes of a batch at a time.</summary>
/// <param name="Rows">The rows; never none, so that every rank does what all do together.</param>
/// <param name="Weight">What their mean loss counts for; 0 where a batch has fewer rows than there are parts, and a row was borrowed.</param>
internal readonly record struct BatchPart(Batch Rows, double Weight);
