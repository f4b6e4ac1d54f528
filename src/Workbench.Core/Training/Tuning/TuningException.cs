namespace Workbench.Training.Tuning;

/// <summary>A search space, a study or a trial is not as it must be; the message says what is wrong and what to do.</summary>
public sealed class TuningException(string message, Exception? innerException = null) : WorkbenchException(message, innerException);
