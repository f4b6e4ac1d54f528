namespace Workbench.Training;

/// <summary>Training cannot go on: the native engine or the device is missing, or the loss is no number.</summary>
public sealed class TrainingException(string message, Exception? innerException = null) : WorkbenchException(message, innerException);
